// SPDX-License-Identifier: MIT
// The rows that the pages in JavaScript show: a number that is never used twice, and three words drawn by lot.

const QUALITIES = [
  "brisk",
  "calm",
  "dense",
  "early",
  "faint",
  "grand",
  "hollow",
  "idle",
  "keen",
  "lofty",
  "mild",
];
const COLOURS = ["amber", "blue", "copper", "green", "ivory", "pink", "red", "silver", "teal", "violet"];
const THINGS = [
  "anchor",
  "basket",
  "candle",
  "drum",
  "engine",
  "feather",
  "kettle",
  "ladder",
  "mirror",
  "rope",
];

/** @param {string[]} words */
const oneOf = (words) => words[Math.floor(Math.random() * words.length)];

let lastId = 0;

/**
 * @param {number} count
 * @returns {{ id: number, label: string }[]}
 */
export function makeRows(count) {
  return Array.from({ length: count }, () => ({
    id: ++lastId,
    label: `${oneOf(QUALITIES)} ${oneOf(COLOURS)} ${oneOf(THINGS)}`,
  }));
}

/** What an update of every tenth row adds to its label. */
export const MARK = " !!!";

/** The page's buttons: what they are called in the page, and what stands on them. */
export const BUTTONS = [
  ["run", "Create 1,000 rows"],
  ["runlots", "Create 10,000 rows"],
  ["add", "Append 1,000 rows"],
  ["update", "Update every 10th row"],
  ["clear", "Clear"],
  ["swaprows", "Swap rows"],
];
