// SPDX-License-Identifier: MIT
// The browser's clock and moments, in a browser whose time and tasks are the test's.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

/** @typedef {{ due: number, action: () => void }} Timer */

let time = 0;
/** @type {(() => void)[]} */
let messages = [];
/** @type {Timer[]} */
let timers = [];
/** @type {number[]} */
let delays = [];
/** @type {(() => void)[]} */
let frames = [];
/** How much too soon timers fire, as browsers' do. */
let haste = 0;
/** The most that were armed, or under way, at a time. */
let most = { timers: 0, messages: 0 };
let isTimerTask = false;

Object.assign(globalThis, {
  performance: { now: () => time },
  MessageChannel: class {
    port1 = { onmessage: () => {} };
    port2 = {
      postMessage: () => {
        most.messages = Math.max(
          most.messages,
          messages.push(() => this.port1.onmessage()),
        );
      },
    };
  },
  setTimeout: (/** @type {() => void} */ action, /** @type {number} */ delay) => {
    assert.ok(!isTimerTask, "a browser would hold this timer up");
    const timer = { due: time + delay - haste, action };
    delays.push(delay);
    most.timers = Math.max(most.timers, timers.push(timer));
    return timer;
  },
  clearTimeout: (/** @type {any} */ timer) => {
    timers = timers.filter((other) => other !== timer);
  },
  requestAnimationFrame: (/** @type {() => void} */ action) => (frames.push(action), action),
  cancelAnimationFrame: (/** @type {() => void} */ action) => {
    frames = frames.filter((other) => other !== action);
  },
});

const window = new EventTarget();
const document = /** @type {any} */ (Object.assign(new EventTarget(), { defaultView: window }));
const { createClock } = await import("../../../js/runtime/clock.js");
const { frame, idle } = await import("../../../js/runtime/moments.js");

function deliver() {
  for (const message of messages.splice(0)) message();
}

/** @param {number} milliseconds */
function pass(milliseconds) {
  time += milliseconds;
  for (const timer of timers.filter(({ due }) => due <= time)) {
    timers = timers.filter((other) => other !== timer);
    isTimerTask = true;
    timer.action();
    isTimerTask = false;
  }
  deliver();
}

/** The browser draws. */
function draw() {
  for (const frame of frames.splice(0)) frame();
}

beforeEach(() => {
  assert.deepEqual([timers, messages, frames], [[], [], []], "the test before has left something");
  [delays, haste] = [[], 0];
  most = { timers: 0, messages: 0 };
  time += 1000;
});

test("now starts at 0 and goes with the browser", () => {
  const clock = createClock(document);
  assert.equal(clock.now(), 0);
  time += 12.5;
  assert.equal(clock.now(), 12.5);
  assert.equal(Math.abs(clock.time() - Date.now()) < 1000, true);
});

