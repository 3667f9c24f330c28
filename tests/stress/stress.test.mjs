// SPDX-License-Identifier: MIT
// A few thousand changes and mounts; ./build.sh stress does a million of each, or as many as one likes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mounts } from "./mounts.mjs";
import { change } from "./session.mjs";

test("after random changes the page is what a model says, and what was kept is as the user left it", async () => {
  const { failure } = await change({ seed: 1, steps: 4000 });
  assert.equal(failure, undefined, failure);
});

test("after mounts and unmounts nothing is left: no node, listener, handle or byte", async () => {
  const { failure } = await mounts({ mounts: 2000 });
  assert.equal(failure, undefined, failure);
});
