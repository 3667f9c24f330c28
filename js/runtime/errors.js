// SPDX-License-Identifier: MIT
// What goes wrong, as the page's own JavaScript sees it.

/** What the runtime throws: `message` names the cause and the cure, `code` is one of Kapok's codes. */
export class KapokError extends Error {
  name = "KapokError";

  /**
   * @param {number} code a code of wasm/abi.json, such as -8 for EIO
   * @param {string} message
   * @param {unknown} [cause] what was thrown first
   */
  constructor(code, message, cause) {
    super(message, { cause });
    this.code = code;
  }
}

/**
 * A text for whatever was thrown, which need not be an Error. Never throws.
 * @param {any} thrown
 * @returns {string} never empty
 */
export function describe(thrown) {
  try {
    const text = String(thrown?.message || thrown);
    if (text) return text;
  } catch {
    // Not even that can be asked of it.
  }
  return "an unknown error";
}

/** Thrown through the app by its exit(). */
export class Exit {
  /** @param {number} status */
  constructor(status) {
    this.status = status;
  }
}
