// SPDX-License-Identifier: MIT
// The C tests of tests/src/core: each an ordinary app, run natively under AddressSanitizer, UBSan and
// valgrind, and as WebAssembly by every toolchain, on a virtual clock both times.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { loadWasm } from "../../js/testing/index.js";
import { buildApp } from "../../wasm/toolchain.mjs";
import { createNativeBuild, ROOT, SANITIZE, sourcesIn } from "../support/native.mjs";

const run = promisify(execFile);
const shared = await sourcesIn("tests/src/core");
const wasmOnly = await sourcesIn("tests/src/wasm");
const nativeOnly = await sourcesIn("tests/src/native/core");

/** What a test prints at last. In a rehearsal tasks may take their turns in another order; here they must not. */
const PASSED = /^\d+ checks, 0 failed, 0 out of turn$/m;

/** @type {string} */
let folder;
/** @type {ReturnType<typeof createNativeBuild>} */
let buildNatively;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kapok-core-"));
  buildNatively = createNativeBuild(folder);
});
after(() => rm(folder, { recursive: true, force: true }));

/**
 * @param {string} source
 * @param {string[]} flags
 */
async function runNatively(source, flags, /** @type {string[]} */ wrapper = []) {
  const program = join(folder, `${source.replaceAll("/", "_")}-${flags.length}`);
  const short = source.endsWith("/memory.c");
  await buildNatively(short ? [source, "tests/src/native/out_of_memory.c"] : [source], program, {
    flags,
    linkFlags: short ? ["-Wl,--wrap=malloc,--wrap=realloc"] : [],
  });
  const [command, ...rest] = [...wrapper, program];
  const { stdout } = await run(command, rest, {
    timeout: 120_000,
    env: { ...process.env, ASAN_OPTIONS: "detect_leaks=1" },
  }).catch((error) => assert.fail(`${error.stdout}${error.stderr}`));
  assert.match(stdout, PASSED, stdout);
}

describe("natively, under the sanitizers", () => {
  for (const source of [...shared, ...nativeOnly]) {
    test(source, () => runNatively(source, SANITIZE));
  }
});

describe("natively, under valgrind", () => {
  for (const source of shared.filter((name) => !/(slots|timers)\.c$/.test(name))) {
    test(source, () =>
      runNatively(
        source,
        [],
        [
          "valgrind",
          "--quiet",
          "--error-exitcode=9",
          "--leak-check=full",
          "--errors-for-leak-kinds=definite",
        ],
      ),
    );
  }
});

/** What the programs await: the same that tests/src/native/host.c gives them. */
const functions = {
  echo: (/** @type {string} */ text) => text,
  fail: () => Promise.reject(new Error("it failed")),
  never: () => new Promise(() => {}),
};

/** Far more than any of the programs waits. */
const PATIENCE = 3600_000;

for (const toolchain of ["emscripten", "wasi", "embedded"]) {
  describe(`as WebAssembly, ${toolchain}`, () => {
    for (const source of [...shared, ...wasmOnly]) {
      test(source, async () => {
        const { wasm } = await buildApp({ sources: [join(ROOT, source)], toolchain });
        // What does a hundred thousand of everything does it once.
        for (const growEveryCall of source.endsWith("/many.c") ? [false] : [false, true]) {
          const app = await loadWasm(wasm, { growEveryCall, functions, errors: "collect" });
          await app.advance(PATIENCE);
          const output = app.console.map((line) => line.text).join("\n");
          const why = `${app.errors.join("\n")}${growEveryCall ? "with memory growing at every call: " : ""}${output}`;
          assert.match(output, PASSED, why);
          assert.equal(app.exited, 0, why);
          await app.close();
        }
      });
    }
  });
}
