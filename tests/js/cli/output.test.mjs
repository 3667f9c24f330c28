// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checkOutput, listFiles, writeSite } from "../../../js/cli/output.js";
import { folder } from "./folder.mjs";

const app = { name: "a", title: "A", folder: "/", sources: [], page: null, assets: null };
const site = new Map([
  ["index.html", "<p>new</p>"],
  ["sub/app.wasm", "wasm"],
]);

test("a site is written whole, with its assets and a mark", async (t) => {
  const path = folder(t, { "assets/a b/picture.svg": "<svg/>" });
  const out = join(path, "deep/er/out");
  await writeSite(out, site, join(path, "assets"));
  assert.deepEqual(listFiles(out), [".kapok", "assets/a b/picture.svg", "index.html", "sub/app.wasm"]);
  assert.deepEqual(readdirSync(join(path, "deep/er")), ["out"], "no temporary folder is left");
});

test("our own folder is replaced as a whole", async (t) => {
  const out = join(folder(t), "out");
  await writeSite(out, new Map([["old.js", "1"]]), null);
  await checkOutput(out, app);
  await writeSite(out, site, null);
  assert.deepEqual(listFiles(out), [".kapok", "index.html", "sub/app.wasm"]);
});

test("what is not ours is refused, with cause and cure, and left alone", async (t) => {
  const path = folder(t, { file: "x", "full/thesis.txt": "x", "forged/.kapok": "x", "assets/a.png": "" });
  const mixed = join(path, "mixed");
  await writeSite(mixed, site, null);
  writeFileSync(join(mixed, "CNAME"), "example.org");
  mkdirSync(join(path, "empty"));
  symlinkSync(join(path, "empty"), join(path, "link"));
  const before = listFiles(path);
  /** @type {[string, RegExp][]} */
  const cases = [
    ["file", /is a file, not a folder/],
    ["file/out", /part of its path is not a folder/],
    ["full", /not empty and was not made by kapok/],
    ["forged", /not empty and was not made by kapok/],
    ["mixed", /not all in it was made by kapok: "CNAME"/],
    ["link", /is a symbolic link/],
    ["assets/out", /inside the app's assets/],
  ];
  for (const [name, cause] of cases)
    await assert.rejects(
      checkOutput(join(path, name), { ...app, assets: join(path, "assets") }),
      (/** @type {any} */ error) => cause.test(error.message) && error.cure.length > 0,
      name,
    );
  await assert.rejects(checkOutput(".", app), /is the current folder or contains it/);
  await assert.rejects(checkOutput("/", app), /is the current folder or contains it/);
  assert.deepEqual(listFiles(path), before);
  await checkOutput(join(path, "empty"), app);
});

test("a link out of the assets is refused, one within them is followed", async (t) => {
  const path = folder(t, { "secret.txt": "secret", "assets/a.txt": "a", "other/b.txt": "b" });
  symlinkSync("a.txt", join(path, "assets/link.txt"));
  const out = join(path, "out");
  await writeSite(out, site, join(path, "assets"));
  assert.equal(readFileSync(join(out, "assets/link.txt"), "utf8"), "a");
  for (const target of ["../secret.txt", "../other"]) {
    symlinkSync(target, join(path, "assets/out"));
    await assert.rejects(writeSite(out, site, join(path, "assets")), /link to something outside the assets/);
    rmSync(join(path, "assets/out"));
  }
  assert.deepEqual(readdirSync(path).sort(), ["assets", "other", "out", "secret.txt"]);
});

test("what cannot be copied from the assets is named", async (t) => {
  const path = folder(t, { "assets/in/a.txt": "a" });
  const odd = join(path, "assets/in/odd");
  /** @type {[() => void, RegExp][]} */
  const cases = [
    [() => symlinkSync("..", odd), /in\/odd" is a link to a folder that it is in/],
    [() => symlinkSync("none", odd), /in\/odd": it does not exist/],
    [() => execFileSync("mkfifo", [odd]), /in\/odd" is a device, a pipe or a socket/],
  ];
  for (const [make, cause] of cases) {
    make();
    await assert.rejects(
      writeSite(join(path, "out"), site, join(path, "assets")),
      (/** @type {any} */ error) => cause.test(error.message) && error.cure.length > 0,
    );
    rmSync(odd);
  }
  assert.deepEqual(readdirSync(path), ["assets"]);
});

test("what was put into the folder during the build is not lost", async (t) => {
  const path = folder(t);
  const out = join(path, "out");
  await writeSite(out, site, null);
  await checkOutput(out, app);
  writeFileSync(join(out, "thesis.txt"), "x");
  await assert.rejects(writeSite(out, new Map([["index.html", "later"]]), null), /not all in it was made by/);
  assert.deepEqual(
    listFiles(path),
    [".kapok", "index.html", "sub/app.wasm", "thesis.txt"].map((f) => `out/${f}`),
  );
  assert.equal(readFileSync(join(out, "index.html"), "utf8"), "<p>new</p>");
});

test("a write that fails leaves the last good site", async (t) => {
  const path = folder(t);
  const out = join(path, "out");
  await writeSite(out, site, null);
  const tooLong = new Map([
    ["index.html", "bad"],
    ["x".repeat(300), "bad"],
  ]);
  await assert.rejects(writeSite(out, tooLong, null), /the name is too long/);
  assert.equal(readFileSync(join(out, "index.html"), "utf8"), "<p>new</p>");
  assert.deepEqual(readdirSync(path), ["out"]);
});

test("a write that is interrupted leaves the last good site and no rubbish", async (t) => {
  const path = folder(t);
  const out = join(path, "out");
  await writeSite(out, site, null);
  const program = `
    import { writeSite } from ${JSON.stringify(new URL("../../../js/cli/output.js", import.meta.url))};
    process.once("SIGINT", () => process.exit(130));
    const site = new Map(Array.from({ length: 100000 }, (_, i) => ["file" + i, "bad"]));
    const watch = setInterval(() => process.stdout.write("."), 5);
    await writeSite(${JSON.stringify(out)}, site, null);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  while (readdirSync(path).length < 2) await once(child.stdout, "data");
  child.kill("SIGINT");
  assert.deepEqual(await once(child, "exit"), [130, null]);
  assert.deepEqual(readdirSync(path), ["out"]);
  assert.equal(readFileSync(join(out, "index.html"), "utf8"), "<p>new</p>");
  assert.ok(existsSync(join(out, ".kapok")));
});

test("a place that cannot be written is named, with a cure", async (t) => {
  // Not even the superuser makes folders there.
  await assert.rejects(writeSite("/proc/kapok/out", site, null), (/** @type {any} */ error) => {
    assert.match(error.message, /^"\/proc\/kapok\/out": .*\(E[A-Z]+\)\.$/);
    return error.cure.length > 0;
  });
});
