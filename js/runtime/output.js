// SPDX-License-Identifier: MIT
// What an app writes, and what the runtime has to say about it, as lines in a console.
import { unused, USES_WASI } from "./used.js";

/** @typedef {Pick<Console, "log" | "info" | "warn" | "error">} Output */

/**
 * @param {Output} console
 * @returns {Pick<import("./program.js").Host, "log" | "print">}
 */
export const writeTo = (console) => ({
  log: (level, text) => console[/** @type {const} */ (["info", "warn", "error"])[level]](text),
  print: USES_WASI ? (isError, line) => console[isError ? "error" : "log"](line) : unused,
});
