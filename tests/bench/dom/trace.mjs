// SPDX-License-Identifier: MIT
// How long a click took, from a trace of Chromium's, as js-framework-benchmark reads it (timeline.ts there): from
// the click to the end of the first commit after the last thing that could have changed the page.

/** @typedef {{ name: string, ts: number, dur?: number, pid: number, args?: any }} TraceEvent times in microseconds */

export const CATEGORIES = ["blink.user_timing", "devtools.timeline", "disabled-by-default-devtools.timeline"];

const CAUSES = new Set(["FireAnimationFrame", "TimerFire", "Layout", "FunctionCall"]);
// Not EvaluateScript, which is how the bench itself asks the page whether it is done.
const SCRIPT = new Set([
  ...["EventDispatch", "FunctionCall", "TimerFire", "FireAnimationFrame", "FireIdleCallback"],
  ...["RunMicrotasks", "V8.Execute", "v8.evaluateModule"],
]);
// What a page waits for a frame beyond this is the browser's doing, in microseconds.
const FRAME = 16_000;

/** @param {TraceEvent} event */
const endOf = ({ ts, dur = 0 }) => ts + dur;

/**
 * @param {TraceEvent[]} events
 * @returns {{ total: number, script: number }} milliseconds; `script` is the part of it that ran JavaScript or
 *   WebAssembly
 */
export function readTrace(events) {
  const clicks = events.filter(({ name, args }) => name === "EventDispatch" && args.data.type === "click");
  if (clicks.length !== 1) throw new Error(`The trace holds ${clicks.length} clicks, not 1.`);
  const [click] = clicks;
  const own = events.filter(({ pid, ts }) => pid === click.pid && ts >= click.ts).sort((a, b) => a.ts - b.ts);
  const causes = own.filter((event) => CAUSES.has(event.name) && event.ts > endOf(click));
  const lastCause = Math.max(endOf(click), ...causes.map(endOf));
  const commits = own.filter(({ name, ts }) => name === "Commit" && ts > endOf(click));
  const commit = commits.find(({ ts }) => ts > lastCause) ?? commits.at(-1);
  if (!commit) throw new Error("The trace shows no paint after the click.");
  const scripts = own.filter((event) => SCRIPT.has(event.name) && event.ts < commit.ts);
  return {
    total: (endOf(commit) - click.ts - waitForFrame(own, click, commit)) / 1000,
    script: lengthOfUnion(scripts) / 1000,
  };
}

/**
 * How long beyond a frame a page waited that put its work off to the next one.
 * @param {TraceEvent[]} own
 * @param {TraceEvent} click
 * @param {TraceEvent} commit
 */
function waitForFrame(own, click, commit) {
  const during = own.filter(({ ts }) => ts < commit.ts);
  const asked = during.filter(({ name, ts }) => name === "RequestAnimationFrame" && ts <= endOf(click));
  const frames = during.filter(({ name }) => name === "FireAnimationFrame");
  if (asked.length !== 1 || frames.length !== 1) return 0;
  if (during.some(({ name, ts }) => name === "Layout" && ts < frames[0].ts)) return 0;
  return Math.max(0, frames[0].ts - endOf(click) - FRAME);
}

/**
 * @param {TraceEvent[]} events by their start
 * @returns {number} how long at least one of them was under way
 */
function lengthOfUnion(events) {
  let length = 0;
  let reached = -Infinity;
  for (const event of events) {
    length += Math.max(0, endOf(event) - Math.max(reached, event.ts));
    reached = Math.max(reached, endOf(event));
  }
  return length;
}
