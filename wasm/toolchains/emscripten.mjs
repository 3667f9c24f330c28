// SPDX-License-Identifier: MIT
// emcc of the user's Emscripten SDK or of a distribution, from 3.1.6 on, as a compiler and a linker only:
// none of its JavaScript is used.
import { readFile } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { ToolchainError } from "../errors.mjs";
import { run, which } from "../process.mjs";
import { compileNatively, jobs, linkNatively } from "./native.mjs";
import { MAX_MEMORY_BYTES, STACK_BYTES } from "./wasm-ld.mjs";

const OLDEST = [3, 1, 6];

// Memory starts small and grows. How much the program's own data needs is the linker's to say.
const PAGE_BYTES = 64 * 1024;
const LEAST_MEMORY_BYTES = 2 * PAGE_BYTES;

/**
 * @returns {Promise<import('./wasm-ld.mjs').Toolchain>}
 * @throws {ToolchainError} when it is missing, broken or too old
 */
export async function find() {
  const emcc = await which("emcc");
  if (!emcc)
    throw new ToolchainError(
      "The emscripten toolchain needs emcc, which is not in PATH.\n" +
        "On Debian: apt install emscripten. Elsewhere: install the Emscripten SDK and activate it.\n" +
        "Or use --toolchain embedded, which needs neither.",
    );
  const { ok, stdout, stderr } = await run(emcc, ["--version"]);
  const version = stdout.split("\n", 1)[0] ?? "";
  const numbers = /(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
  if (!ok || !numbers)
    throw new ToolchainError(
      `${emcc} is there, but does not work:\n${(stderr || stdout).trim() || "it says nothing."}\n` +
        "Mend it, or use --toolchain embedded.",
    );
  if (isOlder(numbers, OLDEST))
    throw new ToolchainError(
      `${version} is too old. Kapok needs ${OLDEST.join(".")} or newer, or --toolchain embedded.`,
    );

  return {
    name: "emscripten",
    version,
    librarySources: ["emscripten.c"],
    jobs,
    compile: async (job) => {
      const { object, output } = await compileNatively(emcc, ["-mbulk-memory"], job);
      // After clang's messages emcc repeats the command line.
      return { object, output: output.replace(/^emcc: error: .* failed \(.*\)\n/gm, "") };
    },
    link: async ({ inputs, exports, longDouble }) => {
      const flags = [...linkFlags(exports), ...(longDouble ? ["-sPRINTF_LONG_DOUBLE"] : [])];
      const link = (/** @type {number} */ memory) =>
        linkNatively(emcc, inputs, (names) => [...flags, `-sINITIAL_MEMORY=${memory}`, ...names]);
      let { module, stdout, output } = await link(LEAST_MEMORY_BYTES);
      const needed = /initial memory too small, (\d+) bytes needed/.exec(output)?.[1];
      if (needed)
        ({ module, stdout, output } = await link(Math.ceil(Number(needed) / PAGE_BYTES) * PAGE_BYTES));
      const archives = await Promise.all(archivesIn(stdout).map((path) => readFile(path)));
      return { module, output, map: stdout, archives };
    },
  };
}

/** @param {string[]} exports */
function linkFlags(exports) {
  return [
    // Optimising is Binaryen's part and comes last; from -O2 on emcc would do it here.
    ...["-O1", "--profiling-funcs", "--no-entry"],
    ...["-sSTANDALONE_WASM", "-sALLOW_MEMORY_GROWTH", `-sMAXIMUM_MEMORY=${MAX_MEMORY_BYTES}`],
    // The name that STACK_SIZE had in old versions; new ones know it too.
    ...[`-sTOTAL_STACK=${STACK_BYTES}`, "-Wl,--fatal-warnings", "-Wl,--trace", "-Wl,--print-map"],
    ...["-sERROR_ON_UNDEFINED_SYMBOLS=0", "-sWARN_ON_UNDEFINED_SYMBOLS=0"],
    "-Wl,--wrap=abort", // see wasm/emscripten.c
    ...exports.map((name) => `-Wl,--export=${name}`),
  ];
}

/**
 * @param {string} trace of wasm-ld: a line for each file, FILE or ARCHIVE(MEMBER)
 * @returns {string[]} the archives that emcc has added to our own
 */
function archivesIn(trace) {
  const paths = trace.split("\n").map((line) => /^(.*\.a)\(.*\)$/.exec(line)?.[1]);
  return [...new Set(paths)].filter((path) => path !== undefined).filter(isAbsolute);
}

/**
 * @param {number[]} version
 * @param {number[]} than
 */
function isOlder(version, than) {
  const index = version.findIndex((part, i) => part !== than[i]);
  return index >= 0 && /** @type {number} */ (version[index]) < /** @type {number} */ (than[index]);
}
