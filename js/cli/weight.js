// SPDX-License-Identifier: MIT
// What `kapok build --report` says of a module: where its bytes are, and why they are there.
import { inBytes } from "./sizes.js";

const MOST_FUNCTIONS = 20;
const MOST_USES = 5;

/** @param {{ bytes: number }[]} parts */
const sum = (parts) => parts.reduce((total, { bytes }) => total + bytes, 0);

/**
 * @param {number} bytes
 * @param {string} what
 */
const line = (bytes, what) => `  ${inBytes(bytes).padStart(9)}  ${what}`;

/** @param {string[]} uses */
function reason(uses) {
  if (!uses.length) return "the linker keeps it; no line of the app names it";
  const more = uses.length - MOST_USES;
  return uses.slice(0, MOST_USES).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/**
 * @param {string} name of the module's file
 * @param {import("../../wasm/weigh.mjs").Weight} weight
 * @returns {string} lines to print, sizes in bytes, uncompressed
 */
export function weightText(name, { bytes, sections, functions, suspension, controls }) {
  const shown = functions.slice(0, MOST_FUNCTIONS);
  const rest = functions.slice(MOST_FUNCTIONS);
  const suspending = functions.filter(({ suspends }) => suspends);
  const width = Math.max(0, ...controls.map(({ name }) => name.length));
  return [
    `\n${name}, ${inBytes(bytes)} bytes by section`,
    ...sections.map(({ name, bytes }) => line(bytes, name)),
    `\nIts largest functions (~: a task may wait in it, so Asyncify has rewritten it)`,
    ...shown.map(({ name, bytes, suspends }) => line(bytes, `${suspends ? "~" : " "} ${name}`)),
    ...(rest.length ? [line(sum(rest), `  the other ${rest.length}`)] : []),
    `\nTasks that wait cost ${inBytes(suspension)} bytes: ${suspending.length} of ${functions.length} functions are rewritten for it.`,
    `\nIts controls, and what brings them in`,
    ...controls.map(({ name, uses }) => `  ${name.padEnd(width)}  ${reason(uses)}`),
  ].join("\n");
}
