// SPDX-License-Identifier: MIT
// What of the runtime's optional parts an app uses: the code that a page for that app alone has in place of
// js/runtime/used.js.
import * as abi from "./runtime/abi.gen.js";
import { ADDRESSES } from "./runtime/allow.js";
import * as optional from "./runtime/imports.js";

const LISTS = /** @type {const} */ (["TAGS", "ATTRIBUTES", "PROPERTIES", "STYLES", "EVENTS"]);
const WASI = "wasi_snapshot_preview1";

/**
 * A name that the app uses stands in its module, as text of its own or within markup. So a word that does
 * not is left out of the allow-lists.
 * @param {Uint8Array} wasm a linked module
 * @param {string} [functions] path of the JavaScript functions that the app may call
 * @returns {string} a JavaScript module
 */
export function usedModule(wasm, functions) {
  const text = Buffer.from(wasm).toString("latin1");
  const imported = WebAssembly.Module.imports(new WebAssembly.Module(/** @type {any} */ (wasm)));
  const calls = imported.map(({ name }) => name).filter((name) => Object.hasOwn(optional, name));
  const usesWasi = imported.some(({ module }) => module === WASI);
  const lists = LISTS.map((list) => {
    const words = abi[list].split(" ").filter((word) => text.includes(word.split("=")[0]));
    return /** @type {const} */ ([list, words]);
  });
  return [
    ...lists.map(([list, words]) => `export const ${list} = ${JSON.stringify(words.join(" "))};`),
    calls.length
      ? `import { ${calls.join(", ")} } from "./imports.js";
         export const createUsedImports = (host) => ({ ${calls.map((name) => `${name}: ${name}(host)`).join(", ")} });`
      : "export const createUsedImports = null;",
    functions && calls.includes("call")
      ? `export * as FUNCTIONS from ${JSON.stringify(functions)};`
      : "export const FUNCTIONS = {};",
    `export const USES_ADDRESSES = ${lists.some(([, words]) => words.some((word) => ADDRESSES.test(word)))};`,
    `export const USES_WASI = ${usesWasi};`,
    usesWasi ? 'export { createWasi } from "./wasi.js";' : "export const createWasi = null;",
  ].join("\n");
}
