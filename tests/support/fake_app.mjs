// SPDX-License-Identifier: MIT
// A module made by hand: what it exports are JavaScript functions, which call its imports as C would.
import { Window } from "happy-dom";
import { createProgram } from "../../js/runtime/program.js";
import { Batch } from "./batch.mjs";
import { createFakeClock } from "./fake_clock.mjs";

const nothing = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));

/** What a trap throws. @param {string} [cause] */
export const trap = (cause = "unreachable") => {
  throw new WebAssembly.RuntimeError(cause);
};

/**
 * Starts a program whose exports are those given; the others do nothing.
 * @param {(app: any) => Record<string, (...operands: number[]) => any>} exports is given imports and helpers
 * @param {object} [host] replaces parts of the host
 */
export async function startFake(exports, host = {}) {
  const window = /** @type {any} */ (new Window({ url: "http://localhost/" }));
  const memory = new WebAssembly.Memory({ initial: 1 });
  const clock = createFakeClock();
  const batch = new Batch();
  /** @type {string[]} */
  const calls = [];
  /** @type {string[]} */
  const lines = [];
  const app = {
    window,
    clock,
    calls,
    lines,
    batch,
    memory,
    /** @type {any} */
    imports: {},
    /** Applies what the batch holds. */
    apply: () => app.imports.apply(...batch.write(memory, 32_768)),
    /** @param {string} text */
    put(text, at = 4096) {
      const bytes = new TextEncoder().encode(text);
      new Uint8Array(memory.buffer).set(bytes, at);
      return /** @type {const} */ ([at, bytes.length]);
    },
    /**
     * What kp_deliver is told.
     * @param {number[]} operands
     */
    event: ([control, target, bytes, flags, code, ...sizes]) => ({
      control,
      name: [...batch.numbers].find(([, number]) => number === target)?.[0],
      text: app.inbox(bytes),
      flags,
      code,
      sizes,
    }),
    /**
     * What the inbox holds as a text.
     * @param {number} length
     * @returns {string}
     */
    inbox: (length) => new TextDecoder().decode(new Uint8Array(memory.buffer, 1024, length)),
    /** @type {import("../../js/runtime/program.js").Program} */
    program: /** @type {any} */ (null),
    close: () => window.happyDOM.abort(),
  };
  const names = ["start", "tick", "inbox", "deliver", "settle", "recover", "report", "stop", "dump"];
  const defaults = { kp_inbox: () => 1024 };
  const given = { ...defaults, ...exports(app) };
  app.program = await createProgram({
    module: nothing,
    root: window.document.body,
    clock,
    log: (level, text) => lines.push(`${["info", "warning", "error"][level]}: ${text}`),
    print: (isError, line) => lines.push(`${isError ? "stderr" : "stdout"}: ${line}`),
    onEnd: (status) => calls.push(`ended ${status}`),
    onFailure: (error) => calls.push(`failed ${error.code}: ${error.message}`),
    link: async (_module, imports) => {
      app.imports = imports.kapok;
      const entries = names.map((name) => [
        `kp_${name}`,
        (/** @type {number[]} */ ...operands) => {
          // How long a tick may take is no matter here; an event is read by those who want it.
          const told = name === "tick" || name === "deliver" ? [] : operands;
          if (name !== "inbox") calls.push([`kp_${name}`, ...told].join(" "));
          return /** @type {any} */ (given)[`kp_${name}`]?.(...operands) ?? 0;
        },
      ]);
      return { memory, ...Object.fromEntries(entries) };
    },
    ...host,
  });
  return app;
}
