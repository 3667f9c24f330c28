// SPDX-License-Identifier: MIT
// A clock that stands still until it is told to go on.

/** @returns {import("../../js/runtime/clock.js").Clock & { wishes: { due: number, action: () => void }[], pass: (ms: number) => void }} */
export function createFakeClock() {
  let time = 0;
  /** @type {{ due: number, action: () => void }[]} */
  const wishes = [];
  return {
    wishes,
    now: () => time,
    time: () => 1_700_000_000_000 + time,
    schedule(delay, action) {
      const wish = { due: time + delay, action };
      wishes.push(wish);
      return () => void (wishes.includes(wish) && wishes.splice(wishes.indexOf(wish), 1));
    },
    pass(ms) {
      time += ms;
      for (const wish of wishes.filter(({ due }) => due <= time)) {
        wishes.splice(wishes.indexOf(wish), 1);
        wish.action();
      }
    },
  };
}
