// SPDX-License-Identifier: MIT
// What of the runtime's optional parts an app uses: the code that a page for that app alone has in place of
// js/runtime/used.js.
import * as abi from "./runtime/abi.gen.js";
import { ADDRESSES } from "./runtime/allow.js";
import * as optional from "./runtime/imports.js";
import { textsOf } from "../wasm/object.mjs";
import { FOCUSABLE } from "../wasm/used_controls.mjs";

const WASI = "wasi_snapshot_preview1";

/**
 * How a name stands in a text of the module: alone or, that of an element or an attribute, in markup too.
 * @type {Record<string, (name: string) => RegExp>}
 */
const LISTS = {
  TAGS: (name) => new RegExp(`(?:^|[(,])${name}(?:$|[.[(,)*])`),
  ATTRIBUTES: (name) => new RegExp(`(?:^|\\[)${name}(?:$|[=\\]])`),
  PROPERTIES: (name) => new RegExp(`^${name}$`),
  STYLES: (name) => new RegExp(`^${name}$`),
  EVENTS: (name) => new RegExp(`^${name}$`),
};

/**
 * @typedef {object} Facts about an app
 * @property {Record<string, string[]>} lists of names that it may use
 * @property {WebAssembly.ModuleImportDescriptor[]} imported
 * @property {(name: string) => boolean} has whether a function of that name is linked or imported
 */

const focusable = new RegExp(`^(${FOCUSABLE})$`);

/** @type {Record<string, (facts: Facts) => boolean>} the constants of js/runtime/used.js */
const CONSTANTS = {
  IS_EMBEDDED: () => false,
  USES_TICKS: ({ imported }) => imported.some(({ name }) => name === "schedule"),
  USES_CLOCK: ({ imported }) => imported.some(isOfTime),
  CAN_DUMP: ({ has }) => has("kp_dump"),
  USES_WASI: ({ imported }) => imported.some(({ module }) => module === WASI),
  USES_CALLS: ({ has }) => has("call"),
  USES_READING: ({ has }) => has("read_text") || has("read_number"),
  USES_EVENTS: ({ lists }) => lists.EVENTS.length > 0,
  USES_KEYS: ({ lists }) => hears(lists, /=key(down|up)/),
  USES_QUIET_EVENTS: ({ lists }) => hears(lists, /^(blur|error|focus|load|pointer_)/),
  USES_IMAGE_ERRORS: ({ lists }) => hears(lists, /^error$/),
  USES_RESIZE: ({ lists }) => hears(lists, /^resize$/),
  USES_PROPERTIES: ({ lists }) => lists.PROPERTIES.length > 0,
  USES_STYLES: ({ lists }) => lists.STYLES.length > 0,
  USES_ADDRESSES: ({ lists }) => Object.values(lists).some((names) => names.some((n) => ADDRESSES.test(n))),
  USES_ITEMS: ({ has }) => has("kp__send_freeze"),
  USES_FOCUS: ({ has }) => has("kp_focus"),
  CAN_FOCUS: ({ lists }) => lists.TAGS.some((tag) => focusable.test(tag)),
};

/** @param {WebAssembly.ModuleImportDescriptor} imported */
const isOfTime = ({ module, name }) => module === WASI || /^(now|request|schedule)$/.test(name);

/**
 * @param {Record<string, string[]>} lists
 * @param {RegExp} what
 */
const hears = ({ EVENTS }, what) => EVENTS.some((event) => what.test(event));

/**
 * A name that the app uses stands in its module, as a text of its own or within markup. So a word that does
 * not is left out of the allow-lists.
 * @param {Uint8Array} wasm a linked module
 * @param {string[]} names of the functions that are linked
 * @param {string} [functions] path of the JavaScript functions that the app may call
 * @returns {string} a JavaScript module
 */
export function usedModule(wasm, names, functions) {
  const texts = textsOf(wasm);
  const imported = WebAssembly.Module.imports(new WebAssembly.Module(/** @type {any} */ (wasm)));
  const calls = imported.map(({ name }) => name).filter((name) => Object.hasOwn(optional, name));
  /** @type {Record<string, string[]>} */
  const lists = {};
  for (const [list, form] of Object.entries(LISTS))
    lists[list] = /** @type {any} */ (abi)[list].split(" ").filter((/** @type {string} */ word) => {
      const used = form(word.split("=")[0]);
      return texts.some((text) => used.test(text));
    });
  if (!names.includes("kp__send_listen")) lists.EVENTS = [];
  const facts = { lists, imported, has: (/** @type {string} */ name) => [...calls, ...names].includes(name) };
  return [
    "export const unused = undefined;",
    ...Object.entries(CONSTANTS).map(([name, isSo]) => `export const ${name} = ${isSo(facts)};`),
    ...Object.entries(lists).map(
      ([list, words]) => `export const ${list} = ${JSON.stringify(words.join(" "))};`,
    ),
    calls.length
      ? `import { ${calls.join(", ")} } from "./imports.js";
         export const createUsedImports = (host) => ({ ${calls.map((name) => `${name}: ${name}(host)`).join(", ")} });`
      : "export const createUsedImports = null;",
    functions && calls.includes("call")
      ? `export { functionsAreLoaded } from "./early.js";
         export * as FUNCTIONS from ${JSON.stringify(functions)};`
      : "export const FUNCTIONS = {}, functionsAreLoaded = null;",
    CONSTANTS.USES_WASI(facts)
      ? 'export { createWasi } from "./wasi.js";'
      : "export const createWasi = null;",
  ].join("\n");
}
