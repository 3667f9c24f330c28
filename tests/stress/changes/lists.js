// SPDX-License-Identifier: MIT
// Draws what becomes of a list of items.

/** @typedef {import("./protocol.js").Item} Item */
/** @typedef {import("../../fuzz/random.mjs").Random} Random */

/** Keys are above all numbers of controls; each list has its own. */
export const FIRST_KEY = 1000;
export const KEYS = 64;

const MOST = 40;
const NAMES = ["", "a", "two words", "é", "漢字", "😀", "<i>", "twenty-nine letters and spaces"];

/**
 * @param {Random} random
 * @param {Item[]} now
 * @param {number} firstKey
 * @returns {Item[]}
 */
export function changed(random, now, firstKey) {
  const list = [...now];
  const at = () => random.below(list.length + 1);
  const one = () => random.below(Math.max(1, list.length));
  const make = () => {
    const free = Array.from({ length: KEYS }, (_, i) => firstKey + i).filter(
      (key) => !list.some((item) => item.key === key),
    );
    return {
      key: random.pick(free),
      look: random.pick([0, 0, 1, 2]) | (random.below(2) << 2),
      name: random.pick(NAMES),
    };
  };
  const shuffle = () => {
    for (let i = list.length - 1; i > 0; i--) swap(i, random.below(i + 1));
  };
  /** @param {number} i @param {number} j */
  const swap = (i, j) => ([list[i], list[j]] = [list[j], list[i]]);
  const change = () => {
    const i = one();
    // Another look may need other controls.
    const look = random.chance(70) ? list[i].look ^ (random.below(2) << 2) : random.pick([0, 1, 2]);
    list[i] = { ...list[i], look, name: random.pick(NAMES) };
  };
  /** @type {Record<string, () => unknown>} */
  const ways = {
    add() {
      for (let i = random.between(1, 8); i > 0 && list.length < MOST; i--) list.splice(at(), 0, make());
    },
    append() {
      for (let i = random.between(1, 8); i > 0 && list.length < MOST; i--) list.push(make());
    },
    remove() {
      for (let i = random.between(1, 5); i > 0; i--) list.splice(one(), 1);
    },
    move: () => list.splice(at(), 0, ...list.splice(one(), random.between(1, 3))),
    swap: () => swap(one(), one()),
    shuffle,
    reverse: () => list.reverse(),
    sort: () => list.sort((a, b) => a.key - b.key),
    rotate: () => list.push(...list.splice(0, 1)),
    replace() {
      const count = list.length;
      list.length = 0;
      for (let i = 0; i < count; i++) list.push(make());
    },
    clear: () => (list.length = 0),
    change,
    twice: () => list.splice(at(), 0, list[one()]),
    nothing() {},
    everything() {
      for (const name of ["remove", "add", "move", "swap", "change"]) if (list.length) ways[name]();
    },
  };
  const name = list.length ? random.pick(Object.keys(ways)) : "add";
  ways[name]();
  return list;
}
