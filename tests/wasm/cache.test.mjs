// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { cached, cacheFolder, hashOf } from "../../wasm/cache.mjs";
import { ToolchainError } from "../../wasm/errors.mjs";
import { folderWith, setEnvironment } from "../support/build.mjs";

const CONTENT = Buffer.from("content ".repeat(1000));
const KEY = hashOf("key");

/** An entry that counts how often it is made. */
function counted() {
  const state = { made: 0 };
  const get = () =>
    cached("thing", KEY, async () => {
      state.made++;
      await new Promise((resolve) => setImmediate(resolve));
      return CONTENT;
    });
  return { state, get };
}

test("is made once", async (t) => {
  setEnvironment(t, { KAPOK_CACHE: join(await folderWith(t, {}), "new", "cache") });
  const { state, get } = counted();
  assert.deepEqual(Buffer.from(await get()), CONTENT);
  assert.deepEqual(Buffer.from(await get()), CONTENT);
  assert.equal(state.made, 1);
});

test("made by many at once it is whole, and nothing half-written stays", async (t) => {
  setEnvironment(t, { KAPOK_CACHE: await folderWith(t, {}) });
  const { get } = counted();
  const all = await Promise.all(Array.from({ length: 20 }, get));
  for (const bytes of all) assert.deepEqual(Buffer.from(bytes), CONTENT);
  assert.deepEqual(await readdir(cacheFolder()), [`thing-${KEY}`]);
});

test("damaged, cut, empty or replaced, it is made again", async (t) => {
  setEnvironment(t, { KAPOK_CACHE: await folderWith(t, {}) });
  const { state, get } = counted();
  await get();
  const path = join(cacheFolder(), `thing-${KEY}`);
  const entry = await readFile(path);
  const flipped = Buffer.from(entry);
  flipped.writeUInt8(flipped.readUInt8(500) ^ 1, 500);
  for (const [i, bytes] of [flipped, entry.subarray(0, 500), Buffer.alloc(0), CONTENT].entries()) {
    await writeFile(path, bytes);
    assert.deepEqual(Buffer.from(await get()), CONTENT);
    assert.equal(state.made, i + 2);
    assert.deepEqual(await readFile(path), entry);
  }
});

test("a failure is not kept", async (t) => {
  setEnvironment(t, { KAPOK_CACHE: await folderWith(t, {}) });
  await assert.rejects(
    cached("thing", KEY, () => Promise.reject(new Error("no"))),
    /^Error: no$/,
  );
  assert.deepEqual(await readdir(cacheFolder()), []);
});

test("a folder that cannot be written", async (t) => {
  setEnvironment(t, { KAPOK_CACHE: join(await folderWith(t, { file: "" }), "file") });
  await assert.rejects(counted().get(), (error) => {
    assert(error instanceof ToolchainError);
    assert.match(error.message, /cache cannot be written.*set KAPOK_CACHE/s);
    return true;
  });
});

test("where it is", (t) => {
  setEnvironment(t, { KAPOK_CACHE: undefined, XDG_CACHE_HOME: "/x", HOME: "/home/me" });
  assert.equal(cacheFolder(), "/x/kapok");
  setEnvironment(t, { XDG_CACHE_HOME: undefined });
  assert.equal(cacheFolder(), "/home/me/.cache/kapok");
});

test("keys differ when parts move between each other", () => {
  assert.notEqual(hashOf("ab", "c"), hashOf("a", "bc"));
  assert.notEqual(hashOf("a"), hashOf("a", ""));
});
