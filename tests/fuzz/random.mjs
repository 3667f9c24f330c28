// SPDX-License-Identifier: MIT
// Choices that look random and are the same for the same seed (mulberry32).

/** @typedef {ReturnType<typeof createRandom>} Random */

/** @param {number} seed */
export function createRandom(seed) {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0; // neighbours among seeds must not choose alike
  const word = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (/** @type {number} */ end) => word() % end;

  return {
    word,
    /** 0 to end - 1 */
    below,
    /** @type {(first: number, last: number) => number} both included */
    between: (first, last) => first + below(last - first + 1),
    /** @param {number} percent */
    chance: (percent) => below(100) < percent,
    /** @type {<T>(list: readonly T[]) => T} */
    pick: (list) => list[below(list.length)],
    /** @type {(weights: Record<string, number>) => string} one of the names, the heavier the likelier */
    weighted(weights) {
      let left = below(Object.values(weights).reduce((sum, weight) => sum + weight, 0));
      for (const [name, weight] of Object.entries(weights)) if ((left -= weight) < 0) return name;
      throw new RangeError("no weights");
    },
  };
}
