// SPDX-License-Identifier: MIT
// How a step is written for main.c. A step is a list: its name, and what it is about.

/** @typedef {{ key: number, look: number, name: string }} Item */
/** @typedef {(string | number | boolean | null | Item[])[]} Step */

const END_OF_TEXT = "\x01";
const NO_TEXT = "\x02";
/** In a text: a byte that is not UTF-8. */
export const NOT_UTF8 = "\x03";
/** In a report: a line break. */
export const NEWLINE = "\x04";

/** @type {Record<string, string>} */
const LETTERS = {
  new: "n",
  add: "a",
  insert: "i",
  remove: "r",
  clear: "c",
  set: "s",
  hear: "h",
  focus: "f",
  look: "l",
  read: "v",
  items: "k",
  update: "u",
  yield: "y",
};

/** Steps of the user, which the page does itself. */
export const USERS = new Set(["enter", "write", "tick", "scroll", "press"]);

/** @param {unknown} text */
const quoted = (text) => `${text ?? NO_TEXT}${END_OF_TEXT}`;

/**
 * @param {Step} step
 * @param {import("../program.mjs").Definitions} definitions
 */
export function encode([name, ...operands], { kinds, properties, events }) {
  const letter = LETTERS[/** @type {string} */ (name)];
  if (name === "new") {
    const [number, kind, flags, text, first, second] = operands;
    const index = kinds.findIndex(({ name }) => name === kind);
    return `${letter}${number} ${index} ${flags} ${first} ${second} ${quoted(text)}\n`;
  }
  if (name === "set") {
    const [number, property, value] = operands;
    const isText = value === null || typeof value === "string";
    const index = properties.indexOf(/** @type {string} */ (property));
    return `${letter}${number} ${index} ${isText ? 0 : Number(value)} ${quoted(isText ? value : null)}\n`;
  }
  if (name === "hear") {
    const [number, event, on] = operands;
    return `${letter}${number} ${events.indexOf(/** @type {string} */ (event))} ${Number(on)}\n`;
  }
  if (name === "items") {
    const [number, items] = /** @type {[number, Item[]]} */ (operands);
    const list = items.map(({ key, look, name }) => ` ${key} ${look} ${quoted(name)}`);
    return `${letter}${number} ${items.length}${list.join("")}\n`;
  }
  return `${letter}${operands.join(" ")}\n`;
}
