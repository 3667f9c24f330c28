// SPDX-License-Identifier: MIT
// A clock for tests: time passes when the test says so, and everything happens at its exact moment.

const longestRun = 2000;
const frameLength = 16; // ms

/** Where time starts, milliseconds since 1970: the first of January 2000. */
export const epoch = 946_684_800_000;

/**
 * @typedef {object} Wish
 * @property {number} due
 * @property {() => void} action
 */

/** Lets promises that are answered already tell so. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

/**
 * @returns {import("../runtime/clock.js").Clock & {advance: (milliseconds: number) => Promise<void>}}
 */
export function createVirtualClock() {
  let now = 0;
  /** @type {Wish[]} those of the same moment in the order in which they were made */
  const wishes = [];

  /** @param {number} end */
  function takeDue(end) {
    let first;
    for (const wish of wishes) if (wish.due <= end && (!first || wish.due < first.due)) first = wish;
    if (first) wishes.splice(wishes.indexOf(first), 1);
    return first;
  }

  const clock = {
    now: () => now,
    time: () => epoch + now,
    frame: (/** @type {() => void} */ action) =>
      void clock.schedule(frameLength - (now % frameLength), action),
    idle: (/** @type {() => void} */ action) => void clock.schedule(1, action),
    /**
     * @param {number} delay
     * @param {() => void} action
     */
    schedule(delay, action) {
      const wish = { due: now + delay, action };
      wishes.push(wish);
      return () => {
        if (wishes.includes(wish)) wishes.splice(wishes.indexOf(wish), 1);
      };
    },
    /**
     * Lets time pass: everything that falls due happens, in order. 0: what is due now.
     * @param {number} milliseconds
     */
    async advance(milliseconds) {
      if (!(milliseconds >= 0)) throw new RangeError(`Time cannot pass by ${milliseconds} ms.`);
      const end = now + milliseconds;
      let count = 0;
      await settle();
      for (let wish; (wish = takeDue(end));) {
        count = wish.due > now ? 0 : count + 1;
        if (count > longestRun)
          throw new Error(
            `The app does not come to rest at ${now} ms. Does a task call kp_yield or kp_sleep(0) without end?`,
          );
        now = Math.max(now, wish.due);
        wish.action();
        // Promises have their turn, but a task that goes on and on need not wait for the rest of Node each time.
        if (count % 100) await null;
        else await settle();
      }
      now = end;
    },
  };
  return clock;
}
