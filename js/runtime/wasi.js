// SPDX-License-Identifier: MIT
// The little of WASI that C's library needs: the console, the end, the time, random bytes. There are
// no files, arguments or environment. Only apps that import some of it load this.
import { Exit } from "./errors.js";
import { guard } from "./guard.js";

// Error numbers of WASI.
const EBADF = 8;
const EINVAL = 28;
const EIO = 29;
const ESPIPE = 70;

const characterDevice = 2;
const mayRead = 1n << 1n;
const mayWrite = 1n << 6n;

// A program that never ends its line must not fill the memory.
const longestLine = 65_536;

/** @param {number} milliseconds */
const nanoseconds = (milliseconds) =>
  BigInt(Math.floor(milliseconds)) * 1_000_000n + BigInt(Math.floor((milliseconds % 1) * 1e6));

/**
 * @param {(line: string) => void} print
 */
function createStream(print) {
  const decoder = new TextDecoder();
  let rest = "";

  /** A console has only whole lines: so what is not ended becomes one when nothing is to come for now. */
  function pause() {
    if (rest) print(rest);
    rest = "";
  }

  return {
    /** @param {Uint8Array} [bytes] none: the end */
    write(bytes) {
      rest += decoder.decode(bytes, { stream: !!bytes });
      const lines = rest.split("\n");
      rest = /** @type {string} */ (lines.pop());
      lines.forEach(print);
      if (!bytes || rest.length > longestLine) pause();
    },
    pause,
  };
}

/**
 * The most that browsers give at once is 64 KiB.
 * @param {Uint8Array} bytes
 */
function fill(bytes) {
  for (let at = 0; at < bytes.length; at += 65_536)
    crypto.getRandomValues(/** @type {any} */ (bytes.subarray(at, at + 65_536)));
}

/**
 * @param {object} host
 * @param {import("./memory.js").Memory} host.memory
 * @param {import("./clock.js").Clock} host.clock
 * @param {(isError: boolean, line: string) => void} host.print told each line of the program's output
 * @param {(message: string) => void} host.onError
 * @param {(bytes: Uint8Array) => void} [host.random] fills it
 */
export function createWasi({ memory, clock, print, onError, random = fill }) {
  const streams = [false, true].map((isError) => createStream((line) => print(isError, line)));

  const data = () => new DataView(memory.buffer());

  /** @param {number} fd */
  const isStandard = (fd) => fd >= 0 && fd <= 2;

  /**
   * @param {number} first
   * @param {number} second where two counts of 0 go
   */
  function nothing(first, second) {
    data().setUint32(first, 0, true);
    data().setUint32(second, 0, true);
    return 0;
  }

  /** @type {Record<string, (...operands: any[]) => number>} */
  const calls = {
    fd_write(fd, vectors, count, written) {
      const stream = streams[fd - 1];
      if (!stream) return EBADF;
      const view = data();
      let total = 0;
      for (let at = vectors >>> 0; count-- > 0; at += 8) {
        const length = view.getUint32(at + 4, true);
        stream.write(memory.slice(view.getUint32(at, true), length));
        total += length;
      }
      view.setUint32(written, total, true);
      return 0;
    },
    // The end of the input.
    fd_read(fd, _vectors, _count, read) {
      if (fd) return EBADF;
      data().setUint32(read, 0, true);
      return 0;
    },
    fd_close: (fd) => (isStandard(fd) ? 0 : EBADF),
    fd_seek: (fd) => (isStandard(fd) ? ESPIPE : EBADF),
    fd_fdstat_get(fd, to) {
      if (!isStandard(fd)) return EBADF;
      const view = data();
      view.setUint32(to, characterDevice, true);
      view.setUint32(to + 4, 0, true);
      view.setBigUint64(to + 8, fd ? mayWrite : mayRead, true);
      view.setBigUint64(to + 16, 0n, true);
      return 0;
    },
    clock_time_get(id, _precision, to) {
      if (id >>> 0 > 3) return EINVAL;
      // 0 is the time of day; the others run evenly.
      data().setBigUint64(to, nanoseconds(id ? clock.now() : clock.time()), true);
      return 0;
    },
    clock_res_get(id, to) {
      if (id >>> 0 > 3) return EINVAL;
      data().setBigUint64(to, nanoseconds(1), true);
      return 0;
    },
    random_get(to, length) {
      random(memory.slice(to, length));
      return 0;
    },
    environ_sizes_get: nothing,
    args_sizes_get: nothing,
    environ_get: () => 0,
    args_get: () => 0,
  };
  const endings = {
    /** The app waits: prints what was not ended with a newline. */
    pause: () => streams.forEach((stream) => stream.pause()),
    /** The same, and a character that is not whole will not become so any more. */
    end: () => streams.forEach((stream) => stream.write()),
  };
  guard(endings, 0, onError);
  return {
    ...endings,
    calls: {
      ...guard(calls, EIO, onError),
      proc_exit(/** @type {number} */ status) {
        throw new Exit(status);
      },
    },
  };
}
