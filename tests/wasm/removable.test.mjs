// SPDX-License-Identifier: MIT
// Which functions Asyncify may leave alone, decided on made-up object files.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findRemovable } from "../../wasm/removable.mjs";

/** @typedef {import("../../wasm/object.mjs").ObjectFunction} ObjectFunction */

/**
 * @param {string} name
 * @param {(string | ObjectFunction)[]} [uses] "*" stands for a call through a pointer
 * @param {{ local?: boolean }} [options]
 * @returns {ObjectFunction}
 */
const fn = (name, uses = [], { local = false } = {}) => ({
  names: [name],
  local,
  uses: uses.filter((use) => use !== "*"),
  callsIndirectly: uses.includes("*"),
});

/**
 * @param {ObjectFunction[]} functions
 * @param {Partial<import("../../wasm/object.mjs").ObjectFile>} [rest]
 * @returns {import("../../wasm/object.mjs").ObjectFile}
 */
const object = (functions, rest = {}) => ({
  functions,
  defined: functions.filter(({ local }) => !local).flatMap(({ names }) => names),
  exported: [],
  undefined: [],
  imported: new Map(),
  addressed: [],
  ...rest,
});

const fiber = object([fn("kp__fiber_suspend", ["start_unwind"])], {
  imported: new Map([["start_unwind", "asyncify"]]),
});
const sleep = object([fn("kp_sleep", ["kp__fiber_suspend"])]);

/**
 * @param {ObjectFunction[]} libc
 * @param {{ app?: ReturnType<typeof object>[], library?: ReturnType<typeof object>[], addressed?: string[] }} [rest]
 */
const removable = (libc, { app = [], library = [fiber, sleep], addressed = [] } = {}) =>
  findRemovable({ app, library, foreign: [object(libc, { addressed })] });

describe("libc", () => {
  test("its functions are removable, static ones too", () => {
    const isRemovable = removable([fn("printf", ["*"]), fn("pad", [], { local: true })]);
    assert(isRemovable("printf") && isRemovable("pad"));
    assert(!isRemovable("kp_sleep") && !isRemovable("unheard_of"));
  });

  test("not those that call back, nor what is between them and the callback", () => {
    const inner = fn("sift", ["*", "memcpy"], { local: true });
    const wrapper = fn("wrapper", ["*"], { local: true }); // whose address is passed on
    const isRemovable = removable([
      fn("qsort", [inner, wrapper]),
      inner,
      wrapper,
      fn("memcpy"),
      fn("printf", ["*"]),
    ]);
    assert(!isRemovable("qsort") && !isRemovable("sift") && !isRemovable("wrapper"));
    assert(isRemovable("memcpy") && isRemovable("printf"));
  });

  test("not by a name that the program or the library has, even for a static function", () => {
    const app = [object([fn("pad", ["kp_sleep"], { local: true })])];
    const library = [fiber, sleep, object([fn("shift", [], { local: true })])];
    const isRemovable = removable([fn("pad"), fn("shift"), fn("other")], { app, library });
    assert(!isRemovable("pad") && !isRemovable("shift") && isRemovable("other"));
  });

  test("not what calls a function that the program has put in its place, if that may suspend", () => {
    const libc = [
      fn("strdup", ["malloc"]),
      fn("getline", ["realloc"]),
      fn("realloc", ["malloc"]),
      fn("free"),
      fn("strlen"),
    ];
    const suspends = [object([fn("malloc", ["kp_sleep"])])];
    const isRemovable = removable(libc, { app: suspends });
    assert.deepEqual(["strdup", "getline", "realloc", "strlen"].map(isRemovable), [
      false,
      false,
      false,
      true,
    ]);
    const plain = removable(libc, { app: [object([fn("malloc", ["memset"])])] });
    assert.deepEqual(["strdup", "getline", "realloc"].map(plain), [true, true, true]);
    assert(!plain("malloc"));
  });

  test("nothing that calls a pointer, once such a function is behind one", () => {
    const libc = [fn("scanf", ["*"]), fn("strlen")];
    const app = [object([fn("__stdio_read", ["kp_sleep"])])];
    assert(removable(libc, { app })("scanf"));
    const isRemovable = removable(libc, { app, addressed: ["__stdio_read"] });
    assert(!isRemovable("scanf") && isRemovable("strlen"));
  });

  test("nothing, when the program hooks a stream or an allocator", () => {
    const app = [object([fn("main", ["fopencookie"])], { undefined: ["fopencookie"] })];
    assert(!removable([fn("printf", ["*"])], { app })("printf"));
  });
});

test("functions that the library names so, but no others of that name", () => {
  const isRemovable = removable([]);
  for (const name of ["kp__nosuspend_call", "kp__again_call"]) {
    assert(isRemovable(name));
    assert(!removable([], { app: [object([fn(name)])] })(name));
  }
});
