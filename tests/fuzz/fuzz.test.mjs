// SPDX-License-Identifier: MIT
// Two hundred programs; ./build.sh fuzz runs as many as one likes.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fuzz } from "./session.mjs";

test("random programs do natively and as WebAssembly the same", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kapok-fuzz-"));
  try {
    const { waits, failure } = await fuzz({ folder, seed: 1, count: 200 });
    assert.equal(failure, undefined, failure);
    assert.ok(waits > 5000, `the programs leave traces of ${waits} lines only`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
