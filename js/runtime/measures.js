// SPDX-License-Identifier: MIT
// Shows each batch of commands as an entry of its own in the browser's performance tools. For development only: the
// runtime knows nothing of it, since it comes in between where a module gets its imports.
import { MODULE } from "./abi.gen.js";

const NAME = "Kapok applies a batch";

/**
 * @param {(...operands: number[]) => number} apply the import of that name
 * @returns {typeof apply}
 */
function measured(apply) {
  return (...operands) => {
    const start = performance.now();
    const result = apply(...operands);
    const [, words, , bytes] = operands;
    const properties = [
      ["words of commands", words],
      ["bytes of text", bytes],
    ];
    performance.measure(NAME, { start, detail: { words, bytes, devtools: { track: "Kapok", properties } } });
    performance.clearMeasures(NAME); // the tools have it; the page would keep it for ever
    return result;
  };
}

/** From now on, whatever app is started in this page. */
export function measureBatches() {
  for (const name of /** @type {const} */ (["instantiate", "instantiateStreaming"])) {
    /** @type {any} */
    const original = WebAssembly[name];
    /** @type {any} */
    const wrapper = (
      /** @type {unknown} */ source,
      /** @type {any} */ imports,
      /** @type {any[]} */ ...rest
    ) => {
      const own = imports?.[MODULE];
      const all = own?.apply ? { ...imports, [MODULE]: { ...own, apply: measured(own.apply) } } : imports;
      return original.call(WebAssembly, source, all, ...rest);
    };
    WebAssembly[name] = wrapper;
  }
}
