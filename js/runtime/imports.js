// SPDX-License-Identifier: MIT
// What the app can ask of the page: those imports of wasm/abi.json that not every app has.
import { EIO, ENOENT, ENOTSUP, LOG_ERROR, MOMENT_FRAME } from "./abi.gen.js";
import { describe, KapokError } from "./errors.js";
import { frame, idle } from "./moments.js";

/** @typedef {(argument: string, options: {signal: AbortSignal}) => unknown} HostFunction called by kp_await */

/**
 * @typedef {object} ImportHost
 * @property {import("./memory.js").Memory} memory
 * @property {import("./dom.js").Dom} dom
 * @property {Navigator | undefined} navigator
 * @property {(level: number, text: string) => void} log
 * @property {(ticket: number, code: number, text?: string) => void} settle answers a task
 * @property {(moment: number) => void} come tells the app that a moment has come
 * @property {import("./clock.js").Clock} clock
 * @property {Record<string, HostFunction>} functions
 * @property {Map<number, AbortController>} calls that have not been answered, by ticket
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
   * @param {number} ticket
   */
  (text, bytes, ticket) => {
    const copied = memory.text(text, bytes);
    // Browsers have no clipboard on pages that were not served securely.
    if (!navigator?.clipboard) return settle(ticket, ENOTSUP);
    // Also when it throws at once: the task must not wait for ever.
    (async () => navigator.clipboard.writeText(copied))().then(
      () => settle(ticket, 0),
      (thrown) => {
        log(LOG_ERROR, `copy_text: ${describe(thrown)}`);
        settle(ticket, EIO);
      },
    );
  };

/**
 * The code that was thrown, if it is one of Kapok's.
 * @param {any} thrown
 * @returns {number}
 */
function codeOf(thrown) {
  try {
    const { code } = thrown;
    return code < 0 && code === (code | 0) ? code : EIO;
  } catch {
    return EIO;
  }
}

/** @param {ImportHost} host */
export const request =
  ({ clock, come }) =>
  /** @param {number} moment */
  (moment) => {
    const wait = moment === MOMENT_FRAME ? (clock.frame ?? frame) : (clock.idle ?? idle);
    wait(() => come(moment), clock);
  };

/** @param {ImportHost} host */
export const call =
  ({ memory, settle, functions, calls }) =>
  /**
   * @param {number} name
   * @param {number} nameBytes
   * @param {number} argument
   * @param {number} argumentBytes
   * @param {number} ticket
   */
  (name, nameBytes, argument, argumentBytes, ticket) => {
    const [called, given] = [memory.text(name, nameBytes), memory.text(argument, argumentBytes)];
    const controller = new AbortController();
    const { signal } = controller;

    async function answer() {
      if (!Object.hasOwn(functions, called))
        throw new KapokError(
          ENOENT,
          `The page has no function ${called}. Export it from functions.js beside main.c, or give it to mount().`,
        );
      const answer = await functions[called](given, { signal });
      return typeof answer === "object" && answer ? JSON.stringify(answer) : `${answer ?? ""}`;
    }

    /** @param {[code: number, text: string]} settled */
    function end(...settled) {
      // Who was told that nobody waits may still answer.
      if (calls.delete(ticket)) settle(ticket, ...settled);
    }

    calls.set(ticket, controller);
    answer().then(
      (text) => end(0, text),
      (thrown) => end(codeOf(thrown), describe(thrown)),
    );
  };

/** @param {ImportHost} host */
export const abort =
  ({ calls }) =>
  /** @param {number} ticket */
  (ticket) => {
    const controller = calls.get(ticket);
    calls.delete(ticket);
    controller?.abort();
  };
