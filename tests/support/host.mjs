// SPDX-License-Identifier: MIT
// The smallest host that a module runs under: a console, the three functions that the C tests await, and a clock that
// jumps. No page.
import { EIO, ENOENT, MOMENT_FRAME, ORDER_FIFO } from "../../js/runtime/abi.gen.js";

/**
 * @typedef {object} RunOptions
 * @property {boolean} [recover] whether to go on after a trap, as a page does
 * @property {number} [order] ORDER_…, in which tasks run that are ready at the same time; of a development build
 * @property {number} [seed]
 * @property {boolean} [switchAlways]
 * @property {number} [cancelAt]
 * @property {number} [step] how many milliseconds pass whenever the app looks at the clock
 */

/**
 * Runs a module until nothing of it waits any more, and stops it.
 * @param {Uint8Array | WebAssembly.Module} wasm
 * @param {RunOptions} [options]
 * @returns {Promise<{ stdout: string, log: string[], ticks: number, trap: unknown, instance: WebAssembly.Instance }>}
 */
export async function runModule(wasm, options = {}) {
  const {
    recover = false,
    order = ORDER_FIFO,
    seed = 1,
    switchAlways = false,
    cancelAt = 0,
    step = 0,
  } = options;
  const decoder = new TextDecoder();
  /** @type {string[]} */
  const log = [];
  let [stdout, now, wake, ticks] = ["", 0, -1, 0];
  /** @type {Map<number, number>} when it comes, by moment */
  const moments = new Map();
  /** @type {{ ticket: number, code: number, text: string }[]} */
  const answers = [];
  const memory = () => /** @type {WebAssembly.Memory} */ (instance.exports.memory).buffer;
  const text = (/** @type {number} */ at, /** @type {number} */ length) =>
    decoder.decode(new Uint8Array(memory(), at, length));

  const kapok = {
    apply: () => 0,
    now: () => (now += step),
    schedule: (/** @type {number} */ delay) => void (wake = delay < 0 ? -1 : now + delay),
    log: (/** @type {number} */ _level, /** @type {number} */ at, /** @type {number} */ length) =>
      void log.push(text(at, length)),
    ended: () => {},
    read_text: () => -1,
    read_number: () => NaN,
    copy_text: () => {},
    request: (/** @type {number} */ moment) =>
      void moments.set(moment, now + (moment === MOMENT_FRAME ? 16 : 1)),
    /** @type {(name: number, nameBytes: number, argument: number, bytes: number, ticket: number) => void} */
    call: (name, nameBytes, argument, bytes, ticket) => {
      const called = text(name, nameBytes);
      if (called === "echo") answers.push({ ticket, code: 0, text: text(argument, bytes) });
      else if (called === "fail") answers.push({ ticket, code: EIO, text: "it failed" });
      else if (called !== "never") answers.push({ ticket, code: ENOENT, text: "" });
    },
    abort: () => {},
  };
  // What writing needs; the other calls of WASI are not there.
  const wasi = {
    /** @type {(fd: number, list: number, count: number, written: number) => number} */
    fd_write: (_fd, list, count, written) => {
      const view = new DataView(memory());
      let total = 0;
      for (let at = list; at < list + 8 * count; at += 8) {
        const length = view.getUint32(at + 4, true);
        stdout += text(view.getUint32(at, true), length);
        total += length;
      }
      view.setUint32(written, total, true);
      return 0;
    },
    /** @type {(clock: number, precision: bigint, to: number) => number} */
    clock_time_get: (_clock, _precision, to) => {
      new DataView(memory()).setBigUint64(to, BigInt(Math.round(now * 1e6)), true);
      return 0;
    },
    /** Says that it is a terminal, so that libc writes each line at once. */
    fd_fdstat_get: (/** @type {number} */ _fd, /** @type {number} */ to) => {
      new Uint8Array(memory(), to, 24).fill(0)[0] = 2;
      return 0;
    },
  };
  const unsupported = () => 52;
  const module = wasm instanceof WebAssembly.Module ? wasm : await WebAssembly.compile(wasm);
  const names = WebAssembly.Module.imports(module).filter((each) => each.module === "wasi_snapshot_preview1");
  const instance = await WebAssembly.instantiate(module, {
    kapok,
    wasi_snapshot_preview1: { ...Object.fromEntries(names.map(({ name }) => [name, unsupported])), ...wasi },
  });
  const exports = /** @type {Record<string, (...args: number[]) => number>} */ (instance.exports);
  /** @type {unknown} */
  let trap;
  const enter = (/** @type {string} */ name, /** @type {number[]} */ ...operands) => {
    try {
      exports[name]?.(...operands);
    } catch (error) {
      if (!recover) throw error;
      trap = error;
      if (exports.kp_recover?.()) throw error;
      exports.kp_inbox?.(0);
      exports.kp_report?.(0);
    }
  };

  function answer() {
    for (const { ticket, code, text } of answers.splice(0)) {
      const bytes = new TextEncoder().encode(text);
      const at = exports.kp_inbox?.(bytes.length) ?? 0;
      new Uint8Array(memory(), at, bytes.length).set(bytes);
      enter("kp_settle", ticket, code, bytes.length);
    }
  }

  function come() {
    for (const [moment, due] of moments) {
      if (due > now) continue;
      moments.delete(moment);
      enter("kp_moment", moment);
    }
  }

  enter("kp_start", order, seed, +switchAlways, cancelAt);
  for (; ticks < 1_000_000; ticks++) {
    answer();
    const next = Math.min(wake < 0 ? Infinity : wake, ...moments.values());
    if (next === Infinity && !answers.length) break;
    if (next < Infinity && !answers.length) now = Math.max(now, next);
    come();
    wake = -1;
    enter("kp_tick", 8);
  }
  if (!trap) enter("kp_stop");
  return { stdout, log, ticks, trap, instance };
}
