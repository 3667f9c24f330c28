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
 * @returns {string}
 */
export function describe(thrown) {
  try {
    return String(thrown?.message || thrown);
  } catch {
    return "an unknown error";
  }
}

/** Thrown through the app by its exit(). */
export class Exit {
  /** @param {number} status */
  constructor(status) {
    this.status = status;
  }
}
