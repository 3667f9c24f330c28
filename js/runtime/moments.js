// SPDX-License-Identifier: MIT
// Moments that only the browser knows. Only apps that wait for one load this.
import { isBusy } from "./clock.js";

/** @typedef {import("./clock.js").Clock} Clock */

const longestFrame = 1000;

/**
 * Calls the action before the browser draws next; where it does not draw, as in a hidden page, after a second.
 * @param {() => void} action
 * @param {Clock} clock
 */
export function frame(action, clock) {
  const come = () => {
    cancelAnimationFrame(id);
    withdraw();
    action();
  };
  const id = requestAnimationFrame(come);
  const withdraw = clock.schedule(longestFrame, come);
}

/**
 * Calls the action when the browser has nothing else to do.
 * @param {() => void} action
 * @param {Clock} clock
 */
export function idle(action, clock) {
  // Safari has no requestIdleCallback: there it is when no app has anything to do.
  const look = () => (isBusy() ? wait() : action());
  const wait = () => clock.schedule(1, look);
  if ("requestIdleCallback" in globalThis) requestIdleCallback(action);
  else wait();
}
