// SPDX-License-Identifier: MIT
// What the app can ask of the page: the imports of wasm/abi.json.
import { EIO, ENOTSUP, LOG_ERROR } from "./abi.gen.js";
import { describe, Exit } from "./errors.js";

/**
 * @param {object} host
 * @param {import("./memory.js").Memory} host.memory
 * @param {import("./dom.js").Dom} host.dom
 * @param {() => number} host.now
 * @param {Navigator | undefined} host.navigator
 * @param {(level: number, text: string) => void} host.log
 * @param {(delay: number) => void} host.schedule
 * @param {(task: number, code: number) => void} host.settle answers a task
 * @param {(status: number) => void} host.ended
 */
export const createImports = ({ memory, dom, now, navigator, log, schedule, settle, ended }) => ({
  now,
  schedule,
  ended,
  apply: dom.apply,
  /**
   * @param {number} level
   * @param {number} text
   * @param {number} bytes
   */
  log: (level, text, bytes) => log(level, memory.text(text, bytes)),
  /**
   * @param {number} control
   * @param {number} target
   * @param {number} buffer
   * @param {number} capacity
   */
  read_text(control, target, buffer, capacity) {
    const encoder = new TextEncoder();
    const value = `${dom.read(control, target) ?? ""}`;
    encoder.encodeInto(value, memory.slice(buffer, capacity));
    return encoder.encode(value).length;
  },
  /**
   * @param {number} control
   * @param {number} target
   */
  read_number(control, target) {
    const value = dom.read(control, target);
    return value === "" ? NaN : Number(value);
  },
  /**
   * @param {number} text
   * @param {number} bytes
   * @param {number} task
   */
  copy_text(text, bytes, task) {
    // Browsers have no clipboard on pages that were not served securely.
    if (!navigator?.clipboard) return settle(task, ENOTSUP);
    navigator.clipboard.writeText(memory.text(text, bytes)).then(
      () => settle(task, 0),
      (thrown) => {
        log(LOG_ERROR, `copy_text: ${describe(thrown)}`);
        settle(task, EIO);
      },
    );
  },
});

/**
 * What JavaScript throws must not go through the app, as only traps do. Whatever it is, it becomes
 * a code and a message; only the program's own exit goes through.
 * @param {Record<string, (...operands: any[]) => any>} calls
 * @param {number} code
 * @param {(message: string) => void} onError
 */
export function guard(calls, code, onError) {
  for (const [name, call] of Object.entries(calls))
    calls[name] = (...operands) => {
      try {
        return call(...operands);
      } catch (thrown) {
        if (thrown instanceof Exit) throw thrown;
        onError(`${name}: ${describe(thrown)}`);
        return name === "read_number" ? NaN : code;
      }
    };
  return calls;
}
