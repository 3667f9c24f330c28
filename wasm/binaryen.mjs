// SPDX-License-Identifier: MIT
// Binaryen, loaded when it is first needed. It reports through the console that it finds while it is
// being loaded and ends a failure with an exit of the process; here both become values.
import { ToolchainError } from "./errors.mjs";

/** @typedef {typeof import('binaryen').default} Binaryen */

/** @type {string[] | null} where Binaryen's output goes while a call is under way */
let output = null;
/** @type {Promise<Binaryen> | undefined} */
let loading;

/** @returns {Promise<Binaryen>} */
export function loadBinaryen() {
  return (loading ??= load());
}

async function load() {
  const { log, error } = console;
  /** @param {(...args: unknown[]) => void} original */
  const divert =
    (original) =>
    (/** @type {unknown[]} */ ...args) =>
      output ? void output.push(args.join(" ")) : original.apply(console, args);
  Object.assign(console, { log: divert(log), error: divert(error) });
  try {
    return (await import("binaryen")).default;
  } catch (cause) {
    throw new ToolchainError(
      `Binaryen cannot be loaded: ${cause}\nIt is the npm package binaryen. Install it with: npm install binaryen`,
    );
  } finally {
    Object.assign(console, { log, error });
  }
}

/**
 * Calls `use`, which is synchronous, with Binaryen's settings at their defaults.
 * @template T
 * @param {Binaryen} binaryen
 * @param {(output: string[]) => T} use is given what Binaryen has printed so far
 * @returns {T}
 * @throws {ToolchainError} when Binaryen gives up or warns
 */
export function withBinaryen(binaryen, use) {
  const lines = (output = /** @type {string[]} */ ([]));
  const { exitCode } = process;
  try {
    binaryen.clearPassArguments();
    const result = use(lines);
    const warnings = lines.filter((line) => /^(warning|fatal|error)\b/i.test(line));
    if (warnings.length > 0) throw new ToolchainError(`Binaryen warns:\n${warnings.join("\n")}`);
    return result;
  } catch (error) {
    if (error instanceof Error) throw error;
    // An exception of C++, or an exit.
    const thrown = /** @type {any} */ (error);
    const message = thrown.message || /** @type {any} */ (binaryen).getExceptionMessage?.(thrown)?.[1];
    throw new ToolchainError(`Binaryen failed: ${[...lines, message].join("\n")}`);
  } finally {
    process.exitCode = exitCode;
    output = null;
  }
}
