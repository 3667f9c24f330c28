// SPDX-License-Identifier: MIT
// Runs the command line as a user would.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export const main = fileURLToPath(new URL("../../../js/cli/main.js", import.meta.url));

/**
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptionsWithoutStdio} [options]
 */
export function start(args, options = {}) {
  const child = spawn(process.execPath, [main, ...args], options);
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output.stderr += text));
  const ended = once(child, "close").then(([code]) => ({ code, ...output }));
  return {
    child,
    output,
    /** @type {Promise<{ code: number | null, stdout: string, stderr: string }>} */
    ended,
    /**
     * Waits for something to be printed.
     * @param {RegExp} pattern
     * @returns {Promise<RegExpExecArray>}
     */
    async printed(pattern) {
      for (;;) {
        const found = pattern.exec(output.stdout + output.stderr);
        if (found) return found;
        const more = [
          once(child.stdout, "data"),
          once(child.stderr, "data"),
          once(child, "close").then(() => "end"),
        ];
        if ((await Promise.race(more)) === "end")
          throw new Error(`ended without ${pattern}:\n${output.stderr}`);
      }
    },
  };
}

/**
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptionsWithoutStdio} [options]
 */
export const kapok = (args, options) => start(args, options).ended;
