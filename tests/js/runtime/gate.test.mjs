// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { createGate } from "../../../js/runtime/gate.js";

/** @type {string[]} */
let seen;
/** @type {import("../../../js/runtime/gate.js").Gate} */
let gate;
/** @type {(thrown: any) => (() => void) | void} */
let onThrow;

beforeEach(() => {
  seen = [];
  onThrow = (thrown) => void seen.push(`threw ${thrown}`);
  gate = createGate({
    onThrow: (thrown) => onThrow(thrown),
    onLeave: () => seen.push("left"),
    onError: (message) => seen.push(message),
  });
});

const say = (/** @type {string} */ word) => () => void seen.push(word);

test("an entry runs at once", () => {
  gate.enter(say("a"));
  assert.deepEqual(seen, ["a", "left"]);
});

test("entries during an entry run after it, in order, before it returns to the caller", () => {
  gate.enter(() => {
    gate.enter(() => {
      gate.enter(say("c"));
      seen.push("b");
    });
    gate.enter(say("d"));
    seen.push("a");
  });
  seen.push("returned");
  assert.deepEqual(seen, ["a", "left", "b", "left", "d", "left", "c", "left", "returned"]);
});

test("what an entry throws does not keep the others out", () => {
  gate.enter(() => {
    gate.enter(say("b"));
    throw "a";
  });
  gate.enter(say("c"));
  assert.deepEqual(seen, ["threw a", "left", "b", "left", "c", "left"]);
});

test("what answers a throw comes before all that waits, and may throw itself", () => {
  let count = 0;
  onThrow = (thrown) => {
    seen.push(`threw ${thrown}`);
    return () => {
      if (++count < 3) throw count;
      seen.push("answer");
    };
  };
  gate.enter(() => {
    gate.enter(say("b"));
    throw "a";
  });
  assert.deepEqual(
    seen.filter((word) => word !== "left"),
    ["threw a", "threw 1", "threw 2", "answer", "b"],
  );
});

test("a hundred thousand throws in a row need no stack", () => {
  let count = 0;
  onThrow = () => () => {
    if (++count < 100_000) throw "again";
  };
  gate.enter(() => {
    throw "first";
  });
  assert.equal(count, 100_000);
});

test("when it is closed there is no way in, not even for those that wait", () => {
  gate.enter(() => {
    gate.enter(say("never"));
    gate.close();
    throw "not told";
  });
  gate.enter(say("never"));
  assert.deepEqual(seen, ["left"]);
});

test("entries that lead to entries without end do not freeze the page", () => {
  let count = 0;
  const again = () => {
    count++;
    gate.enter(again);
  };
  gate.enter(again);
  assert.ok(count > 10_000);
  assert.match(seen.find((word) => word !== "left") ?? "", /keep raising events/);
  seen = [];
  gate.enter(say("a"));
  assert.deepEqual(seen, ["a", "left"]);
});
