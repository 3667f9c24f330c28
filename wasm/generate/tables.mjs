// SPDX-License-Identifier: MIT
// The definitions → controls.gen.c and events: kinds, properties, setters. Each is an object of its own, so
// that the linker drops what an app does not use.
import { cTypeOf, declare, setterOf } from "./c_types.mjs";
import { propsOf } from "./definitions.mjs";
import { numbered } from "./header.mjs";
import { cBanner, quote, upper } from "./text.mjs";

/**
 * @typedef {import("./definitions.mjs").Model} Model
 * @typedef {import("./definitions.mjs").Control} Control
 * @typedef {import("./definitions.mjs").Prop} Prop
 * @typedef {import("./definitions.mjs").Event} Event
 */

/** Words that JavaScript is told of, each once. */
class Names {
  /** @type {Map<string, string>} */
  #texts = new Map();

  /** @param {string} text */
  of(text) {
    const id = `name_${text.replace(/[^A-Za-z0-9]+/g, "_")}`;
    const other = this.#texts.get(id) ?? text;
    if (other !== text) throw new Error(`${quote(other)} and ${quote(text)} would have the same name in C.`);
    this.#texts.set(id, text);
    return `&${id}`;
  }

  toString() {
    return [...this.#texts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, text]) => `static kp__name ${id} = { ${quote(text)}, 0 };`)
      .join("\n");
  }
}

/** Lists of names, for the fields that choose among some. The same list is written once. */
class ValueLists {
  /** @type {Map<string, string>} */
  #lists = new Map();
  #names;

  /** @param {Names} names */
  constructor(names) {
    this.#names = names;
  }

