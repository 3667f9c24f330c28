// SPDX-License-Identifier: MIT
// What the app can ask of the page: the imports of wasm/abi.json.
import { EIO, ENOTSUP, LOG_ERROR } from "./abi.gen.js";
import { describe } from "./errors.js";
import { Exit } from "./wasi.js";

const encoder = new TextEncoder();

/**
 * @param {object} host
 * @param {import("./memory.js").Memory} host.memory
 * @param {import("./dom.js").Dom} host.dom
 * @param {import("./clock.js").Clock} host.clock
 * @param {Navigator | undefined} host.navigator
 * @param {(level: number, text: string) => void} host.log
 * @param {(delay: number) => void} host.schedule
 * @param {(task: number, code: number) => void} host.settle answers a task
 * @param {(status: number) => void} host.ended
 */
export const createImports = ({ memory, dom, clock, navigator, log, schedule, settle, ended }) => ({
  apply: dom.apply,
  now: clock.now,
  schedule,
  ended,
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
    const value = `${dom.read(control, target) ?? ""}`;
    const { read, written } = encoder.encodeInto(value, memory.slice(buffer, capacity));
    return read === value.length ? written : encoder.encode(value).length;
  },
  /**
   * @param {number} control
   * @param {number} target
   */
  read_number(control, target) {
    const value = dom.read(control, target);
    return typeof value === "string" ? parseFloat(value) : Number(value);
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
 * @returns {WebAssembly.ModuleImports}
 */
export const guarded = (calls, code, onError) =>
  Object.fromEntries(
    Object.entries(calls).map(([name, call]) => [
      name,
      (/** @type {any[]} */ ...operands) => {
        try {
          return call(...operands);
        } catch (thrown) {
          if (thrown instanceof Exit) throw thrown;
          onError(`${name}: ${describe(thrown)}`);
          return name === "read_number" ? NaN : code;
        }
      },
    ]),
  );