describe("schedule", () => {
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

  test("a delay is a timer", () => {
    let count = 0;
    createClock(document).schedule(5, () => count++);
    assert.deepEqual([delays, messages], [[5], []]);
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
    for (let i = 0; i < 200; i++) pass(0.1);
    assert.ok(at >= 10.2 && at < 11.5, `${at}`);
  });

  test("withdrawn before the message, before the timer, and after all", () => {
    let count = 0;
    const clock = createClock(document);
    clock.schedule(0, () => count++)();
    deliver();
    clock.schedule(5, () => count++)();
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

  test("withdrawn by another of the same moment", () => {
    let count = 0;
    const clock = createClock(document);
    clock.schedule(1, () => withdraw());
    const withdraw = clock.schedule(1, () => count++);
    pass(1);
    pass(1);
    assert.equal(count, 0);
  });

  test("a delay beyond what a timer can take, and one without end", () => {
    let count = 0;
    const month = 31 * 24 * 3600 * 1000;
    const clock = createClock(document);
    const withdraw = clock.schedule(Infinity, () => count++);
    assert.deepEqual([timers, messages], [[], []]);
    withdraw();
    clock.schedule(month, () => count++);
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
});

describe("the browser's turn", () => {
  test("one timer is armed, for the first of all the apps of the page, and again from a message", () => {
    /** @type {number[]} */
    const order = [];
    for (let i = 100; i > 0; i--) createClock(document).schedule(i, () => order.push(i));
    for (let i = 0; i < 100; i++) pass(1);
    assert.deepEqual(
      order,
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
    assert.deepEqual([most, timers, messages], [{ timers: 1, messages: 1 }, [], []]);
  });

  test("messages do not pile up, whatever is wished for and withdrawn", () => {
    const clock = createClock(document);
    let count = 0;
    for (let i = 0; i < 1000; i++) clock.schedule(0, () => count++)();
    for (let i = 0; i < 10; i++) clock.schedule(0, () => count++);
    deliver();
    assert.deepEqual([count, most.messages, messages], [10, 1, []]);
  });

  test("comes between an action and what that wishes for", () => {
    const clock = createClock(document);
    let count = 0;
    const again = () => void (++count < 4 && clock.schedule(0, again));
    again();
    for (let i = 1; i < 4; i++) {
      assert.deepEqual([count, messages.length], [i, 1]);
      deliver();
    }
    assert.deepEqual([count, messages], [4, []]);
  });

  test("a wish that changes before it falls due costs no message", () => {
    const clock = createClock(document);
    for (let i = 1; i < 100; i++) clock.schedule(i, () => {})();
    assert.equal(most.messages, 0);
    assert.deepEqual(timers, []);
  });

  test("an action that throws does not hold up the others", () => {
    let count = 0;
    const clock = createClock(document);
    clock.schedule(0, () => {
      throw new Error("on purpose");
    });
    clock.schedule(0, () => count++);
    clock.schedule(5, () => count++);
    assert.throws(deliver, /on purpose/);
    deliver();
    assert.equal(count, 1);
    pass(5);
    assert.equal(count, 2);
  });
});

describe("a page that comes back", () => {
  for (const [what, target] of Object.entries({ visibilitychange: document, pageshow: window }))
    test(`is looked at at once, without a second call later (${what})`, () => {
      let count = 0;
      createClock(document).schedule(5, () => count++);
      target.dispatchEvent(new Event(what));
      assert.equal(count, 0);
      time += 60_000;
      target.dispatchEvent(new Event(what));
      assert.equal(count, 1);
      pass(1000);
      target.dispatchEvent(new Event(what));
      assert.equal(count, 1);
      assert.deepEqual([timers, messages], [[], []]);
    });

  test("has the next timer armed from now", () => {
    let count = 0;
    const clock = createClock(document);
    const again = () => void (++count < 3 && clock.schedule(10, again));
    again();
    time += 3_600_000; // a laptop sleeps
    window.dispatchEvent(new Event("pageshow"));
    assert.equal(count, 2);
    assert.deepEqual([timers.map(({ due }) => due - time), messages], [[10], []]);
    pass(10);
    assert.equal(count, 3);
  });
});

describe("a frame", () => {
  test("is the browser's", () => {
    let count = 0;
    frame(() => count++, createClock(document));
    pass(20);
    assert.equal(count, 0);
    draw();
    assert.equal(count, 1);
    pass(5000);
    assert.deepEqual([count, timers, messages], [1, [], []]);
  });

  test("comes after a second where the browser does not draw, and not once more when it does", () => {
    let count = 0;
    frame(() => count++, createClock(document));
    pass(999);
    assert.equal(count, 0);
    pass(1);
    assert.equal(count, 1);
    draw();
    assert.equal(count, 1);
  });
});

describe("leisure", () => {
  test("is what the browser takes for it", () => {
    /** @type {any} */ (globalThis).requestIdleCallback = (/** @type {() => void} */ action) =>
      messages.push(action);
    let count = 0;
    idle(() => count++, createClock(document));
    delete (/** @type {any} */ (globalThis).requestIdleCallback);
    assert.equal(count, 0);
    deliver();
    assert.equal(count, 1);
  });

  test("where the browser does not tell, comes when no app has anything to do", () => {
    let count = 0;
    let work = 20;
    const clock = createClock(document);
    const compute = () => void (--work && createClock(document).schedule(0, compute));
    compute();
    idle(() => count++, clock);
    while (work) {
      assert.equal(count, 0);
      pass(2);
    }
    pass(1);
    pass(1);
    assert.equal(count, 1);
    assert.deepEqual([timers, messages], [[], []]);
  });
});
