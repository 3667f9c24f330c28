// SPDX-License-Identifier: MIT
// The program of random changes knows every control and property that there is: this half of it is made from their
// definitions, as is what the model goes by.
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cTypeOf } from "../../wasm/generate/c_types.mjs";
import { propsOf, readDefinitions } from "../../wasm/generate/definitions.mjs";

/**
 * @typedef {import("../../wasm/generate/definitions.mjs").Control} Control
 * @typedef {import("../../wasm/generate/definitions.mjs").Prop} Prop
 * @typedef {{ tag: string, classes: string[], attributes: Record<string, string>, parent: number }} Part
 * @typedef {{
 *   name: string, markups: Part[][], main: number, container: number, children: boolean, by?: string, text?: string,
 *   props: Record<string, Pick<Prop, "type" | "targets" | "values">>, events: string[],
 * }} Kind as the model knows it; `text` is the property that its constructor is given
 * @typedef {{ kinds: Kind[], properties: string[], events: string[] }} Definitions
 */

const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** Those that the page raises in a way that can be foretold. */
const EVENTS = ["click", "mount", "unmount", "input", "change"];

/** The browser heeds it at times of its own choosing. */
const LEFT_OUT = ["autofocus"];

/**
 * Writes the program's sources.
 * @param {string} folder that exists
 */
export async function writeProgram(folder) {
  const model = readDefinitions(path("src/controls"), await readFile(path("src/include/kapok.h"), "utf8"));
  const props = new Map();
  const kinds = model.controls.map((control) => {
    const { own, common } = propsOf(model, control);
    const settable = [...own, ...common].filter(({ name, fixed }) => !fixed && !LEFT_OUT.includes(name));
    for (const prop of settable) props.set(prop.name, prop);
    return kindOf(control, settable);
  });
  kinds.sort((a, b) => Number(b.name === "page") - Number(a.name === "page"));
  /** @type {Definitions} */
  const definitions = { kinds, properties: [...props.keys()].sort(), events: EVENTS };
  const changes = path("tests/stress/changes");
  await cp(join(changes, "main.c"), join(folder, "main.c"));
  await cp(join(changes, "stress.h"), join(folder, "stress.h"));
  await writeFile(join(folder, "controls.c"), sourceOf(definitions, props));
  await writeFile(
    join(folder, "functions.js"),
    `import { serve } from ${JSON.stringify(join(changes, "functions.js"))};
export const next = serve(${JSON.stringify(definitions)});
`,
  );
}

/**
 * @param {Control} control
 * @param {Prop[]} props
 * @returns {Kind}
 */
function kindOf(control, props) {
  const parents = control.markups.map(parentsOf);
  return {
    name: control.name,
    markups: control.parts.map((parts, i) =>
      parts.map(({ tag, classes, attributes }, j) => ({ tag, classes, attributes, parent: parents[i][j] })),
    ),
    main: control.main,
    container: Math.max(
      0,
      control.parts[0].findIndex((part) => part.holdsChildren),
    ),
    children: control.children,
    by: control.by,
    text: props.find(({ type, targets }) => type === "string" && targets[0].place === "text")?.name,
    props: Object.fromEntries(
      props.map(({ name, type, targets, values }) => [name, { type, targets, values }]),
    ),
    events: [...control.events.map(({ name }) => name), "mount", "unmount"].filter((e) => EVENTS.includes(e)),
  };
}

/**
 * @param {string} markup
 * @returns {number[]} which part each part is in; of the root -1
 */
function parentsOf(markup) {
  const parents = [];
  const open = [-1];
  for (const [token] of markup.matchAll(/[a-z][^(),]*|[()]/g))
    if (token === ")") open.pop();
    else if (token === "(") open.push(parents.length - 1);
    else parents.push(/** @type {number} */ (open.at(-1)));
  return parents;
}

/**
 * @param {Definitions} definitions
 * @param {Map<string, Prop>} props
 */
function sourceOf({ kinds, properties, events }, props) {
  const value = (/** @type {Prop} */ prop) =>
    prop.type === "string" ? "text" : prop.type === "enum" ? `(${cTypeOf(prop)})(int)value` : castOf(prop);
  const castOf = (/** @type {Prop} */ { type }) =>
    type === "bool" ? "value != 0" : type === "int" ? "(int)value" : "value";
  return `#include "stress.h"

kp_control *make(int kind, int flags, int number, const char *text, kp_control *first, kp_control *second)
{
    kp_handler on_use = flags & 1 ? heard : NULL, on_mount = flags & 2 ? heard : NULL;
    kp_handler on_unmount = flags & 4 ? heard : NULL;
    int markup = flags >> 3;

    switch (kind) {
${kinds.map(caseOf).join("\n")}
    }
    (void)on_use, (void)markup;
    return NULL;
}

int set(kp_control *control, int property, const char *text, double value)
{
    switch (property) {
${properties.map((name, i) => `    case ${i}:\n        return kp_set_${name}(control, ${value(props.get(name))});`).join("\n")}
    }
    return KP_ENOENT;
}

int hear(kp_control *control, int event, kp_handler handler)
{
    switch (event) {
${events.map((name, i) => `    case ${i}:\n        return kp_on_${name}(control, handler);`).join("\n")}
    }
    return KP_ENOENT;
}
`;
}

/**
 * @param {Kind} kind
 * @param {number} number
 */
function caseOf({ name, by, text, children, events }, number) {
  if (name === "page") return "";
  const fields = [
    text && `.${text} = text`,
    by && by !== "on_click" && `.${by} = markup`,
    ...events.filter((event) => !/mount/.test(event)).map((event) => `.on_${event} = on_use`),
    children && `.children = kp_list(first, second)`,
    ".on_mount = on_mount, .on_unmount = on_unmount, .state = KP_STATE(int, number)",
  ];
  return `    case ${number}:\n        return kp_${name}(${fields.filter(Boolean).join(", ")});`;
}
