// SPDX-License-Identifier: MIT
// Two hundred programs; ./build.sh fuzz runs as many as one likes.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fuzz } from "./session.mjs";

/** @param {number} seed @param {number} count @returns {Promise<number>} lines of trace */
async function waitsOf(seed, count) {
  const folder = await mkdtemp(join(tmpdir(), "kapok-fuzz-"));
  try {
    const { waits, failure } = await fuzz({ folder, seed, count });
    assert.equal(failure, undefined, failure);
    return waits;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("random programs do natively and as WebAssembly the same", async () => {
  const waits = await waitsOf(1, 200);
  assert.ok(waits > 5000, `the programs leave traces of ${waits} lines only`);
});

test("so does one that adds to a product, which platforms may round once or twice", () =>
  waitsOf(940936164, 1));
