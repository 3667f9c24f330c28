// SPDX-License-Identifier: MIT
// Reads wasm/abi.json.
import { readFileSync } from "node:fs";

/**
 * @typedef {{params: Record<string, string>, result?: string, dev?: boolean, embedded?: boolean, serves?: string[], doc: string}} Call
 *   `dev`: in development builds only; `embedded`: in these, and where the page is somebody else's; `serves`: elsewhere
 *   only if one of these functions is linked
 * @typedef {{doc: string, list: string[]}} List
 * @typedef {{
 *   doc: string, module: string,
 *   imports: Record<string, Call>, exports: Record<string, Call>, wasi: string[],
 *   commands: {doc: string, list: Record<string, {operands: string[], doc: string}>},
 *   places: List, types: List, eventFlags: List, eventReplies: List, moments: List, orders: List, logLevels: List,
 *   codes: Record<string, [number, string, string]>,
 * }} Abi
 */

/**
 * @param {string} path
 * @returns {Abi}
 */
export const readAbi = (path) => JSON.parse(readFileSync(path, "utf8"));
