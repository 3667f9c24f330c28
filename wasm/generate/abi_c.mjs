// SPDX-License-Identifier: MIT
// abi.json → the C side of the border: codes.gen.h for apps, host.gen.h for the core.
import { cBanner, quote, upper, wrap } from "./text.mjs";

/** @typedef {import("./abi.mjs").Abi} Abi */
/** @typedef {import("./abi.mjs").Call} Call */

/** @type {Record<string, string>} */
const C_TYPES = {
  u32: "uint32_t",
  i32: "int",
  f64: "double",
  pointer: "char *",
  "char*": "char *",
  "const char*": "const char *",
  "const u32*": "const uint32_t *",
};

/** @param {Abi} abi */
export function codesHeader(abi) {
  const codes = Object.entries(abi.codes).map(
    ([name, [value, , doc]]) => `${wrap(doc, "    // ", 100)}\n    KP_${name} = ${value},`,
  );
  return `${cBanner("wasm/abi.json")}
#ifndef KP__CODES_GEN_H
#define KP__CODES_GEN_H

// Every function that can fail returns 0 or more, or one of these.
enum {
    KP_OK = 0,
${codes.join("\n")}
};

#endif
`;
}

/**
 * @param {string} name
 * @param {Call} call
 */
function prototype(name, call) {
  const declare = (/** @type {string} */ type, /** @type {string} */ id) =>
    C_TYPES[type].endsWith("*") ? C_TYPES[type] + id : `${C_TYPES[type]} ${id}`;
  const params = Object.entries(call.params).map(([id, type]) => declare(type, id));
  const head = call.result ? declare(call.result, name) : `void ${name}`;
  return `${head}(${params.join(", ") || "void"});`;
}

/**
 * @param {string} prefix
 * @param {string[]} names
 * @param {number} first
 */
const plainEnum = (prefix, names, first) =>
  names.map((name, index) => `    KP__${prefix}_${upper(name)} = ${index + first},`).join("\n");

/**
 * @param {string} prefix
 * @param {string[]} names
 */
const bitEnum = (prefix, names) =>
  names.map((name, index) => `    KP__${prefix}_${upper(name)} = 1 << ${index},`).join("\n");

/** @param {Abi} abi */
export function hostHeader(abi) {
  const imports = Object.entries(abi.imports).map(
    ([name, call]) => `${wrap(call.doc, "// ")}\nKP__IMPORT(${name})\n${prototype(`kp__host_${name}`, call)}`,
  );
  const exports = Object.entries(abi.exports).map(
    ([name, call]) => `${wrap(call.doc, "// ")}\nKP__EXPORT(${name})\n${prototype(name, call)}`,
  );
  const commands = Object.entries(abi.commands.list).map(
    ([name, { operands, doc }], index) =>
      `${wrap(`${operands.length ? `${operands.join(", ")}: ` : ""}${doc}`, "    // ")}\n` +
      `    KP__COMMAND_${upper(name)} = ${index + 1},`,
  );
  const codes = Object.entries(abi.codes).map(
    ([name, [value, message]]) => `    X(KP_${name}, ${value}, ${quote(message)})`,
  );

  return `${cBanner("wasm/abi.json")}
#ifndef KP__HOST_GEN_H
#define KP__HOST_GEN_H

#include <stddef.h>
#include <stdint.h>

#include "../include/kapok/codes.gen.h"

// Natively there is no border: imports are functions that the tests define.
#ifdef __wasm__
#define KP__IMPORT(name) __attribute__((import_module("${abi.module}"), import_name(#name)))
#define KP__EXPORT(name) __attribute__((export_name(#name)))
#else
#define KP__IMPORT(name)
#define KP__EXPORT(name)
#endif

// --- What JavaScript offers -----------------------------------------------------------------------

${imports.join("\n\n")}

// --- What JavaScript calls ------------------------------------------------------------------------

${exports.join("\n\n")}

// --- Commands -------------------------------------------------------------------------------------

${wrap(abi.commands.doc, "// ")}
enum {
${commands.join("\n")}
};

${wrap(abi.places.doc, "// ")}
enum {
${plainEnum("PLACE", abi.places.list, 0)}
};

${wrap(abi.types.doc, "// ")}
enum {
${plainEnum("TYPE", abi.types.list, 0)}
};

// --- Events ---------------------------------------------------------------------------------------

${wrap(abi.eventFlags.doc, "// ")}
enum {
${bitEnum("EVENT", abi.eventFlags.list)}
};

${wrap(abi.eventReplies.doc, "// ")}
enum {
${bitEnum("REPLY", abi.eventReplies.list)}
};

// --- Tasks ----------------------------------------------------------------------------------------

${wrap(abi.moments.doc, "// ")}
enum {
${plainEnum("MOMENT", abi.moments.list, 0)}
};

${wrap(abi.orders.doc, "// ")}
enum {
${plainEnum("ORDER", abi.orders.list, 0)}
};

// --- Messages -------------------------------------------------------------------------------------

${wrap(abi.logLevels.doc, "// ")}
enum {
${plainEnum("LOG", abi.logLevels.list, 0)}
};

// X(name, value, phrase) for each code.
#define KP__CODES(X) \\
${codes.join(" \\\n")}

#endif
`;
}
