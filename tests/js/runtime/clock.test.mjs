// SPDX-License-Identifier: MIT
// The browser's clock, in a browser whose time and tasks are the test's.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

let time = 0;
/** @type {(() => void)[]} */
let messages = [];
/** @type {{ due: number, action: () => void }[]} */
let timers = [];
/** @type {number[]} */
let delays = [];
/** How much too soon timers fire, as browsers' do. */
let haste = 0;

Object.assign(globalThis, {
  performance: { now: () => time },
  MessageChannel: class {
    port1 = { onmessage: () => {} };
    port2 = { postMessage: () => messages.push(() => this.port1.onmessage()) };
  },
  setTimeout: (/** @type {() => void} */ action, /** @type {number} */ delay) => {
    const timer = { due: time + delay - haste, action };
    delays.push(delay);
    timers.push(timer);
    return timer;
  },
  clearTimeout: (/** @type {any} */ timer) => {
    timers = timers.filter((other) => other !== timer);
  },
});

const document = /** @type {any} */ (new EventTarget());
const { createClock } = await import("../../../js/runtime/clock.js");

function deliver() {
  for (const message of messages.splice(0)) message();
}

/** @param {number} milliseconds */
function pass(milliseconds) {
  time += milliseconds;
  for (const timer of timers.filter(({ due }) => due <= time)) {
    timers = timers.filter((other) => other !== timer);
    timer.action();
  }
  deliver();
}

beforeEach(() => {
  [messages, timers, delays, haste] = [[], [], [], 0];
  time += 1000;
});

test("now starts at 0 and goes with the browser", () => {
  const clock = createClock(document);
  assert.equal(clock.now(), 0);
  time += 12.5;
  assert.equal(clock.now(), 12.5);
  assert.equal(Math.abs(clock.time() - Date.now()) < 1000, true);
});

test("at once is a message, not a timer, and never within the call", () => {
  let count = 0;
  createClock(document).schedule(0, () => count++);
  assert.equal(count, 0);
  assert.equal(timers.length, 0);
  deliver();
  assert.equal(count, 1);
  pass(1000);
  assert.equal(count, 1);
});

test("a delay is a timer that is set in a message's task", () => {
  let count = 0;
  createClock(document).schedule(5, () => count++);
  assert.equal(timers.length, 0);
  deliver();
  assert.deepEqual(delays, [5]);
  pass(4.9);
  assert.equal(count, 0);
  pass(0.1);
  assert.equal(count, 1);
});

test("never early, even when the timer is", () => {
  let at = -1;
  haste = 0.6;
  const clock = createClock(document);
  clock.schedule(10.2, () => (at = clock.now()));
  deliver();
  for (let i = 0; i < 200; i++) pass(0.1);
  assert.ok(at >= 10.2 && at < 11.5, `${at}`);
});

test("withdrawn before the message, before the timer, and after all", () => {
  let count = 0;
  const clock = createClock(document);
  clock.schedule(0, () => count++)();
  deliver();
  const cancel = clock.schedule(5, () => count++);
  deliver();
  cancel();
  assert.equal(timers.length, 0);
  pass(10);
  assert.equal(count, 0);
  const late = clock.schedule(0, () => count++);
  deliver();
  late();
  late();
  pass(10);
  assert.equal(count, 1);
});

test("a page that comes back is looked at at once, without a second call later", () => {
  let count = 0;
  createClock(document).schedule(5, () => count++);
  deliver();
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(count, 0);
  time += 60_000;
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(count, 1);
  pass(1000);
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(count, 1);
});

test("a delay beyond what a timer can take", () => {
  let count = 0;
  const month = 31 * 24 * 3600 * 1000;
  createClock(document).schedule(month, () => count++);
  deliver();
  assert.ok(delays[0] < 2 ** 31);
  pass(2 ** 31 - 1);
  assert.equal(count, 0);
  pass(month);
  assert.equal(count, 1);
});

test("several at once, in the order of their times", () => {
  /** @type {number[]} */
  const order = [];
  const clock = createClock(document);
  for (const delay of [3, 1, 0, 2]) clock.schedule(delay, () => order.push(delay));
  deliver();
  for (let i = 0; i < 5; i++) pass(1);
  assert.deepEqual(order, [0, 1, 2, 3]);
});
