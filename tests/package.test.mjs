// SPDX-License-Identifier: MIT
// The package as npm publishes it, unpacked in a folder elsewhere with only its own dependencies beside it.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** @type {string} the project that has the package installed */
let project;
/** @type {string} */
let installed;
/** @type {string[]} the tarball's files */
let files;

before(() => {
  project = mkdtempSync(join(realpathSync(tmpdir()), "kapok-package-"));
  const args = ["pack", "--json", "--pack-destination", project];
  const [{ filename, files: list }] = JSON.parse(execFileSync("npm", args, { cwd: root, encoding: "utf8" }));
  files = list.map((/** @type {{ path: string }} */ { path }) => path);
  installed = join(project, "node_modules/kapok");
  mkdirSync(join(project, "node_modules/.bin"), { recursive: true });
  execFileSync("tar", ["xzf", filename], { cwd: project });
  execFileSync("mv", ["package", installed], { cwd: project });
  for (const name of Object.keys(manifest.dependencies)) {
    mkdirSync(dirname(join(project, "node_modules", name)), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(project, "node_modules", name));
  }
  symlinkSync(`../kapok/${manifest.bin.kapok}`, join(project, "node_modules/.bin/kapok"));
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
});
after(() => rmSync(project, { recursive: true, force: true }));

test("holds what it needs and nothing else", () => {
  const strange = files.filter(
    (path) => !/^(js|src|types|wasm|web)\/|^dist\/cjson\/cJSON\.[ch]$|^[\w.]+$/.test(path),
  );
  assert.deepEqual(strange, []);
  assert.deepEqual(files.filter((path) => !path.includes("/")).sort(), [
    "LICENSE",
    "README.md",
    "package.json",
  ]);
  assert.deepEqual(
    files.filter(
      (path) => /(^|\/)\.|test|\.(tgz|log|o|a)$/.test(path) && !/^(js|types\/js)\/testing\//.test(path),
    ),
    [],
  );
  for (const path of [
    "js/cli/main.js",
    "src/include/kapok.h",
    "src/core/task.c",
    "web/index.html",
    "wasm/abi.json",
  ])
    assert.ok(files.includes(path), path);
  assert.match(
    readFileSync(join(installed, "dist/cjson/cJSON.h"), "utf8"),
    /Copyright[^]*Permission is hereby granted/,
  );
  assert.deepEqual(
    Object.keys(manifest.scripts).filter((name) => /install|^prepare$/.test(name)),
    [],
  );
});

test("each export is there, with its types", () => {
  const targets = Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" ? target : Object.values(target),
  );
  for (const target of targets)
    assert.ok(existsSync(join(installed, target.replace("*", "kapok.h"))), target);
  const names = Object.keys(manifest.exports).filter((name) => !/\.css|\.json|\*/.test(name));
  const program = `
    const modules = await Promise.all(${JSON.stringify(names)}.map((name) => import("kapok" + name.slice(1))));
    console.log(JSON.stringify(modules.map(Object.keys)));
  `;
  const args = ["--input-type=module", "-e", program];
  const exported = JSON.parse(execFileSync(process.execPath, args, { cwd: project, encoding: "utf8" }));
  assert.equal(exported.length, names.length);
  for (const [i, name] of names.entries()) {
    assert.ok(!exported[i].includes("default"), `${name} has a default export`);
    assert.ok(exported[i].length, name);
  }
  assert.ok(exported[names.indexOf("./runtime")].includes("mount"));
  assert.ok(exported[names.indexOf("./vite")].includes("kapok"));
});

test("its types hold what they say", () => {
  writeFileSync(
    join(project, "page.ts"),
    `import { mount } from "kapok/runtime";
     import { kapok } from "kapok/vite";
     import "kapok/testing";
     const app = await mount({ app: "a.wasm", root: document.body });
     const status: number = await app.exited;
     kapok({ toolchain: "embedded", dev: status > 0 });
     // @ts-expect-error: a page needs a root
     mount({ app: "a.wasm" });
     // @ts-expect-error: no such option
     kapok({ toolchian: "embedded" });`,
  );
  const options = [
    "--strict",
    "--noEmit",
    "--skipLibCheck",
    "--module",
    "nodenext",
    "--target",
    "es2023",
    "--types",
    "",
  ];
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, "node_modules/typescript/bin/tsc"), ...options, "page.ts"],
    {
      cwd: project,
      encoding: "utf8",
    },
  );
  assert.equal(status, 0, stdout);
});

test("npx kapok build main.c", () => {
  writeFileSync(
    join(project, "main.c"),
    `#include <cjson/cJSON.h>
     #include <kapok.h>
     int main(void) { kp_add(kp_page, kp_text(cJSON_PrintUnformatted(cJSON_CreateTrue()))); }`,
  );
  assert.ok(statSync(join(installed, manifest.bin.kapok)).mode & 0o100, "can be run");
  const { status, stdout, stderr } = spawnSync("npx", ["--no", "kapok", "build", "main.c", "--out", "site"], {
    cwd: project,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /"site" is ready/);
  assert.ok(existsSync(join(project, "site/index.html")));
});
