// SPDX-License-Identifier: MIT
// Real modules without a C compiler: each export is a few instructions of WebAssembly text.
import binaryen from "binaryen";
import { Batch } from "./batch.mjs";

/** @param {Uint8Array} bytes */
const escaped = (bytes) => [...bytes].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");

/**
 * @param {(helpers: { say: (write: (batch: Batch) => void) => string }) => Record<string, string>} bodies the
 *   instructions of exports by name; `say` gives those that apply a batch
 * @param {{ imports?: string, exports?: string[] }} [options] more imports, other exports
 * @returns {Uint8Array}
 */
export function assemble(bodies, { imports = "", exports } = {}) {
  let at = 4096;
  let data = "";
  const batch = new Batch();
  const say = (/** @type {(batch: Batch) => void} */ write) => {
    write(batch);
    const memory = new WebAssembly.Memory({ initial: 4 });
    const operands = batch.write(memory, at);
    const bytes = new Uint8Array(memory.buffer, at, operands[2] + operands[3] - at);
    data += `(data (i32.const ${at}) "${escaped(bytes)}")`;
    at = Math.ceil((at + bytes.length) / 8) * 8;
    return `(drop (call $apply ${operands.map((operand) => `(i32.const ${operand})`).join(" ")}))`;
  };
  const given = bodies({ say });
  /** @type {Record<string, [signature: string, result: string]>} */
  const signatures = {
    kp_inbox: ["(param i32) (result i32)", "(i32.const 1024)"],
    kp_deliver: ["(param i32 i32 i32 i32 i32 f64 f64 f64 f64) (result i32)", "(i32.const 0)"],
    kp_settle: ["(param i32 i32 i32)", ""],
    kp_moment: ["(param i32)", ""],
    kp_start: ["(param i32 i32 i32 i32)", ""],
    kp_tick: ["(param f64)", ""],
    kp_recover: ["(result i32)", "(i32.const -11)"],
    kp_report: ["(param i32)", ""],
  };
  const functions = (exports ?? [...Object.keys(signatures), "kp_stop"]).map((name) => {
    const [signature, result] = signatures[name] ?? ["", ""];
    return `(func (export "${name}") ${signature} ${given[name] ?? ""} ${result})`;
  });
  const module = binaryen.parseText(`(module
    (import "kapok" "apply" (func $apply (param i32 i32 i32 i32) (result i32)))
    (import "kapok" "ended" (func $ended (param i32)))
    (import "kapok" "schedule" (func $schedule (param f64)))
    ${imports}
    (global $count (mut i32) (i32.const 0))
    (memory (export "memory") 2)
    ${data}
    ${functions.join("\n")})`);
  const wasm = module.emitBinary();
  module.dispose();
  return wasm;
}

/** Shows a button that says what happened to it: crashes for good at the third click. */
export const crashing = () =>
  assemble(({ say }) => ({
    kp_start: say((batch) => {
      batch.create(2, "button.kp-button[type=button]").setText(2, "fresh").listen(2, "click").insert(2);
      batch.set(1, "data", "theme", "dark").set(1, "style", "gap", "3px").set(1, "property", "title", "App");
    }),
    kp_deliver: `(global.set $count (i32.add (global.get $count) (i32.const 1)))
      (if (i32.ge_u (global.get $count) (i32.const 3)) (then (unreachable)))
      ${say((batch) => batch.setText(2, "clicked"))}`,
  }));

/** Shows a text and ends with status 7. */
export const ending = () =>
  assemble(({ say }) => ({
    kp_start: `${say((batch) => batch.create(2, "p.kp-text").setText(2, "Bye").insert(2))} (call $ended (i32.const 7))`,
  }));

/** Prints a line by way of WASI, with half a line behind it. */
export const printing = () =>
  assemble(
    () => ({
      kp_start: `(i32.store (i32.const 64) (i32.const 128)) (i32.store (i32.const 68) (i32.const 9))
        (i64.store (i32.const 128) (i64.const 0x68730a6f6c6c6548)) (i32.store8 (i32.const 136) (i32.const 0x21))
        (drop (call $write (i32.const 1) (i32.const 64) (i32.const 1) (i32.const 72))) (call $exit (i32.const 5))`,
    }),
    {
      imports: `(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))`,
    },
  );