  /**
   * @param {string} name
   * @param {(string | null)[]} values
   */
  of(name, values) {
    const items = values.map((value) => (value === null ? "NULL" : this.#names.of(value)));
    const body = `{ ${[...items, "NULL"].join(", ")} }`;
    const id = this.#lists.get(body) ?? `values_${name}_${this.#lists.size}`;
    this.#lists.set(body, id);
    return id;
  }

  toString() {
    return [...this.#lists].map(([body, id]) => `static kp__name *const ${id}[] = ${body};`).join("\n");
  }
}

/**
 * What a prop or an event is in the controls of one kind, or in all that are not among the others.
 * @typedef {{kind: string, fields: string[]}} Variant
 */

/**
 * @param {Prop} prop
 * @param {string} kind
 * @param {Names} names
 * @param {ValueLists} lists
 * @returns {Variant}
 */
function propVariant(prop, kind, names, lists) {
  const fields = prop.targets.map(({ place, name, part, set }) => {
    const chosen = prop.values.length
      ? prop.values.map(([, value]) => value)
      : set === undefined
        ? undefined
        : [null, set];
    const values = chosen ? lists.of(prop.name, chosen) : "NULL";
    return `${names.of(name)}, ${values}, ${kind}, KP__PLACE_${upper(place)}, ${part}, false`;
  });
  return { kind, fields };
}

/**
 * @param {Event} event
 * @param {string} kind
 * @returns {Variant}
 */
const eventVariant = (event, kind) => ({
  kind,
  fields: [`&kp__name_event_${event.name}, NULL, ${kind}, 0, 0, ${event.core}`],
});

/** The field `kind` of what all controls have that are not named before. */
const OTHERS = "0";

/**
 * @param {string} symbol
 * @param {string} type
 * @param {Variant[]} variants those for one kind first
 */
function property(symbol, type, variants) {
  const others = variants.find(({ kind }) => kind === OTHERS);
  const alike = (/** @type {Variant} */ { kind, fields }) =>
    others &&
    kind !== OTHERS &&
    fields.join() === others.fields.join().replaceAll(` ${OTHERS}, KP__`, ` ${kind}, KP__`);
  const fields = variants.filter((variant) => !alike(variant)).flatMap((variant) => variant.fields);
  return `const kp__property ${symbol} = { KP__${type}, ${fields.length}, {
${fields.map((text) => `    { ${text} },`).join("\n")}
} };`;
}

/** @param {Control} control */
const kindId = ({ name }) => `KIND_${upper(name)}`;

/** @param {Control} control */
const kinds = (control) =>
  control.markups
    .map(
      (markup, index) =>
        `kp__kind kp__kind_${control.name}${control.by ? `_${index}` : ""} = { { ${quote(markup)}, 0 }, ${quote(control.name)}, ${kindId(control)}, ${control.main}, ${control.children}, ${control.parts[index].length}, 0 };`,
    )
    .join("\n");

/**
 * @param {Model} model
 * @param {string} name of a prop
 * @param {Names} names
 * @param {ValueLists} lists
 */
function propVariants(model, name, names, lists) {
  const named = (/** @type {Prop} */ prop) => prop.name === name;
  const own = model.controls.flatMap((control) =>
    propsOf(model, control)
      .own.filter(named)
      .map((prop) => propVariant(prop, kindId(control), names, lists)),
  );
  const common = model.common.props.filter(named).map((prop) => propVariant(prop, OTHERS, names, lists));
  return [...own, ...common];
}

/**
 * @param {Model} model
 * @param {string} name of an event
 */
function eventVariants(model, name) {
  const named = (/** @type {Event} */ event) => event.name === name;
  const own = model.controls.flatMap((control) =>
    control.events.filter(named).map((event) => eventVariant(event, kindId(control))),
  );
  return [...own, ...model.common.events.filter(named).map((event) => eventVariant(event, OTHERS))];
}

/**
 * @param {Model} model
 * @param {string} name of an event
 */
const raisedByCore = (model, name) =>
  [model.common, ...model.controls].some(({ events }) =>
    events.some((event) => event.core && event.name === name),
  );

/**
 * An event as a property, and its setter.
 * @param {Model} model
 * @param {Event} event
 */
const eventProperty = (model, { name }) =>
  `${property(`kp__event_${name}`, "HANDLER", eventVariants(model, name))}
int kp_on_${name}(kp_control *control, kp_handler handler)
{
    return kp__set_handler(control, &kp__event_${name}, handler);
}
`;

const HEAD = `${cBanner("src/controls/*.json")}#define KP__CORE
#include "../core/host.gen.h"
#include "../core/kind.h"
`;

/**
 * Events have files apart, as the linker takes an object with all that it refers to, the core's own among them:
 * each that the core raises by itself has its own, and those of the page share one. See src/core/event.h.
 * @param {Model} model
 * @returns {[name: string, text: string][]} by the name of the file
 */
export function eventSources(model) {
  const { events } = numbered(model);
  const source = (/** @type {string} */ names, /** @type {Event[]} */ list) =>
    `${HEAD}${names}${kindIds(model)}\n${list.map((event) => eventProperty(model, event)).join("\n")}`;
  const dom = events.filter(({ name }) => !raisedByCore(model, name));
  const names = dom.map(({ name }) => `kp__name kp__name_event_${name} = { ${quote(name)}, 0 };\n`).join("");
  return [
    ["events", source(`\n${names}`, dom)],
    ...events
      .filter((event) => !dom.includes(event))
      .map((event) => /** @type {[string, string]} */ ([`event_${event.name}`, source("", [event])])),
  ];
}

/** @param {Model} model */
const kindIds = (model) => `
enum {
    KIND_OTHERS,
${model.controls.map((control) => `    ${kindId(control)},`).join("\n")}
};
`;

/** @param {Model} model */
export function controlsSource(model) {
  const names = new Names();
  const lists = new ValueLists(names);
  const { props } = numbered(model);
  const settable = props.filter((prop) => !prop.fixed);
  const properties = settable.map((prop) =>
    property(`kp__property_${prop.name}`, upper(prop.type), propVariants(model, prop.name, names, lists)),
  );
  const setter = (
    /** @type {Prop} */ prop,
  ) => `int kp_set_${prop.name}(kp_control *control, ${declare(cTypeOf(prop), prop.name)})
{
    return ${setterOf(prop)}(control, &kp__property_${prop.name}, ${prop.type === "enum" ? "(int)" : ""}${prop.name});
}`;
  return `${HEAD}
// --- Names

${names}

${lists}

// --- Kinds
${kindIds(model)}
${model.controls.map(kinds).join("\n")}

// --- Properties

${properties.join("\n")}

// --- Setters

${settable.map(setter).join("\n\n")}
`;
}
