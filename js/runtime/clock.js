// SPDX-License-Identifier: MIT
// Time as the browser has it. Tests have a clock of their own, see js/testing/clock.js.

/**
 * @typedef {object} Clock
 * @property {() => number} now milliseconds since the clock was made; never goes back
 * @property {() => number} time milliseconds since 1970
 * @property {(delay: number, action: () => void) => () => void} schedule calls `action` after `delay`
 *   milliseconds, never early; 0: once the browser has drawn and handled input. Returns what withdraws it.
 * @property {() => void} [close] ends it; nothing that is scheduled happens any more
 */

const longestTimeout = 2 ** 31 - 1;

/**
 * @param {Document} document
 * @returns {Clock & {close: () => void}}
 */
export function createClock(document) {
  const window = /** @type {Window} */ (document.defaultView);
  const origin = performance.now();
  const now = () => performance.now() - origin;
  const { port1, port2 } = new MessageChannel();
  /** @type {(() => void)[]} */
  const hops = [];
  /** @type {Set<() => void>} what waits for a timer */
  const checks = new Set();
  port1.onmessage = () => hops.shift()?.();

  // A timer that is set in a message's task, not in a timer's, is not held up for at least 4 ms.
  /** @param {() => void} action */
  function hop(action) {
    hops.push(action);
    port2.postMessage(0);
  }

  // Browsers delay the timers of a hidden page; when it is back, look at once.
  const checkAll = () => checks.forEach((check) => check());
  document.addEventListener("visibilitychange", checkAll);
  window.addEventListener("pageshow", checkAll);

  return {
    now,
    time: () => Date.now(),
    schedule(delay, action) {
      const due = now() + delay;
      let isLive = true;
      /** @type {ReturnType<typeof setTimeout> | undefined} */
      let timer;

      function cancel() {
        isLive = false;
        checks.delete(check);
        clearTimeout(timer);
      }
      function check() {
        clearTimeout(timer);
        if (now() < due) return hop(arm);
        cancel();
        action();
      }
      function arm() {
        if (!isLive) return;
        const left = Math.ceil(due - now());
        if (left <= 0) return check();
        checks.add(check);
        timer = setTimeout(check, Math.min(left, longestTimeout));
      }
      hop(arm);
      return cancel;
    },
    close() {
      port1.close();
      checks.forEach((check) => checks.delete(check));
      document.removeEventListener("visibilitychange", checkAll);
      window.removeEventListener("pageshow", checkAll);
    },
  };
}
