// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { folder } from "./folder.mjs";
import { kapok, main } from "./kapok.mjs";

test("help names every command and option; the bare command is a call for help", async () => {
  const [bare, help, build, run] = await Promise.all(
    [[], ["--help"], ["build", "--help"], ["run", "-h"]].map((args) => kapok(args)),
  );
  assert.deepEqual(bare, help);
  assert.equal(help.code, 0);
  assert.equal(help.stderr, "");
  for (const word of ["build", "run", "--help", "--version"]) assert.ok(help.stdout.includes(word), word);
  for (const word of ["--out", "--base", "--toolchain", "emscripten", "--report", "--quiet"])
    assert.ok(build.stdout.includes(word), word);
  for (const word of ["--port", "--toolchain", "4173"]) assert.ok(run.stdout.includes(word), word);
});

test("the version is the package's", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
  assert.ok((await kapok(["--version"])).stdout.startsWith(`kapok/${version} `));
});

test("a wrong command line: exit code 2, cause and cure, nothing built", async (t) => {
  const cwd = folder(t, { "a.c": "int main;", "b.c": "" });
  /** @type {[string[], RegExp, RegExp][]} */
  const cases = [
    [["biuld", "a.c"], /no command "biuld"/, /kapok --help/],
    [["--frobnicate"], /Unknown option `--frobnicate`/, /kapok --help/],
    [["build"], /Which app\?/, /kapok build --help/],
    [["build", "a.c", "--frobnicate"], /Unknown option `--frobnicate`/, /kapok build --help/],
    [["build", "a.c", "b.c"], /Unused args: `b.c`/, /kapok build --help/],
    [["build", "a.c", "--", "b.c"], /One app at a time, not 2/, /kapok build --help/],
    [["build", "a.c", "--out"], /`--out <folder>` value is missing/, /kapok build --help/],
    [["build", "a.c", "--out", "x", "--out", "y"], /--out was given twice/, /kapok build --help/],
    [["run", "a.c", "--host", "0.0.0.0"], /Unknown option `--host`/, /kapok run --help/],
    [["run"], /Which app\?/, /kapok run --help/],
  ];
  await Promise.all(
    cases.map(async ([args, cause, cure]) => {
      const { code, stdout, stderr } = await kapok(args, { cwd });
      assert.match(stderr, cause);
      assert.match(stderr, cure);
      assert.equal(code, 2, args.join(" "));
      assert.equal(stdout, "");
    }),
  );
});

test("a wrong value: exit code 1, cause and cure", async (t) => {
  const cwd = folder(t, { "a.c": "int main;" });
  /** @type {[string[], RegExp, RegExp][]} */
  const cases = [
    [["build", "none.c"], /no file or folder "none.c"/, /Check the name/],
    [["build", "a.c", "--base", "repo"], /--base "repo" is not the address of a folder/, /\/my-site\//],
    ...["//", "//x.org/", "/a?b/", "/a#b/", "/a%zz/", '/a"b/', "/a&b/", "https://a b/", "https:///"].map(
      (base) =>
        /** @type {[string[], RegExp, RegExp]} */ ([
          ["build", "a.c", `--base=${base}`],
          /--base ".*" is not the address of a folder/,
          /\/my-site\//,
        ]),
    ),
    [["build", "a.c", "--out", "."], /"\." is the current folder/, /--out/],
    [["run", "a.c", "--port", "http"], /--port "http" is not a port/, /0 to 65535/],
    [["run", "a.c", "--port", "65536"], /--port "65536" is not a port/, /0 to 65535/],
    [["run", "a.c", "--port=-1"], /--port "-1" is not a port/, /0 to 65535/],
    [["run", "none.c"], /no file or folder "none.c"/, /Check the name/],
    [["build", "a.c", "--toolchain", "gcc"], /no toolchain "gcc"/, /auto, emscripten, wasi, embedded/],
    [["run", "a.c", "--toolchain", "gcc"], /no toolchain "gcc"/, /auto, emscripten, wasi, embedded/],
  ];
  await Promise.all(
    cases.map(async ([args, cause, cure]) => {
      const { code, stderr } = await kapok(args, { cwd });
      assert.match(stderr, cause);
      assert.match(stderr, cure);
      assert.equal(code, 1, args.join(" "));
      assert.doesNotMatch(stderr, /\n {4}at /, "no stack trace");
    }),
  );
});

test("colours are for terminals", async (t) => {
  const { stderr } = await kapok(["build", join(folder(t), "none.c")], {
    env: { ...process.env, TERM: "xterm-256color" },
  });
  assert.doesNotMatch(stderr, /\x1b/);
});

test("an environment that will not do: cause and cure", async (t) => {
  const cwd = folder(t, { "a.c": "int main;", "package.json": '{ "engines": { "node": ">=20.19" } }' });
  cpSync(dirname(main), join(cwd, "js/cli"), { recursive: true });
  mkdirSync(join(cwd, "gone"));
  const node = process.execPath;
  const old = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.18.3" } })`;
  const preload = `--import=data:text/javascript,${encodeURIComponent(old)}`;
  const removed = ["sh", "-c", `rmdir ../gone; exec "$0" "$@"`, node];
  const env = { ...process.env, TMPDIR: join(cwd, "none") };
  const noTemporary = /No temporary files can be made in ".*none": it does not exist/;
  /** @type {[string[], import("node:child_process").SpawnSyncOptions, RegExp, RegExp][]} */
  const cases = [
    [[node, preload, main, "build", "a.c"], { cwd }, /Node\.js 20\.18\.3, .*too old/, /20\.19 or newer/],
    [[node, "js/cli/main.js", "build", "a.c"], { cwd }, /npm package "cac" is missing/, /npm install/],
    [
      [...removed, main, "build", "a.c"],
      { cwd: join(cwd, "gone") },
      /current folder is there no more/,
      /Change/,
    ],
    [[node, main, "build", "a.c"], { cwd, env }, noTemporary, /Set TMPDIR/],
    [[node, main, "run", "a.c"], { cwd, env }, noTemporary, /Set TMPDIR/],
  ];
  for (const [[program, ...args], options, cause, cure] of cases) {
    const { status, stderr } = spawnSync(program, args, { ...options, encoding: "utf8" });
    assert.match(stderr, cause);
    assert.match(stderr, cure);
    assert.doesNotMatch(stderr, /\n {4}at /, "no stack trace");
    assert.equal(status, 1, stderr);
  }
});
