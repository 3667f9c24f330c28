// SPDX-License-Identifier: MIT
// Time as the browser has it. Tests have a clock of their own, see js/testing/clock.js.

/**
 * @typedef {object} Clock
 * @property {() => number} now milliseconds since the clock was made; never goes back
 * @property {() => number} time milliseconds since 1970
 * @property {(delay: number, action: () => void) => () => void} schedule calls `action` after `delay`
 *   milliseconds, never early; 0: once the browser has drawn and handled input. Returns what withdraws it.
 * @property {(action: () => void) => void} frame calls it before the browser draws next; in a hidden page, once a second
 * @property {(action: () => void) => void} idle calls it when the browser has nothing else to do
 */

const longestTimeout = 2 ** 31 - 1;
const frameOfHidden = 1000;

/** @type {(() => void)[]} */
const hops = [];
const { port1, port2 } = new MessageChannel();

/**
 * @param {Document} document
 * @returns {Clock}
 */
export function createClock(document) {
  const origin = performance.now();
  const now = () => performance.now() - origin;
  port1.onmessage = () => hops.shift()?.();

  /** @type {Clock} */
  const clock = {
    now,
    time: Date.now,
    frame(action) {
      /** @type {(() => void) | undefined} */
      let withdraw;
      const id = requestAnimationFrame(come);
      // A hidden page has no frames, and one that is hidden meanwhile has none any more.
      const check = () => {
        withdraw ??= document.hidden ? clock.schedule(frameOfHidden, come) : undefined;
      };
      function come() {
        cancelAnimationFrame(id);
        withdraw?.();
        document.removeEventListener("visibilitychange", check);
        action();
      }
      document.addEventListener("visibilitychange", check);
      check();
    },
    idle(action) {
      // Safari has no requestIdleCallback.
      if ("requestIdleCallback" in globalThis) requestIdleCallback(action);
      else clock.schedule(1, action);
    },
    schedule(delay, action) {
      const due = now() + delay;
      let isLive = true;
      /** @type {ReturnType<typeof setTimeout>} */
      let timer;
      const cancel = () => {
        isLive = false;
        clearTimeout(timer);
        document.removeEventListener("visibilitychange", check);
      };
      const check = () => {
        clearTimeout(timer);
        const left = due - now();
        if (left > 0) {
          timer = setTimeout(check, Math.min(Math.ceil(left), longestTimeout));
          // The timers of a hidden page are late; when it is back, look at once.
          document.addEventListener("visibilitychange", check);
        } else if (isLive) {
          cancel();
          action();
        }
      };
      // By way of a message: a timer that is set in a timer's task is held up for 4 ms, and never
      // lets the browser draw first.
      hops.push(() => isLive && check());
      port2.postMessage(0);
      return cancel;
    },
  };
  return clock;
}
