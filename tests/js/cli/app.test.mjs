// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findApp, humanised } from "../../../js/cli/app.js";
import { folder } from "./folder.mjs";

test("a file is an app named after it", async (t) => {
  const path = folder(t, { "my_clock.c": "int main;" });
  assert.deepEqual(await findApp(join(path, "my_clock.c")), {
    name: "my_clock",
    title: "My clock",
    folder: path,
    sources: [join(path, "my_clock.c")],
    page: null,
    assets: null,
  });
});

test("main.c is an app named after its folder", async (t) => {
  const path = folder(t, { "egg-timer/main.c": "int main;", "egg-timer/assets/egg.svg": "<svg/>" });
  const app = await findApp(join(path, "egg-timer/main.c"));
  assert.equal(app.name, "egg-timer");
  assert.equal(app.title, "Egg timer");
  assert.equal(app.assets, join(path, "egg-timer/assets"));
});

test("a folder is one program of all its .c files, in a fixed order", async (t) => {
  const path = folder(t, {
    "b.c": "",
    "a.c": "",
    "a.h": "",
    ".hidden.c": "",
    "sub/c.c": "",
    "notes.txt": "",
  });
  const app = await findApp(path);
  assert.deepEqual(app.sources, [join(path, "a.c"), join(path, "b.c")]);
  assert.equal(app.page, null);
});

test("a folder with an index.html is a page of its own", async (t) => {
  const path = folder(t, { "index.html": "<p>", "counter.c": "" });
  assert.equal((await findApp(path)).page, join(path, "index.html"));
});

test("what is no app is refused, with cause and cure", async (t) => {
  const path = folder(t, {
    "game.py": "print()",
    "binary.c": new Uint8Array([127, 69, 76, 70, 0, 1]),
    "wide.c": Buffer.from("\uFEFFint main;", "utf16le"),
    "mixed/a.c": "int main;",
    "mixed/b.c": new Uint8Array([127, 69, 76, 70, 0, 1]),
    "piped/a.c": "int main;",
    "empty/readme.txt": "",
    "headers/a.h": "",
  });
  mkdirSync(join(path, "folder.c"));
  execFileSync("mkfifo", [join(path, "pipe.c"), join(path, "piped/pipe.c")]);
  symlinkSync("loop.c", join(path, "loop.c"));
  /** @type {[string, RegExp][]} */
  const cases = [
    [join(path, "none.c"), /There is no file or folder ".*none\.c"/],
    [join(path, "game.py", "x.c"), /part of its path is not a folder/],
    [join(path, "game.py"), /not a C source file: its name does not end in \.c/],
    [join(path, "binary.c"), /not a C source file: it holds binary data/],
    [join(path, "pipe.c"), /not a C source file: it is a device or a pipe/],
    [join(path, "wide.c"), /wide\.c" is text in UTF-16/],
    [join(path, "mixed"), /mixed\/b\.c" is not a C source file: it holds binary data/],
    [join(path, "piped"), /piped\/pipe\.c" is not a C source file: it is a device or a pipe/],
    [join(path, "loop.c"), /loop\.c": it is a symbolic link that leads round in a circle/],
    [join(path, "folder.c"), /no \.c file in the folder/],
    [join(path, "empty"), /no \.c file in the folder/],
    [join(path, "headers"), /no \.c file in the folder/],
    [join(path, "x".repeat(300) + ".c"), /the name is too long/],
    ["", /name of the app is empty/],
  ];
  for (const [name, cause] of cases)
    await assert.rejects(findApp(name), (/** @type {any} */ error) => {
      assert.match(error.message, cause);
      assert.equal(error.name, "Failure", name);
      assert.match(error.cure, /^[A-Z].*\.$/s, name);
      return true;
    });
});

test("titles are readable", () => {
  assert.equal(humanised("my_first-app"), "My first app");
  assert.equal(humanised("élan"), "Élan");
  assert.equal(humanised("𐐨-x"), "𐐀 x");
  assert.equal(humanised("--"), "--");
});
