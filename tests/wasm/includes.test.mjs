// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { test } from "node:test";
import { findIncludes } from "../../wasm/includes.mjs";
import { ToolchainError } from "../../wasm/errors.mjs";
import { folderWith } from "../support/build.mjs";

/**
 * @param {import("node:test").TestContext} t
 * @param {Record<string, string>} files
 * @param {string[]} [dirs]
 */
async function found(t, files, dirs = []) {
  const folder = await folderWith(t, files);
  const result = await findIncludes(
    [join(folder, "main.c")],
    dirs.map((dir) => join(folder, dir)),
  );
  return {
    files: [...result.files.keys()].map((path) => relative(folder, path)),
    missing: [...result.missing],
  };
}

test("what is included, and what that includes, in every way it can be written", async (t) => {
  const main = `#include "a.h"
    # include <b.h>
  #if 0
  #  include "c.h" // never, but that is not looked at
  #endif
  #if __has_include("d.h")
  #endif
  #include <stdio.h>
  `;
  const files = {
    "main.c": main,
    "a.h": '#include "sub/e.h"',
    "sub/e.h": '#include "../a.h"\n#include "f.h"',
    "sub/f.h": "",
  };
  const more = { "inc/b.h": "#include_next <b.h>", "inc2/b.h": "", "c.h": "", "d.h": "", "unused.h": "" };
  const result = await found(t, { ...files, ...more }, ["inc", "inc2"]);
  assert.deepEqual(result.files.sort(), [
    "a.h",
    "c.h",
    "d.h",
    "inc/b.h",
    "inc2/b.h",
    "main.c",
    "sub/e.h",
    "sub/f.h",
  ]);
  assert.deepEqual(result.missing, ["stdio.h"]);
});

test("a name that is computed", async (t) => {
  const result = await found(t, { "main.c": '#define NAME "a.h"\n#include NAME\n', "a.h": "" });
  assert.deepEqual(result.files, ["main.c", "a.h"]);
});

test("folders and devices are not files", async (t) => {
  const result = await found(t, { "main.c": '#include "sub"\n#include "/dev/zero"\n', "sub/a.h": "" });
  assert.deepEqual(result.files, ["main.c"]);
});

test("a source that is not there", async (t) => {
  const folder = await folderWith(t, {});
  await assert.rejects(findIncludes([join(folder, "main.c")], []), ToolchainError);
});
