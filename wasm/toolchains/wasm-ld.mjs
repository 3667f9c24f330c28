// SPDX-License-Identifier: MIT
// What the drivers have in common: what they offer, and how the linker is called.

/**
 * What every driver offers.
 * @typedef {object} Toolchain
 * @property {string} name
 * @property {string} version changes whenever the compiler or its libc does
 * @property {string[]} librarySources sources of the library for this toolchain only, beside wasm/
 * @property {number} jobs how many compilers may run at once
 * @property {(job: CompileJob) => Promise<CompileResult>} compile
 * @property {(job: LinkJob) => Promise<LinkResult>} link
 */

/**
 * @typedef {object} CompileJob
 * @property {string} source as messages shall name it: relative to the current folder, or absolute
 * @property {string[]} flags
 * @property {Map<string, Uint8Array>} files all files that it may read, by absolute path
 */

/** @typedef {{ object: Uint8Array | null, output: string }} CompileResult no object: `output` says why */

/**
 * A module with names, in which a function that nobody defines is an import from "env". No module:
 * `output` says why. `map` says where everything is, as wasm-ld's --print-map does; `archives` are those of the
 * toolchain that the linker was offered.
 * @typedef {{ module: Uint8Array | null, output: string, map: string, archives: Uint8Array[] }} LinkResult
 */

/**
 * @typedef {object} LinkJob
 * @property {import('../archive.mjs').Member[]} inputs objects, then archives; their names are unique and
 *   plain ASCII
 * @property {boolean} longDouble whether printf and scanf shall know long double: a libc of WebAssembly
 *   leaves that out by default, for its size
 * @property {string[]} exports symbols; they are exported by the names that the source gives them
 */

// The app's own stack serves only what runs before and between fibers. It may lie behind the data, whose addresses are
// shorter then: where it ends is checked, see stack.mjs.
export const STACK_BYTES = 16 * 1024;
/** wasi-libc's archive of the printf and scanf that know long double. */
export const LONG_DOUBLE = "libc-printscan-long-double.a";

export const MAX_MEMORY_BYTES = 2 ** 31;

/**
 * @param {string[]} exports
 * @returns {string[]} arguments for wasm-ld, to be followed by the inputs and the output
 */
export function linkerArguments(exports) {
  return [
    ...["--no-entry", "--gc-sections", "-z", `stack-size=${STACK_BYTES}`],
    ...[`--max-memory=${MAX_MEMORY_BYTES}`, "--import-undefined", "--fatal-warnings", "--print-map"],
    ...exports.map((name) => `--export=${name}`),
  ];
}
