// SPDX-License-Identifier: MIT
// One run of an app: an instance of its module, wired to its part of a page.
import {
  ECANCELED,
  ECORRUPT,
  EIO,
  ENOMEM,
  EPIPE,
  LOG_ERROR,
  LOG_INFO,
  LOG_WARNING,
  MODULE,
} from "./abi.gen.js";
import { createDom } from "./dom.js";
import { describe, Exit, KapokError } from "./errors.js";
import { createGate } from "./gate.js";
import { guard } from "./guard.js";
import { instantiate } from "./load.js";
import { createMemory } from "./memory.js";
import {
  CAN_DUMP,
  createUsedImports,
  createWasi,
  FUNCTIONS,
  IS_EMBEDDED,
  unused,
  USES_CALLS,
  USES_CLOCK,
  USES_EVENTS,
  USES_TICKS,
  USES_WASI,
} from "./used.js";

/**
 * @typedef {object} Host what a program lives in
 * @property {WebAssembly.Module} [module] not needed where `link` has it
 * @property {HTMLElement} root
 * @property {import("./clock.js").Clock} clock
 * @property {(level: number, text: string) => void} log told what the runtime has to say
 * @property {(isError: boolean, line: string) => void} print told each line of the program's output
 * @property {(status: number) => void} onEnd the program has ended and will not run again
 * @property {(error: KapokError) => void} onFailure the program has crashed and will not run again
 * @property {Record<string, import("./imports.js").HostFunction>} [functions] that the app may call
 * @property {(bytes: Uint8Array) => void} [random] fills it; default: from the browser
 * @property {(module: any, imports: WebAssembly.Imports) => Promise<WebAssembly.Exports>} [link] makes the instance;
 *   default: the plain way
 */

/** @typedef {Awaited<ReturnType<typeof createProgram>>} Program */

const WASI = "wasi_snapshot_preview1";

const encoder = new TextEncoder();

// How long tasks run, in milliseconds, before the browser has its turn; and while the user is at it.
const longSlice = 8;
const shortSlice = 5;
const recently = 100;

/**
 * Makes a program; it does not run yet.
 * @param {Host} host
 * @throws {KapokError} when the module was built with another version of Kapok
 */
