// SPDX-License-Identifier: MIT
// The nine operations of js-framework-benchmark, by its own rules: what is done before, how much slower the
// processor is made to look, and how much each counts in the mean (benchmarksPuppeteer.ts and Common.ts there).

/**
 * @typedef {object} Step
 * @property {string} click a selector
 * @property {string} until an expression of JavaScript that is true once the page shows the result
 */

/**
 * @typedef {object} Operation
 * @property {string} id
 * @property {string} title
 * @property {number} weight in the geometric mean
 * @property {number} throttle how many times slower the processor is made to look; 1: not at all
 * @property {Step[]} before steps that are not measured
 * @property {Step} step what is measured
 */

/**
 * @param {number} row counted from 1
 * @param {number} column likewise
 */
const cell = (row, column) => `tbody > tr:nth-of-type(${row}) > td:nth-of-type(${column})`;

/** @param {number} row */
const label = (row) => `${cell(row, 2)} > a`;

/** @param {string} selector */
const text = (selector) => `document.querySelector(${JSON.stringify(selector)})?.textContent`;

/** @param {number} rows */
const count = (rows) => `document.querySelector("tbody").childElementCount === ${rows}`;

/** @param {number} earlier how often 1,000 rows have been created before, which numbers these */
const create = (earlier) => ({
  click: "#run",
  until: `${text(cell(1, 1))} === "${earlier * 1000 + 1}" && ${count(1000)}`,
});

const clear = { click: "#clear", until: count(0) };

/** @param {number} earlier how often it has been done before */
const update = (earlier) => ({
  click: "#update",
  until: `/[^!] !!!${" !!!".repeat(earlier)}$/.test(${text(label(991))})`,
});

/** @param {number} row */
const select = (row) => ({
  click: label(row),
  until: `document.querySelector("tbody > .danger") === document.querySelector("tbody > tr:nth-of-type(${row})")`,
});

/** @param {number} earlier how often it has been done before */
const swap = (earlier) => ({
  click: "#swaprows",
  until: `${text(cell(999, 1))} === "${earlier % 2 ? 999 : 2}"`,
});

/**
 * @param {number} row
 * @param {number} next the number of the row that takes its place
 */
const remove = (row, next) => ({
  click: `${cell(row, 3)} > a > span`,
  until: `${text(cell(row, 1))} === "${next}"`,
});

/**
 * @template T
 * @param {number} times
 * @param {(i: number) => T | T[]} make
 */
const repeat = (times, make) => Array.from({ length: times }, (_, i) => make(i)).flat();

const createAndClear = repeat(5, (i) => [create(i), clear]);

/** @type {Operation[]} */
export const OPERATIONS = [
  {
    id: "create1k",
    title: "create 1,000 rows",
    weight: 0.6428,
    throttle: 1,
    before: createAndClear,
    step: create(5),
  },
  {
    id: "replace1k",
    title: "replace 1,000 rows",
    weight: 0.5607,
    throttle: 1,
    before: repeat(5, create),
    step: create(5),
  },
  {
    id: "update",
    title: "update every 10th row",
    weight: 0.5644,
    throttle: 4,
    before: [create(0), ...repeat(3, update)],
    step: update(3),
  },
  {
    id: "select",
    title: "select a row",
    weight: 0.1926,
    throttle: 4,
    before: [create(0), select(5)],
    step: select(2),
  },
  {
    id: "swap",
    title: "swap two rows",
    weight: 0.132,
    throttle: 4,
    before: [create(0), ...repeat(6, swap)],
    step: swap(6),
  },
  {
    id: "remove",
    title: "remove a row",
    weight: 0.5277,
    throttle: 2,
    before: [create(0), ...[9, 8, 7, 6, 5].map((row) => remove(row, 10)), remove(6, 12)],
    step: remove(4, 10),
  },
  {
    id: "create10k",
    title: "create 10,000 rows",
    weight: 0.5644,
    throttle: 1,
    before: createAndClear,
    step: { click: "#runlots", until: count(10_000) },
  },
  {
    id: "append1k",
    title: "append 1,000 to 1,000 rows",
    weight: 0.5508,
    throttle: 1,
    before: [...createAndClear, create(5)],
    step: { click: "#add", until: count(2000) },
  },
  {
    id: "clear1k",
    title: "clear 1,000 rows",
    weight: 0.4226,
    throttle: 4,
    before: [...createAndClear, create(5)],
    step: clear,
  },
];
