// SPDX-License-Identifier: MIT
// Time as the browser has it. Tests have a clock of their own, see js/testing/clock.js.

/**
 * @typedef {object} Clock
 * @property {() => number} now milliseconds since the clock was made; never goes back
 * @property {() => number} time milliseconds since 1970
 * @property {(delay: number, action: () => void) => () => void} schedule calls `action` after `delay`
 *   milliseconds, never early; 0: once the browser has drawn and handled input. Returns what withdraws it.
 * @property {(action: () => void) => void} [frame] calls it before the page is drawn next; default: the browser's
 * @property {(action: () => void) => void} [idle] calls it when there is nothing else to do; default: the browser's
 */

/** @typedef {{due: number, action: () => void}} Wish */

const longestTimeout = 2 ** 31 - 1;

// All apps of a page share these: one timer, and at most one message under way.
/** @type {Set<Wish>} */
const wishes = new Set();
const channel = /* @__PURE__ */ new MessageChannel();
let isHopping = false;
let isLooking = false;
/** @type {ReturnType<typeof setTimeout>} */
let timer;

/** Whether it is time for something that has not been done yet. */
export const isBusy = () => [...wishes].some(isDue);

const isDue = (/** @type {Wish} */ { due }) => due <= performance.now();

function arm() {
  const left = Math.min(...[...wishes].map(({ due }) => due)) - performance.now();
  clearTimeout(timer);
  if (left <= 0) hop();
  else if (left < Infinity) timer = setTimeout(() => look(hop), Math.min(Math.ceil(left), longestTimeout));
}

// A message lets the browser draw first.
function hop() {
  if (isHopping || !wishes.size) return;
  isHopping = true;
  channel.port2.postMessage(0);
}

/**
 * Does what is due now, but not what is wished for meanwhile.
 * @param {() => void} goOn A timer that is set in a timer's task is held up: for 4 ms, in a hidden page for up to a minute.
 *   So after one it is `hop`, and the next timer is set in a message's task.
 */
function look(goOn) {
  isLooking = true;
  try {
    for (const wish of [...wishes].filter(isDue)) if (wishes.delete(wish)) wish.action();
  } finally {
    isLooking = false;
    goOn();
  }
}

// What a page that was hidden or stored has missed is not left to timers, which may be late.
const comeBack = () => look(arm);

/**
 * @param {Document} document
 * @returns {Clock}
 */
export function createClock(document) {
  const origin = performance.now();
  channel.port1.onmessage = () => {
    isHopping = false;
    look(arm);
  };
  // Added once only, however many clocks there are.
  document.addEventListener("visibilitychange", comeBack);
  document.defaultView?.addEventListener("pageshow", comeBack);

  return {
    now: () => performance.now() - origin,
    time: Date.now,
    schedule(delay, action) {
      const wish = { due: performance.now() + delay, action };
      wishes.add(wish);
      if (!isLooking) arm();
      return () => {
        if (wishes.delete(wish) && !isLooking) arm();
      };
    },
  };
}
