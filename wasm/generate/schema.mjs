// SPDX-License-Identifier: MIT
// Checks JSON against the part of JSON Schema that src/controls/schema.json uses. Its descriptions
// serve editors and, here, tell the cure.

/**
 * @typedef {{
 *   $ref?: string, type?: string, enum?: unknown[], pattern?: string, description?: string,
 *   properties?: Record<string, Schema>, propertyNames?: Schema, required?: string[],
 *   additionalProperties?: boolean | Schema, items?: Schema, minItems?: number,
 *   anyOf?: Schema[], $defs?: Record<string, Schema>,
 * }} Schema
 */

/** @param {unknown} value */
function typeOf(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

/**
 * @param {Schema} schema
 * @param {Schema} root
 * @returns {Schema} what it refers to, or itself
 */
function resolve(schema, root) {
  if (!schema.$ref) return schema;
  const target = root.$defs?.[schema.$ref.replace("#/$defs/", "")];
  if (!target) throw new Error(`The schema refers to ${schema.$ref}, which it does not define.`);
  return target;
}

/**
 * @param {unknown} value
 * @param {Schema} schema
 * @param {Schema} [root] where $ref looks things up
 * @param {string} [at] where `value` stands
 * @returns {string[]} what is wrong, each with its place; empty if nothing is
 */
export function check(value, schema, root = schema, at = "") {
  if (schema.$ref) return check(value, resolve(schema, root), root, at);
  const here = at || "the file";
  const cure = schema.description ? ` ${schema.description}` : "";
  const type = typeOf(value);
  if (schema.anyOf) {
    const tries = schema.anyOf.map((option) => check(value, option, root, at));
    return (
      tries.find((problems) => !problems.length) ?? tries[typeOf(value) === "string" ? 0 : tries.length - 1]
    );
  }
  if (schema.type && type !== schema.type) return [`${here}: is ${type}, must be ${schema.type}.${cure}`];
  if (schema.enum && !schema.enum.includes(value))
    return [`${here}: ${JSON.stringify(value)} is not one of ${schema.enum.join(", ")}.${cure}`];
  if (schema.pattern && !new RegExp(schema.pattern, "u").test(String(value)))
    return [`${here}: ${JSON.stringify(value)} does not match ${schema.pattern}.${cure}`];
  if (Array.isArray(value)) return checkArray(value, schema, root, at);
  return type === "object" ? checkObject(/** @type {any} */ (value), schema, root, at) : [];
}

/**
 * @param {unknown[]} value
 * @param {Schema} schema
 * @param {Schema} root
 * @param {string} at
 */
function checkArray(value, { items, minItems = 0 }, root, at) {
  if (value.length < minItems) return [`${at}: has ${value.length} items, needs at least ${minItems}.`];
  return items ? value.flatMap((item, index) => check(item, items, root, `${at}[${index}]`)) : [];
}

/**
 * @param {Record<string, unknown>} value
 * @param {Schema} schema
 * @param {Schema} root
 * @param {string} at
 */
function checkObject(value, schema, root, at) {
  const { properties = {}, required = [], additionalProperties = true, propertyNames } = schema;
  const problems = required
    .filter((key) => !Object.hasOwn(value, key))
    .map((key) => {
      const rule = properties[key] && resolve(properties[key], root);
      return `${at || "the file"}: lacks ${JSON.stringify(key)}. ${rule?.description ?? ""}`.trimEnd();
    });
  for (const [key, item] of Object.entries(value)) {
    const place = at ? `${at}.${key}` : key;
    const rule = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    if (propertyNames) problems.push(...check(key, propertyNames, root, place));
    if (rule === false)
      problems.push(`${place}: is not known here. Known are: ${Object.keys(properties).join(", ")}.`);
    else if (rule !== true) problems.push(...check(item, rule, root, place));
  }
  return problems;
}
