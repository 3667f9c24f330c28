// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { geometricMean, median } from "./statistics.mjs";
import { readTrace } from "./trace.mjs";

/**
 * @param {string} name
 * @param {number} ts
 * @param {number} dur
 */
const event = (name, ts, dur, pid = 1) => ({ name, ts, dur, pid });

const click = { ...event("EventDispatch", 1000, 5000), args: { data: { type: "click" } } };

test("from the click to the end of the commit that follows the last change; script counted once", () => {
  const events = [
    event("FunctionCall", 0, 900),
    { ...event("EventDispatch", 950, 10), args: { data: { type: "mousedown" } } },
    click,
    event("FunctionCall", 1100, 4000),
    event("Commit", 7000, 500),
    event("FunctionCall", 8000, 1000),
    event("Layout", 9500, 2000),
    event("Commit", 12_000, 1000),
    event("Commit", 20_000, 1000),
    event("EvaluateScript", 11_600, 100),
    event("Layout", 30_000, 1000, 2),
  ];
  assert.deepEqual(readTrace(events), { total: 12, script: 6 });
  assert.deepEqual(readTrace(events.toReversed()), { total: 12, script: 6 });
});

test("a wait for a frame counts as long as a frame lasts", () => {
  const events = [
    click,
    event("RequestAnimationFrame", 2000, 0),
    event("FireAnimationFrame", 36_000, 1000),
    event("Layout", 38_000, 1000),
    event("Commit", 40_000, 1000),
  ];
  assert.deepEqual(readTrace(events), { total: 26, script: 6 });
  const early = [...events, event("Layout", 7000, 1000)];
  assert.deepEqual(readTrace(early), { total: 40, script: 6 });
});

test("a trace without one click, or without a commit, is refused", () => {
  assert.throws(() => readTrace([]), /0 clicks/);
  assert.throws(() => readTrace([click, click]), /2 clicks/);
  assert.throws(() => readTrace([event("Commit", 0, 10), click]), /no paint/);
});

test("medians and weighted means", () => {
  assert.equal(median([5, 1, 9]), 5);
  assert.equal(median([5, 1, 9, 6]), 5.5);
  assert.equal(geometricMean([{ value: 2 }, { value: 8 }]), 4);
  const weighted = geometricMean([
    { value: 2, weight: 3 },
    { value: 32, weight: 1 },
  ]);
  assert.ok(Math.abs(weighted - 4) < 1e-12);
});
