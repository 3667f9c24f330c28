// SPDX-License-Identifier: MIT
// abi.json and what the definitions use → abi.gen.js. It ships in every page: each constant is an
// export of its own, so that a bundler inlines the used ones and drops the others.
import { notice, quote, upper } from "./text.mjs";

/** @typedef {import("./abi.mjs").Abi} Abi */

/**
 * @param {string} doc
 * @param {string} prefix
 * @param {string[]} names
 * @param {(index: number) => number} value
 */
function constants(doc, prefix, names, value) {
  const lines = names.map((name, index) => `export const ${prefix}_${upper(name)} = ${value(index)};`);
  return `// ${doc}\n${lines.join("\n")}`;
}

/**
 * @param {string} doc
 * @param {string} name
 * @param {Iterable<string>} words
 */
const wordList = (doc, name, words) =>
  `/** ${doc} */\nexport const ${name} =\n  ${quote([...words].sort().join(" "))};`;

/**
 * @param {string} doc
 * @param {string} name
 * @param {string[]} items
 */
const array = (doc, name, items) =>
  `/** ${doc} */\nexport const ${name} = [\n${items.map((item) => `  ${quote(item)},`).join("\n")}\n];`;

/**
 * @param {Abi} abi
 * @param {import("./allowed.mjs").Allowed} allowed
 */
export function abiModule(abi, allowed) {
  const power = (/** @type {number} */ index) => 1 << index;
  const same = (/** @type {number} */ index) => index;
  const codes = Object.entries(abi.codes);
  return `// SPDX-License-Identifier: MIT
// ${notice("wasm/abi.json and src/controls/*.json")}

${constants("Commands: the low byte of a command's first word.", "COMMAND", Object.keys(abi.commands.list), (index) => index + 1)}

${constants(abi.places.doc, "PLACE", abi.places.list, same)}

${constants("The value of a `set` command.", "TYPE", abi.types.list, same)}

${constants(abi.eventFlags.doc, "EVENT", abi.eventFlags.list, power)}

${constants(abi.eventReplies.doc, "REPLY", abi.eventReplies.list, power)}

${constants(abi.moments.doc, "MOMENT", abi.moments.list, same)}

${constants(abi.orders.doc, "ORDER", abi.orders.list, same)}

${constants(abi.logLevels.doc, "LOG", abi.logLevels.list, same)}

// Codes.
${codes.map(([name, [value, , doc]]) => `/** ${doc} */\nexport const ${name} = ${value};`).join("\n")}

${array("The name of code -n is at index n.", "CODE_NAMES", ["KP_OK", ...codes.map(([name]) => `KP_${name}`)])}

${array("The meaning of code -n is at index n.", "CODE_MESSAGES", ["ok", ...codes.map(([, [, message]]) => message)])}

// What an app may make and set: all that src/controls/*.json uses, words with a space between.
${wordList("Elements.", "TAGS", allowed.tags)}
${wordList("Attributes, those in markup included.", "ATTRIBUTES", allowed.attributes)}
${wordList("Properties of elements.", "PROPERTIES", allowed.properties)}
${wordList("Style properties.", "STYLES", allowed.styles)}
${wordList(
  "Events: a name, or name=event where the browser calls it otherwise, or name=event:Key for one key only, while no text is being composed.",
  "EVENTS",
  allowed.events,
)}

// The border as a whole, for tests and tools.
${array("Functions that the app imports from `MODULE`.", "IMPORTS", Object.keys(abi.imports))}
${array(
  "Functions that every app exports, `memory` aside. Others only some have.",
  "EXPORTS",
  Object.keys(abi.exports).filter((name) => {
    const { dev, embedded, serves } = abi.exports[name];
    return !dev && !embedded && !serves;
  }),
)}
${array("Functions that the app may import from wasi_snapshot_preview1.", "WASI", abi.wasi)}
export const MODULE = ${quote(abi.module)};
`;
}
