// SPDX-License-Identifier: MIT
// The definitions → controls.gen.c: tables, constructors, setters. Each is an object of its own, so
// that the linker drops the controls that an app does not use.
import { cTypeOf, declare, setterOf } from "./c_types.mjs";
import { propsOf, sharedProps } from "./definitions.mjs";
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
 * @param {Prop} prop
 * @param {string} offset
 * @param {Names} names
 * @param {ValueLists} lists
 */
function propFields(prop, offset, names, lists) {
  return prop.targets.map(({ place, name, part, set }) => {
    const chosen = prop.values.length
      ? prop.values.map(([, value]) => value)
      : set === undefined
        ? undefined
        : [null, set];
    const values = chosen ? lists.of(prop.name, chosen) : "NULL";
    const property = `KP__PROPERTY_${upper(prop.name)}`;
    return `    { ${names.of(name)}, ${values}, ${offset}, ${property}, KP__FIELD_${upper(prop.type)}, KP__PLACE_${upper(place)}, ${part}, false },`;
  });
}

/**
 * @param {Event} event
 * @param {string} offset
 */
const eventField = (event, offset) =>
  `    { &kp__name_event_${event.name}, NULL, ${offset}, KP__EVENT_${upper(event.name)}, KP__FIELD_HANDLER, 0, 0, ${event.core} },`;

/**
 * @param {Model} model
 * @param {Control} control
 * @param {Names} names
 * @param {ValueLists} lists
 */
function kind(model, control, names, lists) {
  const { name } = control;
  const { own, common } = propsOf(model, control);
  const offset = (/** @type {string} */ field) =>
    control.constructible ? `offsetof(kp_${name}_props, ${field})` : "0";
  const fields = [
    ...own.flatMap((prop) => propFields(prop, offset(prop.name), names, lists)),
    ...control.events.map((event) => eventField(event, offset(`on_${event.name}`))),
  ];
  const first = offset(common[0].name);
  const several = control.markups.length > 1;
  const kinds = control.markups.map((_, index) => {
    const markup = `&markup_${name}${several ? `_${index}` : ""}`;
    const children = control.children && control.constructible ? offset("children") : "0";
    return `{ ${markup}, ${quote(name)}, fields_${name}, ${fields.length}, ${first}, ${children}, ${control.main} }`;
  });
  const linkage = control.constructible ? "static " : "";
  return `// --- ${name}

static const kp__field fields_${name}[] = {
${fields.join("\n")}
};
${control.markups.map((markup, index) => `static kp__name markup_${name}${several ? `_${index}` : ""} = { ${quote(markup)}, 0 };`).join("\n")}
${
  several
    ? `static const kp__kind kinds_${name}[] = {\n${kinds.map((text) => `    ${text},`).join("\n")}\n};`
    : `${linkage}const kp__kind kp__kind_${name} = ${kinds[0]};`
}
${control.constructible ? constructor(model, control) : ""}`;
}

/**
 * @param {Model} model
 * @param {Control} control
 */
function constructor(model, control) {
  const { name, by } = control;
  const first = sharedProps(model)[0].name;
  let chosen = `&kp__kind_${name}`;
  if (by) {
    const prop = control.props.find((p) => p.name === by);
    const index =
      prop && prop.type !== "bool"
        ? `(unsigned)props->${by} < ${control.markups.length} ? props->${by} : 0`
        : `props->${by} ? 1 : 0`;
    chosen = `&kinds_${name}[${index}]`;
  }
  return `_Static_assert(offsetof(kp_${name}_props, state) - offsetof(kp_${name}_props, ${first}) == COMMON(state), "common props");
kp_control *kp_${name}_new(const kp_${name}_props *props)
{
    return kp__new(${chosen}, props);
}
`;
}

/** @param {Model} model */
function commonProps(model) {
  const fields = [
    ...sharedProps(model).map((prop) => declare(cTypeOf(prop), prop.name)),
    ...model.common.events.map((event) => `kp_handler on_${event.name}`),
    "kp_state_bytes state",
  ];
  return `// The end of every props struct.
typedef struct {
${fields.map((text) => `    ${text};`).join("\n")}
} common_props;
#define COMMON(field) offsetof(common_props, field)`;
}

/** @param {Model} model */
export function controlsSource(model) {
  const names = new Names();
  const lists = new ValueLists(names);
  const { props, events } = numbered(model);
  const common = [
    ...sharedProps(model).flatMap((prop) => propFields(prop, `COMMON(${prop.name})`, names, lists)),
    ...model.common.events.map((event) => eventField(event, `COMMON(on_${event.name})`)),
  ];
  const kinds = model.controls.map((control) => kind(model, control, names, lists));
  const setter = (
    /** @type {Prop} */ prop,
  ) => `int kp_set_${prop.name}(kp_control *control, ${declare(cTypeOf(prop), prop.name)})
{
    return ${setterOf(prop)}(control, KP__PROPERTY_${upper(prop.name)}, ${prop.type === "enum" ? "(int)" : ""}${prop.name});
}`;
  const listener = (
    /** @type {Event} */ event,
  ) => `int kp_on_${event.name}(kp_control *control, kp_handler handler)
{
    return kp__set_handler(control, KP__EVENT_${upper(event.name)}, handler);
}`;

  return `${cBanner("src/controls/*.json")}#define KP__CORE
#include <stddef.h>

#include "../core/host.gen.h"
#include "../core/kind.h"

// --- Names

${names}

${events.map((event) => `kp__name kp__name_event_${event.name} = { ${quote(event.name)}, 0 };`).join("\n")}

${lists}

// --- What every control has

${commonProps(model)}

const kp__field kp__common_fields[] = {
${common.join("\n")}
};
const uint16_t kp__common_field_count = ${common.length};
const uint16_t kp__common_state = COMMON(state);

${kinds.join("\n")}
// --- Setters

${props
  .filter((prop) => !prop.fixed)
  .map(setter)
  .join("\n\n")}

${events.map(listener).join("\n\n")}
`;
}
