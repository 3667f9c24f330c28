// SPDX-License-Identifier: MIT
// What the app can ask of the page: those imports of wasm/abi.json that not every app has.
import { EIO, ENOTSUP, LOG_ERROR } from "./abi.gen.js";
import { describe } from "./errors.js";

/**
 * @typedef {object} ImportHost
 * @property {import("./memory.js").Memory} memory
 * @property {import("./dom.js").Dom} dom
 * @property {Navigator | undefined} navigator
 * @property {(level: number, text: string) => void} log
 * @property {(task: number, code: number) => void} settle answers a task
 */

/** @param {ImportHost} host */
export const read_text =
  ({ memory, dom }) =>
  /**
   * @param {number} control
   * @param {number} target
   * @param {number} buffer
   * @param {number} capacity
   */
  (control, target, buffer, capacity) => {
    const encoder = new TextEncoder();
    const value = `${dom.read(control, target) ?? ""}`;
    encoder.encodeInto(value, memory.slice(buffer, capacity));
    return encoder.encode(value).length;
  };

/** @param {ImportHost} host */
export const read_number =
  ({ dom }) =>
  /**
   * @param {number} control
   * @param {number} target
   */
  (control, target) => {
    const value = dom.read(control, target);
    return value === "" ? NaN : Number(value);
  };

/** @param {ImportHost} host */
export const copy_text =
  ({ memory, navigator, log, settle }) =>
  /**
   * @param {number} text
   * @param {number} bytes
   * @param {number} task
   */
  (text, bytes, task) => {
    // Browsers have no clipboard on pages that were not served securely.
    if (!navigator?.clipboard) return settle(task, ENOTSUP);
    navigator.clipboard.writeText(memory.text(text, bytes)).then(
      () => settle(task, 0),
      (thrown) => {
        log(LOG_ERROR, `copy_text: ${describe(thrown)}`);
        settle(task, EIO);
      },
    );
  };
