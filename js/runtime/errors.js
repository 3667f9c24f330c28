// SPDX-License-Identifier: MIT
// What goes wrong, as the page's own JavaScript sees it.

/** What the runtime throws: `message` names the cause and the cure, `code` is one of Kapok's codes. */
export class KapokError extends Error {
  /**
   * @param {number} code a code of wasm/abi.json, such as -8 for EIO
   * @param {string} message
   * @param {unknown} [cause] what was thrown first
   */
  constructor(code, message, cause) {
    super(message, { cause });
    this.name = "KapokError";
    this.code = code;
  }
}

/**
 * A text for whatever was thrown, which need not be an Error. Never throws.
 * @param {unknown} thrown
 * @returns {string}
 */
export function describe(thrown) {
  try {
    return thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  } catch {
    return "an object without a text";
  }
}
