// SPDX-License-Identifier: MIT
// The smallest host that a module runs under: a console and a clock that jumps. No page.

/**
 * Runs a module until nothing of it waits any more.
 * @param {Uint8Array} wasm
 * @param {{ recover?: boolean }} [options] recover: whether to go on after a trap, as a page does
 * @returns {Promise<{ stdout: string, log: string[], ticks: number, trap: unknown, instance: WebAssembly.Instance }>}
 */
export async function runModule(wasm, { recover = false } = {}) {
  const decoder = new TextDecoder();
  /** @type {string[]} */
  const log = [];
  let [stdout, now, wake, ticks] = ["", 0, -1, 0];
  const memory = () => /** @type {WebAssembly.Memory} */ (instance.exports.memory).buffer;
  const text = (/** @type {number} */ at, /** @type {number} */ length) =>
    decoder.decode(new Uint8Array(memory(), at, length));

  const kapok = {
    apply: () => 0,
    now: () => now,
    schedule: (/** @type {number} */ delay) => void (wake = delay < 0 ? -1 : now + delay),
    log: (/** @type {number} */ _level, /** @type {number} */ at, /** @type {number} */ length) =>
      void log.push(text(at, length)),
    ended: () => {},
    read_text: () => -1,
    read_number: () => NaN,
    copy_text: () => {},
    request: () => {},
    call: () => {},
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
    /** Says that it is a terminal, so that libc writes each line at once. */
    fd_fdstat_get: (/** @type {number} */ _fd, /** @type {number} */ to) => {
      new Uint8Array(memory(), to, 24).fill(0)[0] = 2;
      return 0;
    },
  };
  const unsupported = () => 52;
  const module = await WebAssembly.compile(wasm);
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
  enter("kp_start", 0, 0, 0, 0);
  for (; wake >= 0 && ticks < 100_000; ticks++) {
    now = Math.max(now, wake);
    wake = -1;
    enter("kp_tick", 8);
  }
  return { stdout, log, ticks, trap, instance };
}
