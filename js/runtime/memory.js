// SPDX-License-Identifier: MIT
// The app's memory. It can grow at any call into the app, which leaves every earlier view empty:
// take the views anew from here after each call, and keep none.

// A byte order mark is text like any other: dropping it would shift all that follows.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** @typedef {ReturnType<typeof createMemory>} Memory */

/**
 * The one accessor to the app's memory.
 * @param {() => WebAssembly.Memory} source
 */
export function createMemory(source) {
  /**
   * @param {number} pointer unsigned or, as functions of a module get it, signed
   * @param {number} length in bytes
   */
  const slice = (pointer, length) => new Uint8Array(source().buffer, pointer >>> 0, length >>> 0);

  return {
    buffer: () => source().buffer,
    slice,
    /**
     * @param {number} pointer to UTF-8
     * @param {number} length in bytes
     */
    text: (pointer, length) => decoder.decode(slice(pointer, length)),
  };
}