export async function createProgram(host) {
  const { module, root, clock } = host;
  /** @returns {any} */
  const browser = () => root.ownerDocument.defaultView?.navigator;
  /** @type {any} */
  let app;
  /** @type {(() => void) | undefined} */
  let cancelTick;
  /** @type {number | undefined} */
  let status;
  let lastError = "";
  /** @type {KapokError | undefined} why the program does not run any more */
  let over;
  let isTouched = false; // the user has done something since the last tick
  let lastTouch = -Infinity;
  /** @type {Map<number, AbortController>} */
  const calls = new Map();
  /** @type {Awaited<ReturnType<typeof createWasi>> | undefined} */
  let wasi;
  let isExit = false; // the program has called exit()

  /**
   * @param {number} level
   * @param {string} message
   */
  function log(level, message) {
    if (level === LOG_ERROR) lastError = message;
    try {
      host.log(level, message);
    } catch {
      // Least of all a console may stop the app.
    }
  }

  /** @param {string} message */
  const onError = (message) => log(LOG_ERROR, message);

  function slice() {
    if (!USES_EVENTS) return longSlice;
    const now = clock.now();
    if (isTouched || browser()?.scheduling?.isInputPending?.()) lastTouch = now;
    isTouched = false;
    return now - lastTouch < recently ? shortSlice : longSlice;
  }

  const tick = () => gate.enter(() => app.kp_tick(slice()));

  /** @param {KapokError} reason */
  function close(reason) {
    over = reason;
    if (USES_CALLS) {
      for (const controller of calls.values()) controller.abort();
      calls.clear();
    }
    gate.close();
    if (USES_TICKS) cancelTick?.();
    if (IS_EMBEDDED) dom.stop();
    if (USES_WASI) wasi?.end();
  }

  /**
   * After a trap the app goes on without the task that trapped, if its memory is sound.
   * @param {unknown} thrown
   * @returns {(() => void) | void}
   */
  function onThrow(thrown) {
    if (over) return;
    if (USES_WASI && thrown instanceof Exit) {
      status = thrown.status;
      isExit = true;
      try {
        app.kp_recover(); // and shows what it had still to show
      } catch {
        // It ends all the same.
      }
      return;
    }
    const cause = describe(thrown);
    let code = ECORRUPT;
    try {
      code = app.kp_recover();
    } catch {
      // A second trap stays with the first.
    }
    if (!code) return () => app.kp_report(post(cause));
    const reason = `${lastError || "Its memory is not sound any more."} (${cause})`;
    close(new KapokError(code, reason, thrown));
    host.onFailure(/** @type {any} */ (over));
  }

  function onLeave() {
    lastError = "";
    if (USES_WASI) wasi?.pause();
    if (status === undefined || over) return;
    close(new KapokError(EPIPE, IS_EMBEDDED ? `The program has ended with status ${status}.` : ""));
    dom.bare();
    if (USES_WASI && isExit) log(status ? LOG_WARNING : LOG_INFO, `The program has called exit(${status}).`);
    host.onEnd(status);
  }

  /**
   * Puts text into the app's inbox.
   * @param {string} text
   * @returns {number} its length in bytes; 0 when memory is short
   */
  function post(text) {
    const bytes = encoder.encode(text);
    const { length } = bytes;
    const at = app.kp_inbox(length);
    if (!at) return 0;
    memory.slice(at, length).set(bytes);
    return length;
  }

  /** @type {import("./events.js").Raise} */
  function raise(control, target, { text = "", flags = 0, code = 0, x = 0, y = 0, width = 0, height = 0 }) {
    if (USES_TICKS) isTouched = true;
    const length = text ? post(text) : 0;
    if (text && !length) {
      onError("Out of memory: an event was lost.");
      return 0;
    }
    return app.kp_deliver(control, target, length, flags, code, x, y, width, height);
  }

  const memory = createMemory(() => app.memory);
  const gate = createGate({ onThrow, onLeave, onError });
  const dom = createDom({ root, memory, onError, enter: gate.enter, raise: USES_EVENTS ? raise : unused });
  /** @type {Record<string, (...operands: any[]) => any>} */
  const imports = {
    apply: dom.apply,
    log: (level, text, bytes) => log(level, memory.text(text, bytes)),
    ended(code) {
      status = code;
    },
    ...createUsedImports?.({
      memory,
      dom,
      navigator: browser(),
      log,
      clock,
      functions: host.functions ?? FUNCTIONS,
      calls,
      settle: (ticket, code, text = "") =>
        gate.enter(() => {
          const length = text ? post(text) : 0;
          app.kp_settle(ticket, text && !length ? ENOMEM : code, length);
        }),
      come: (moment) => gate.enter(() => app.kp_moment(moment)),
    }),
  };
  if (USES_CLOCK) imports.now = clock.now;
  if (USES_TICKS)
    imports.schedule = (delay) => {
      cancelTick?.();
      cancelTick = delay >= 0 ? clock.schedule(delay, tick) : undefined;
    };
  /** @type {WebAssembly.Imports} */
  const all = { [MODULE]: guard(imports, EIO, onError) };
  if (
    USES_WASI &&
    (!IS_EMBEDDED ||
      WebAssembly.Module.imports(/** @type {any} */ (module)).some(({ module }) => module === WASI))
  ) {
    wasi = await createWasi({ memory, clock, random: host.random, print: host.print, onError });
    all[WASI] = wasi.calls;
  }
  const link = IS_EMBEDDED ? (host.link ?? instantiate) : /** @type {typeof instantiate} */ (host.link);
  app = await link(/** @type {any} */ (module), all);

  /**
   * Runs main.
   * @param {number[]} rehearsal see kp_start in wasm/abi.json
   */
  const start = (...rehearsal) => gate.enter(() => app.kp_start(...rehearsal));

  /**
   * Logs what every task is doing, if it is a development build.
   * @throws {KapokError} the reason when the program does not run any more
   */
  function dump() {
    if (over) throw over;
    gate.enter(
      app.kp_dump ?? (() => log(LOG_INFO, "Only a development build can list its tasks: use `kapok run`.")),
    );
  }

  /** Ends it, if it still runs. The page is left as it is. */
  function stop() {
    if (over) return;
    over = new KapokError(ECANCELED, "The app has been stopped.");
    gate.enter(app.kp_stop); // one that was published with a page of its own has none
    close(over);
  }

  return { start, dump: CAN_DUMP ? dump : unused, stop: IS_EMBEDDED ? stop : unused };
}
