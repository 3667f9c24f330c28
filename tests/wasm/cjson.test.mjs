// SPDX-License-Identifier: MIT
// That a program gets cJSON when it includes it, and only then. A stand-in takes cJSON's place.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { sourcesOf } from "../../wasm/cjson.mjs";
import { buildApp, CompileError, ToolchainError } from "../../wasm/toolchain.mjs";
import { folderWith, missing, setEnvironment } from "../support/build.mjs";
import { runModule } from "../support/host.mjs";

const STAND_IN = {
  "cjson/cJSON.h": "int cJSON_Depth(void);\n",
  "cjson/cJSON.c": '#include "cJSON.h"\nint cJSON_Depth(void) { return CJSON_NESTING_LIMIT; }\n',
};
const PROGRAM =
  '#include <stdio.h>\n#include <cjson/cJSON.h>\nint main(void) { printf("%d\\n", cJSON_Depth()); }';

/**
 * @param {Promise<unknown>} promise
 * @param {RegExp} message
 */
const rejects = (promise, message) =>
  assert.rejects(promise, (error) => error instanceof ToolchainError && message.test(error.message));

for (const toolchain of ["emscripten", "wasi", "embedded"])
  describe(toolchain, { skip: await missing(toolchain) }, () => {
    for (const header of ["<cjson/cJSON.h>", '"cJSON.h"'])
      test(`#include ${header}`, async (t) => {
        const folder = await folderWith(t, {
          ...STAND_IN,
          "main.c": PROGRAM.replace("<cjson/cJSON.h>", header),
        });
        setEnvironment(t, { CJSON_DIR: join(folder, "cjson") });
        const { wasm } = await buildApp({ sources: [join(folder, "main.c")], toolchain });
        assert.equal((await runModule(wasm)).stdout, "64\n");
      });
  });

describe("the embedded toolchain", () => {
  test("a program that does not include cJSON does not need it", async (t) => {
    const folder = await folderWith(t, { "main.c": "int main(void) { return 0; }" });
    setEnvironment(t, { CJSON_DIR: join(folder, "nowhere") });
    await buildApp({ sources: [join(folder, "main.c")], toolchain: "embedded" });
  });

  test("nor does one that brings its own", async (t) => {
    const folder = await folderWith(t, {
      ...STAND_IN,
      "main.c": PROGRAM.replace("<cjson/cJSON.h>", '"cjson/cJSON.h"'),
      "cjson/cJSON.c": '#include "cJSON.h"\nint cJSON_Depth(void) { return 7; }\n',
    });
    setEnvironment(t, { CJSON_DIR: join(folder, "nowhere") });
    const sources = ["main.c", "cjson/cJSON.c"].map((name) => join(folder, name));
    const { wasm } = await buildApp({ sources, toolchain: "embedded" });
    assert.equal((await runModule(wasm)).stdout, "7\n");
  });

  test("one that does is told that CJSON_DIR is wrong", async (t) => {
    const folder = await folderWith(t, { "main.c": PROGRAM });
    setEnvironment(t, { CJSON_DIR: join(folder, "nowhere") });
    await rejects(buildApp({ sources: [join(folder, "main.c")], toolchain: "embedded" }), /CJSON_DIR names/);
  });

  const shipped = existsSync(new URL("../../dist/cjson", import.meta.url)) && "dist/ has a copy";
  test("one that does is told how to get it", { skip: shipped }, async (t) => {
    const folder = await folderWith(t, { "main.c": PROGRAM });
    setEnvironment(t, { CJSON_DIR: undefined, KAPOK_CACHE: folder, PATH: "" });
    await rejects(buildApp({ sources: [join(folder, "main.c")], toolchain: "embedded" }), /Set CJSON_DIR/);
  });

  test("a misspelt header stays an error of the program", async (t) => {
    const folder = await folderWith(t, {
      "main.c": "#include <cjson/cJson.h>\nint main(void) { return 0; }",
    });
    await assert.rejects(
      buildApp({ sources: [join(folder, "main.c")], toolchain: "embedded" }),
      CompileError,
    );
  });
});

test("apt is asked for sources where the machine takes its packages from", () => {
  assert.equal(
    sourcesOf(
      "# deb http://a.example x y\ndeb [arch=amd64] http://b.example stable main\ndeb-src http://c.example z w\n",
      "list",
    ),
    "deb-src [arch=amd64] http://b.example stable main\n",
  );
  assert.equal(
    sourcesOf(
      "Types: deb\nURIs: http://a.example\n\nTypes: deb deb-src\nURIs: http://b.example\n",
      "sources",
    ),
    "Types: deb-src\nURIs: http://a.example\n\nTypes: deb-src\nURIs: http://b.example\n",
  );
});
