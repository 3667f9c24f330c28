// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { table } from "./table.mjs";

const round = (/** @type {number} */ kapok) => ({
  "switch 2": { kapok, javascript: 60, asyncio: 30_000 },
  frames: { kapok: 45 },
});

test("shows medians, ratios and whether an aim is met", () => {
  const lines = table("Node", [round(30), round(500), round(20)]).split("\n");
  assert.equal(lines.length, 5);
  assert.match(lines[3], /^waits and goes on, 2 frames +ns +30 +60 \(2\.0\) +30,000 \(1000\) +≤ 40 ns: met$/);
  assert.match(lines[4], /^frames a second .+ 45 +≥ 50 fps: missed$/);
});
