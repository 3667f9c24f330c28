// SPDX-License-Identifier: MIT
// Reads src/controls/*.json into the model that the writers use, or says all that is wrong with them.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseMarkup } from "./markup.mjs";
import { checkControls, checkNames } from "./rules.mjs";
import { check } from "./schema.mjs";

/**
 * @typedef {"string" | "bool" | "int" | "number" | "length" | "enum"} PropType
 * @typedef {"main" | "look" | "layout" | "common"} Group
 * @typedef {{place: string, name: string, part: number, set?: string}} Target where a value goes in the page
 * @typedef {{
 *   name: string, type: PropType, doc: string, default?: string, group: Group, targets: Target[],
 *   values: [string, string | null][], fixed: boolean, common: boolean, forMain: boolean,
 * }} Prop
 * @typedef {{name: string, doc: string, dom: string, core: boolean, common: boolean}} Event
 * @typedef {{
 *   name: string, doc: string, markups: string[], parts: import("./markup.mjs").Part[][], by?: string,
 *   main: number, children: boolean, constructible: boolean, bare: boolean, props: Prop[], events: Event[],
 * }} Control `props` and `events` are its own; the common ones are beside
 * @typedef {{controls: Control[], common: {props: Prop[], events: Event[]}, colors: [string, string][]}} Model
 */

/** All that is wrong with the definitions, a line each. */
export class DefinitionError extends Error {
  /** @param {string[]} problems */
  constructor(problems) {
    super(problems.join("\n"));
    this.name = "DefinitionError";
  }
}

const NOT_CONTROLS = ["schema.json", "common.json"];

/**
 * @param {string} folder
 * @param {string} file
 */
function readJson(folder, file) {
  try {
    return JSON.parse(readFileSync(join(folder, file), "utf8"));
  } catch (error) {
    throw new DefinitionError([`${file}: cannot be read as JSON: ${/** @type {Error} */ (error).message}`]);
  }
}

/**
 * @param {string} folder with the definitions
 * @param {string} publicHeader text of kapok.h, whose names cannot be used again
 * @returns {Model}
 * @throws {DefinitionError}
 */
export function readDefinitions(folder, publicHeader) {
  const schema = readJson(folder, "schema.json");
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".json") && !NOT_CONTROLS.includes(file))
    .sort();
  const common = readJson(folder, "common.json");
  const commonSchema = {
    type: "object",
    additionalProperties: false,
    required: ["props", "events", "colors"],
    properties: {
      $schema: {},
      doc: {},
      props: schema.properties.props,
      events: schema.properties.events,
      colors: { type: "object" },
    },
  };
  const definitions = new Map(files.map((file) => [file, readJson(folder, file)]));
  const problems = check(common, { ...commonSchema, $defs: schema.$defs }).map(
    (text) => `common.json: ${text}`,
  );
  for (const [file, json] of definitions)
    problems.push(...check(json, schema).map((text) => `${file}: ${text}`));
  if (problems.length) throw new DefinitionError(problems);

  /** @type {Model} */
  const model = { controls: [], common: { props: [], events: [] }, colors: Object.entries(common.colors) };
  const nowhere = () => 0;
  model.common.props = Object.entries(common.props).map(([name, prop]) =>
    readProp(name, prop, true, nowhere),
  );
  model.common.events = Object.entries(common.events).map(([name, event]) => readEvent(name, event, true));
  for (const [file, json] of definitions) {
    const control = readControl(file, json, problems);
    if (control) model.controls.push(control);
  }
  problems.push(...checkControls(model), ...checkNames(model, publicHeader));
  if (problems.length) throw new DefinitionError(problems);
  return model;
}

/**
 * @param {string} file
 * @param {any} json of the shape that schema.json describes
 * @param {string[]} problems are added to
 * @returns {Control | undefined}
 */
function readControl(file, json, problems) {
  const markups = typeof json.markup === "string" ? [json.markup] : json.markup.of;
  try {
    const parts = markups.map(parseMarkup);
    const partOf = partFinder(parts, (text) => problems.push(`${file}: ${text}`));
    return {
      name: file.slice(0, -".json".length),
      doc: json.doc,
      markups,
      parts,
      by: json.markup.by,
      main: partOf(json.main, "main"),
      children: json.children ?? false,
      constructible: json.constructible !== false,
      bare: json.bare ?? false,
      props: Object.entries(json.props ?? {}).map(([name, prop]) => readProp(name, prop, false, partOf)),
      events: Object.entries(json.events ?? {}).map(([name, event]) => readEvent(name, event, false)),
    };
  } catch (error) {
    problems.push(`${file}: markup: ${/** @type {Error} */ (error).message}.`);
  }
}

/**
 * Finds the number of a part by its class. It must be the same in every markup of the control.
 * @param {import("./markup.mjs").Part[][]} markups
 * @param {(problem: string) => void} complain
 */
function partFinder(markups, complain) {
  return (/** @type {string | undefined} */ className, /** @type {string} */ user) => {
    if (!className) return 0;
    const numbers = new Set(
      markups.map((parts) => parts.findIndex((part) => part.classes.includes(className))),
    );
    const [number] = numbers;
    const known = markups.flatMap((parts) => parts.flatMap((part) => part.classes));
    if (numbers.has(-1))
      complain(
        `${user}: no element of the markup has the class ${className}. There are: ${[...new Set(known)].join(", ")}.`,
      );
    else if (numbers.size > 1)
      complain(
        `${user}: ${className} must be the same part in every markup; it is ${[...numbers].join(" and ")}.`,
      );
    return Math.max(0, number);
  };
}

/**
 * @param {string} name
 * @param {any} json
 * @param {boolean} common
 * @param {(className: string | undefined, user: string) => number} partOf
 * @returns {Prop}
 */
function readProp(name, json, common, partOf) {
  const target = (/** @type {any} */ from) => ({
    place: from.place,
    name: from.place === "text" ? "textContent" : (from.name ?? name.replaceAll("_", "-")),
    part: json.part === "kp-main" ? 0 : partOf(from.part, `props.${name}`),
    set: from.set,
  });
  return {
    name,
    type: json.type,
    doc: json.doc,
    default: json.default,
    group: json.group ?? (common ? "common" : "look"),
    targets: json.fixed ? [] : [json, ...(json.also ?? [])].map(target),
    values: Object.entries(json.values ?? {}),
    fixed: json.fixed ?? false,
    common,
    forMain: json.part === "kp-main",
  };
}

/**
 * @param {string} name
 * @param {any} json
 * @param {boolean} common
 * @returns {Event}
 */
const readEvent = (name, json, common) => ({
  name,
  doc: json.doc,
  dom: json.dom ?? name,
  core: json.core ?? false,
  common,
});

/**
 * All props of a control, in the order of its props struct: main, look, layout, then those that concern
 * the main part, and last the common ones, which the core reads by one table for all kinds.
 * @param {Model} model
 * @param {Control} control
 */
export function propsOf(model, control) {
  const groups = ["main", "look", "layout", "common"];
  const byGroup = (/** @type {Prop} */ a, /** @type {Prop} */ b) =>
    groups.indexOf(a.group) - groups.indexOf(b.group);
  const forMain = model.common.props
    .filter((prop) => prop.forMain)
    .map((prop) => ({ ...prop, targets: prop.targets.map((target) => ({ ...target, part: control.main })) }));
  return {
    own: [...[...control.props].sort(byGroup), ...forMain],
    common: sharedProps(model),
  };
}

/** @param {Model} model */
export const sharedProps = (model) => model.common.props.filter((prop) => !prop.forMain);
