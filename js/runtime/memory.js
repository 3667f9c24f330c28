// SPDX-License-Identifier: MIT
// The app's memory. It can grow at any call into the app, which leaves every earlier view empty:
// take the views anew from here after each call, and keep none.

// A byte order mark is text like any other: dropping it would shift all that follows.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** @typedef {{bytes: Uint8Array, words: Uint32Array, data: DataView}} Views */

/** @typedef {ReturnType<typeof createMemory>} Memory */

/** The one accessor to the app's memory. */
export function createMemory() {
  /** @type {WebAssembly.Memory} */
  let memory;
  /** @type {Views} */
  let views;

  /** @returns {Views} */
  function view() {
    const { buffer } = memory;
    if (views?.bytes.buffer !== buffer)
      views = { bytes: new Uint8Array(buffer), words: new Uint32Array(buffer), data: new DataView(buffer) };
    return views;
  }

  return {
    /** @param {WebAssembly.Memory} of the instance, once there is one */
    connect(of) {
      memory = of;
    },
    view,
    /**
     * Unsigned, as pointers above 2 GiB arrive as negative numbers.
     * @param {number} pointer
     * @param {number} length in bytes
     */
    slice: (pointer, length) => view().bytes.subarray((pointer >>>= 0), pointer + (length >>> 0)),
    /**
     * @param {number} pointer to UTF-8
     * @param {number} length in bytes
     */
    text(pointer, length) {
      return length ? decoder.decode(this.slice(pointer, length)) : "";
    },
  };
}
