// SPDX-License-Identifier: MIT
// How a prop looks in C.

/** @typedef {import("./definitions.mjs").Prop} Prop */

const C_TYPES = { string: "const char *", bool: "bool", int: "int", number: "double", length: "double" };

/** @param {Prop} prop */
export const cTypeOf = (prop) => (prop.type === "enum" ? `kp_${prop.name}` : C_TYPES[prop.type]);

/**
 * @param {string} type
 * @param {string} name
 */
export const declare = (type, name) => (type.endsWith("*") ? type + name : `${type} ${name}`);

/**
 * Which function of the core sets it, and what it takes.
 * @param {Prop} prop
 */
export const setterOf = (prop) =>
  ({
    string: "kp__set_string",
    bool: "kp__set_bool",
    int: "kp__set_int",
    enum: "kp__set_int",
    number: "kp__set_number",
    length: "kp__set_number",
  })[prop.type];
