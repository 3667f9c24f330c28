// SPDX-License-Identifier: MIT
// Where the bytes of an app's module are.
import { readSizes } from "./object.mjs";
import { displayed } from "./paths.mjs";
import { usedControls } from "./used_controls.mjs";

/**
 * @typedef {object} Weight
 * @property {number} bytes of the module
 * @property {{ name: string, bytes: number }[]} sections the largest first
 * @property {{ name: string, bytes: number, suspends: boolean }[]} functions the largest first; `suspends`: Asyncify has
 *   rewritten it, since a task may wait in it. A function holds those that the optimiser has put into it.
 * @property {number} suspension bytes that this rewriting costs, over all functions: what the module has more than
 *   one in which none is rewritten
 * @property {{ name: string, uses: string[] }[]} controls that the app can show, and the lines that name them, as
 *   "file:line"
 */

/** @typedef {{ wasm: Uint8Array, named: Uint8Array, instrumented: string[] }} Made what asyncify() returns */

/**
 * @param {Made} made
 * @param {Made} plain the same with no function rewritten
 * @param {Map<string, Uint8Array>} files the app's own sources and headers, by absolute path
 * @returns {Weight}
 */
export function weighed({ wasm, named, instrumented }, plain, files) {
  const { functions, sections } = readSizes(named);
  const suspending = new Set(instrumented);
  /** @param {{ bytes: number }} a @param {{ bytes: number }} b */
  const largestFirst = (a, b) => b.bytes - a.bytes;
  return {
    bytes: wasm.length,
    sections: readSizes(wasm).sections.sort(largestFirst),
    functions: functions
      .map(({ name, bytes }) => ({ name, bytes, suspends: suspending.has(name) }))
      .sort(largestFirst),
    suspension: wasm.length - plain.wasm.length,
    controls: usedControls(wasm).map((name) => ({ name, uses: usesOf(name, files) })),
  };
}

/**
 * Where the app makes a control, by its sources: the linker only tells that it does.
 * @param {string} control
 * @param {Map<string, Uint8Array>} files
 */
function usesOf(control, files) {
  const made = new RegExp(`\\bkp_${control}(?:_new)?\\s*\\(`);
  return [...files].flatMap(([path, bytes]) =>
    `${Buffer.from(bytes)}`
      .split("\n")
      .flatMap((line, i) => (made.test(line) ? [`${displayed(path)}:${i + 1}`] : [])),
  );
}
