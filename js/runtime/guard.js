// SPDX-License-Identifier: MIT
// What stands between the app and the JavaScript that it calls.
import { describe } from "./errors.js";
import { USES_READING } from "./used.js";

/**
 * What JavaScript throws must not go through the app, as only traps and the program's own exit do. Whatever it is,
 * it becomes a code and a message.
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
        onError(`${name}: ${describe(thrown)}`);
        return USES_READING && name === "read_number" ? NaN : code;
      }
    };
  return calls;
}
