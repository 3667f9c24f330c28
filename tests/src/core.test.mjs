// SPDX-License-Identifier: MIT
// The C tests of tests/src/core: each an ordinary app, run natively under AddressSanitizer, UBSan and
// valgrind, and as WebAssembly by every toolchain, on a virtual clock both times.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { loadWasm } from "../../js/testing/index.js";
import { buildApp } from "../../wasm/toolchain.mjs";

const run = promisify(execFile);
const ROOT = new URL("../../", import.meta.url).pathname;
const sources = async (/** @type {string} */ folder) =>
  (await readdir(join(ROOT, folder))).filter((name) => name.endsWith(".c")).map((name) => join(folder, name));

const shared = await sources("tests/src/core");
const wasmOnly = await sources("tests/src/wasm");
const nativeOnly = await sources("tests/src/native/core");
const SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

/** @type {string} */
let folder;
/** @type {Map<string, string[]>} object files of the library, by the flags they were compiled with */
const libraries = new Map();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kapok-core-"));
});
after(() => rm(folder, { recursive: true, force: true }));

const FLAGS = [
  "-std=gnu11",
  "-g",
  "-O1",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-Wno-format-nonliteral",
  "-Isrc/include",
];

/** @param {string[]} flags */
async function library(flags) {
  const key = flags.join(" ");
  let objects = libraries.get(key);
  if (!objects) {
    const all = [
      ...(await sources("src/core")),
      ...(await sources("src/controls")),
      "tests/src/native/host.c",
      "tests/src/native/fiber_ucontext.c",
    ];
    objects = all.map((source) => join(folder, `${libraries.size}-${source.replaceAll("/", "_")}.o`));
    await Promise.all(
      all.map((source, i) =>
        run("gcc", [...FLAGS, ...flags, "-c", source, "-o", /** @type {string[]} */ (objects)[i]], {
          cwd: ROOT,
        }),
      ),
    );
    libraries.set(key, objects);
  }
  return objects;
}

/**
 * @param {string} source
 * @param {string[]} flags
 */
async function runNatively(source, flags, /** @type {string[]} */ wrapper = []) {
  const program = join(folder, `${source.replaceAll("/", "_")}-${flags.length}`);
  const objects = await library(flags);
  await run("gcc", [...FLAGS, ...flags, "-Dmain=main_of_test", "-c", source, "-o", `${program}.o`], {
    cwd: ROOT,
  });
  const wrapped = source.endsWith("/memory.c") ? ["-Wl,--wrap=malloc,--wrap=realloc"] : [];
  await run("gcc", [...FLAGS, ...flags, ...wrapped, `${program}.o`, ...objects, "-lm", "-o", program], {
    cwd: ROOT,
  });
  const [command, ...rest] = [...wrapper, program];
  const { stdout } = await run(command, rest, {
    env: { ...process.env, ASAN_OPTIONS: "detect_leaks=1" },
  }).catch((error) => assert.fail(`${error.stdout}${error.stderr}`));
  assert.match(stdout, /^\d+ checks, 0 failed$/m, stdout);
}

describe("natively, under the sanitizers", () => {
  for (const source of [...shared, ...nativeOnly]) {
    test(source, () => runNatively(source, SANITIZE));
  }
});

describe("natively, under valgrind", () => {
  for (const source of shared.filter((name) => /(task|tree)\.c$/.test(name))) {
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

/** Far more than any of the programs waits. */
const PATIENCE = 3600_000;

for (const toolchain of ["emscripten", "wasi", "embedded"]) {
  describe(`as WebAssembly, ${toolchain}`, () => {
    for (const source of [...shared, ...wasmOnly]) {
      test(source, async () => {
        const { wasm } = await buildApp({ sources: [join(ROOT, source)], toolchain });
        for (const growEveryCall of [false, true]) {
          const app = await loadWasm(wasm, { growEveryCall, errors: "collect" });
          await app.advance(PATIENCE);
          const output = app.console.map((line) => line.text).join("\n");
          const why = `${app.errors.join("\n")}${growEveryCall ? "with memory growing at every call: " : ""}${output}`;
          assert.match(output, /^\d+ checks, 0 failed$/m, why);
          assert.equal(app.exited, 0, why);
          await app.close();
        }
      });
    }
  });
}
