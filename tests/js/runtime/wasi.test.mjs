// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { WASI } from "../../../js/runtime/abi.gen.js";
import { Exit } from "../../../js/runtime/errors.js";
import { createMemory } from "../../../js/runtime/memory.js";
import { createWasi } from "../../../js/runtime/wasi.js";
import { createFakeClock } from "../../support/fake_clock.mjs";

const [EBADF, EINVAL, EIO, ESPIPE] = [8, 28, 29, 70];
const memory = new WebAssembly.Memory({ initial: 4 });
const view = () => new DataView(memory.buffer);
const clock = createFakeClock();

/** @type {string[]} */
let lines;
/** @type {string[]} */
let errors;
/** @type {Record<string, any>} */
let calls;
/** @type {() => void} */
let end;
/** @type {() => void} */
let pause;
let print = (/** @type {boolean} */ isError, /** @type {string} */ line) =>
  void lines.push(`${isError ? 2 : 1} ${line}`);

beforeEach(() => {
  [lines, errors] = [[], []];
  ({ calls, end, pause } = createWasi({
    memory: createMemory(() => memory),
    clock,
    print: (isError, line) => print(isError, line),
    onError: (message) => errors.push(message),
  }));
});

/** Writes pieces with one call. @param {number} fd @param {(string | Uint8Array)[]} pieces */
function write(fd, ...pieces) {
  let at = 4096;
  pieces.forEach((piece, i) => {
    const bytes = typeof piece === "string" ? new TextEncoder().encode(piece) : piece;
    new Uint8Array(memory.buffer).set(bytes, at);
    view().setUint32(1024 + 8 * i, at, true);
    view().setUint32(1028 + 8 * i, bytes.length, true);
    at += bytes.length;
  });
  const result = calls.fd_write(fd, 1024, pieces.length, 16);
  return { result, written: view().getUint32(16, true) };
}

test("every call of the border is here, and no other", () => {
  assert.deepEqual(Object.keys(calls).sort(), [...WASI].sort());
});

test("a line is printed when it ends, whatever the pieces", () => {
  assert.deepEqual(write(1, "one\ntw", "", "o\nthr"), { result: 0, written: 11 });
  assert.deepEqual(lines, ["1 one", "1 two"]);
  write(1, "ee\n\n");
  assert.deepEqual(lines.slice(2), ["1 three", "1 "]);
  end();
  assert.equal(lines.length, 4);
});

test("a character may be cut by a write, a piece, and a growth of memory", () => {
  const bytes = new TextEncoder().encode("ä🎉漢\n");
  for (let i = 0; i < bytes.length; i++) {
    memory.grow(1);
    write(1, bytes.slice(i, i + 1));
  }
  assert.deepEqual(lines, ["1 ä🎉漢"]);
  write(1, bytes.slice(0, 1), bytes.slice(1, 4), bytes.slice(4));
  assert.deepEqual(lines, ["1 ä🎉漢", "1 ä🎉漢"]);
});

test("what is not UTF-8 is shown as such", () => {
  write(1, new Uint8Array([65, 0xff, 0xc3, 66, 10]));
  assert.deepEqual(lines, ["1 A\uFFFD\uFFFDB"]);
});

test("the two streams do not mix", () => {
  write(1, "out");
  write(2, "err");
  write(1, "put\n");
  write(2, "or\n");
  assert.deepEqual(lines, ["1 output", "2 error"]);
});

test("the rest is printed at the end, half a character included", () => {
  write(1, "no newline");
  write(2, new Uint8Array([0xf0, 0x9f]));
  end();
  end();
  assert.deepEqual(lines, ["1 no newline", "2 \uFFFD"]);
});

test("a pause prints what was not ended, but no half of a character", () => {
  write(1, "so far", new Uint8Array([0xc3]));
  pause();
  pause();
  assert.deepEqual(lines, ["1 so far"]);
  write(1, new Uint8Array([0xa4, 10]));
  assert.deepEqual(lines, ["1 so far", "1 ä"]);
});

test("a line without end does not fill the memory", () => {
  for (let i = 0; i < 100; i++) write(1, "x".repeat(1000));
  assert.equal(lines.length, 1);
  end();
  assert.equal(
    lines.map((line) => line.length - 2).reduce((a, b) => a + b),
    100_000,
  );
});

test("files there are none", () => {
  for (const fd of [0, 3, -1, 1e9]) assert.equal(write(fd, "x").result, EBADF);
  assert.equal(calls.fd_read(0, 1024, 1, 16), 0);
  assert.equal(view().getUint32(16, true), 0);
  assert.equal(calls.fd_read(3, 1024, 1, 16), EBADF);
  for (const fd of [0, 1, 2]) assert.equal(calls.fd_close(fd), 0);
  assert.equal(calls.fd_close(3), EBADF);
  assert.equal(calls.fd_seek(1, 0n, 0, 16), ESPIPE);
  assert.equal(calls.fd_seek(9, 0n, 0, 16), EBADF);
});

test("the console is a character device, so that libc flushes each line", () => {
  assert.equal(calls.fd_fdstat_get(1, 64), 0);
  assert.equal(view().getUint8(64), 2);
  assert.equal(view().getBigUint64(72, true), 64n);
  assert.equal(calls.fd_fdstat_get(0, 64), 0);
  assert.equal(view().getBigUint64(72, true), 2n);
  assert.equal(calls.fd_fdstat_get(3, 64), EBADF);
});

test("no arguments, no environment", () => {
  for (const name of ["args_sizes_get", "environ_sizes_get"]) {
    view().setUint32(16, 7, true);
    view().setUint32(20, 7, true);
    assert.equal(calls[name](16, 20), 0);
    assert.deepEqual([view().getUint32(16, true), view().getUint32(20, true)], [0, 0]);
  }
  assert.equal(calls.args_get(0, 0), 0);
  assert.equal(calls.environ_get(0, 0), 0);
});

test("time of day, and time that runs evenly, to the nanosecond", () => {
  const read = (/** @type {number} */ id) => (
    calls.clock_time_get(id, 0n, 64),
    view().getBigUint64(64, true)
  );
  clock.pass(1234.5678);
  assert.equal(read(1), 1_234_567_800n);
  assert.equal(read(0) / 1000n, 1_700_000_001_234_567n);
  assert.equal(calls.clock_time_get(4, 0n, 64), EINVAL);
  assert.equal(calls.clock_time_get(-1, 0n, 64), EINVAL);
  assert.equal(calls.clock_res_get(0, 64), 0);
  assert.equal(view().getBigUint64(64, true), 1_000_000n);
  assert.equal(calls.clock_res_get(9, 64), EINVAL);
});

test("random bytes, more than a browser gives at once", () => {
  assert.equal(calls.random_get(4096, 200_000), 0);
  const bytes = new Uint8Array(memory.buffer, 4096, 200_000);
  for (const at of [0, 65_536, 131_072, 199_000]) assert.ok(bytes.slice(at, at + 100).some((byte) => byte));
});

test("exit leaves the app", () => {
  assert.throws(
    () => calls.proc_exit(3),
    (thrown) => thrown instanceof Exit && thrown.status === 3,
  );
});

test("addresses outside memory and consoles that throw are errors, not traps", () => {
  assert.equal(calls.fd_write(1, 0xfffffff0, 2, 16), EIO);
  assert.equal(calls.fd_write(1, 1024, 1e9, 16), EIO);
  assert.match(errors[0], /fd_write/);
  const before = print;
  print = () => {
    throw null;
  };
  assert.equal(write(1, "x\n").result, EIO);
  write(1, "rest");
  end();
  print = before;
});
