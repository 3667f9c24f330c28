// SPDX-License-Identifier: MIT
// One run of an app: an instance of its module, wired to its part of a page.
import {
  CODE_MESSAGES,
  ECANCELED,
  ECORRUPT,
  EIO,
  EPIPE,
  EVENT_BYTES,
  EVENT_CHECKED,
  EVENT_CODE,
  EVENT_CONTROL,
  EVENT_HEIGHT,
  EVENT_MODIFIERS,
  EVENT_NAME,
  EVENT_SIZE,
  EVENT_WIDTH,
  EVENT_X,
  EVENT_Y,
  LOG_ERROR,
  MODULE,
} from "./abi.gen.js";
import { createDom } from "./dom.js";
import { describe, KapokError } from "./errors.js";
import { createGate } from "./gate.js";
import { createImports, guarded } from "./imports.js";
import { createMemory } from "./memory.js";
import { createWasi, EIO as WASI_EIO, Exit } from "./wasi.js";

/**
 * @typedef {object} Host what a program lives in
 * @property {HTMLElement} root
 * @property {import("./clock.js").Clock} clock
 * @property {(bytes: Uint8Array) => void} random fills it
 * @property {(level: number, text: string) => void} log told what the runtime has to say
 * @property {(isError: boolean, line: string) => void} print told each line of the program's output
 * @property {(imports: WebAssembly.Imports) => Promise<WebAssembly.Exports>} instantiate
 * @property {(status: number) => void} onEnd the program has ended and will not run again
 * @property {(error: KapokError) => void} onFailure the program has crashed and will not run again
 */

/** @typedef {Awaited<ReturnType<typeof createProgram>>} Program */

const encoder = new TextEncoder();

/**
 * What is outside must not stop the app by throwing, least of all a console.
 * @template {any[]} T
 * @param {(...operands: T) => void} call
 */
const safe =
  (call) =>
  (/** @type {T} */ ...operands) => {
    try {
      call(...operands);
    } catch {
      // There is nobody left to tell.
    }
  };

/**
 * Makes a program; it does not run yet.
 * @param {Host} host
 * @throws {KapokError} when the module was built with another version of Kapok
 */
export async function createProgram(host) {
  const { root, clock } = host;
  const print = safe(host.print);
  const tell = safe(host.log);
  /** @type {any} */
  let app;
  /** @type {(() => void) | undefined} */
  let cancelTick;
  /** @type {number | undefined} */
  let status;
  let lastError = "";

  /**
   * @param {number} level
   * @param {string} message
   */
  function log(level, message) {
    if (level === LOG_ERROR) lastError = message;
    tell(level, message);
  }

  /** @param {string} message */
  const onError = (message) => log(LOG_ERROR, message);

  /** From within: after the end there is nobody to tell. @param {() => void} entry */
  function enter(entry) {
    if (!gate.reason()) gate.enter(entry);
  }

  /** @param {Error} reason */
  function close(reason) {
    gate.close(reason);
    cancelTick?.();
    dom.stop();
    wasi.end();
  }

  /**
   * After a trap the app goes on without the task that trapped, if its memory is sound.
   * @param {unknown} thrown
   * @returns {(() => void) | void}
   */
  function onThrow(thrown) {
    if (thrown instanceof Exit) {
      status = thrown.status;
      return;
    }
    const cause = describe(thrown);
    let code = ECORRUPT;
    try {
      code = app.kp_recover();
    } catch {
      // A second trap: it stays with the first.
    }
    if (!code) return () => report(cause);
    const error = new KapokError(code, `${CODE_MESSAGES[-code]}: ${lastError || cause}`, thrown);
    close(error);
    host.onFailure(error);
  }

  function onLeave() {
    lastError = "";
    if (status === undefined || gate.reason()) return;
    close(new KapokError(EPIPE, `the program has ended with status ${status}`));
    dom.bare();
    host.onEnd(status);
  }

  /**
   * Puts text into the app's inbox.
   * @param {string} text
   * @param {number} offset in bytes, of the text
   * @returns {{at: number, length: number}} where the inbox is, 0 when the app is out of memory; the text's length
   */
  function post(text, offset) {
    const bytes = encoder.encode(text);
    const at = app.kp_inbox(offset + bytes.length) >>> 0;
    if (at) memory.view().bytes.set(bytes, at + offset);
    return { at, length: at && bytes.length };
  }

  /** @param {string} cause */
  const report = (cause) => app.kp_report(post(cause, 0).length);

  /**
   * @param {number} control
   * @param {number} name
   * @param {import("./events.js").Detail} detail
   * @returns {number} what the handler asked for
   */
  function raise(control, name, { text = "", modifiers = 0, x, y, width, height, checked, code = 0 }) {
    const { at, length } = post(text, EVENT_SIZE);
    if (!at) {
      onError("Out of memory: an event was lost.");
      return 0;
    }
    const { data } = memory.view();
    data.setUint32(at + EVENT_CONTROL, control, true);
    data.setUint32(at + EVENT_NAME, name, true);
    data.setUint32(at + EVENT_BYTES, length, true);
    data.setUint32(at + EVENT_MODIFIERS, modifiers, true);
    data.setFloat64(at + EVENT_X, x ?? 0, true);
    data.setFloat64(at + EVENT_Y, y ?? 0, true);
    data.setFloat64(at + EVENT_WIDTH, width ?? 0, true);
    data.setFloat64(at + EVENT_HEIGHT, height ?? 0, true);
    data.setUint32(at + EVENT_CHECKED, checked ? 1 : 0, true);
    data.setInt32(at + EVENT_CODE, code, true);
    return app.kp_event();
  }

  const memory = createMemory();
  const gate = createGate({ onThrow, onLeave, onError });
  const dom = createDom({
    root,
    memory,
    onError,
    deliver: (control, name, detail, isWanted, onReply) =>
      enter(() => {
        if (isWanted()) onReply(raise(control, name, detail));
      }),
  });
  const wasi = createWasi({ memory, clock, random: host.random, print });
  const imports = createImports({
    memory,
    dom,
    clock,
    navigator: root.ownerDocument.defaultView?.navigator,
    log,
    schedule(delay) {
      cancelTick?.();
      cancelTick = delay >= 0 ? clock.schedule(delay, () => enter(app.kp_tick)) : undefined;
    },
    settle: (task, code) => enter(() => app.kp_settle(task, code)),
    ended(code) {
      status = code;
    },
  });

  app = await host.instantiate({
    [MODULE]: guarded(imports, EIO, onError),
    wasi_snapshot_preview1: guarded(wasi.calls, WASI_EIO, onError),
  });
  memory.connect(app.memory);

  return {
    /** Runs main. */
    start: () => gate.enter(app.kp_start),
    /**
     * Logs what every task is doing.
     * @throws the reason why the program does not run any more
     */
    dump: () => gate.enter(app.kp_dump),
    /** Ends it, if it still runs. The page is left as it is. */
    stop() {
      enter(app.kp_stop);
      close(new KapokError(ECANCELED, "the app has been unmounted"));
    },
  };
}
