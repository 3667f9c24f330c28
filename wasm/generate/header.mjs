// SPDX-License-Identifier: MIT
// The definitions → controls.gen.h: what an app sees of the controls.
import { cTypeOf, declare, setterOf } from "./c_types.mjs";
import { propsOf } from "./definitions.mjs";
import { cBanner, quote, sentence, upper, wrap } from "./text.mjs";

/**
 * @typedef {import("./definitions.mjs").Model} Model
 * @typedef {import("./definitions.mjs").Control} Control
 * @typedef {import("./definitions.mjs").Prop} Prop
 * @typedef {import("./definitions.mjs").Event} Event
 */

const UNITS = { length: "CSS pixels", string: "", bool: "", int: "", number: "", enum: "" };

/** What the field says that all controls have to which something can happen more than once. */
export const WHILE_BUSY =
  "KP_DROP, KP_QUEUE or KP_RESTART an event while the handler of one like it still runs. (default: KP_PARALLEL)";

/** What a field's comment says. @param {Prop} prop */
export function describe(prop) {
  const unit = UNITS[prop.type] && `, in ${UNITS[prop.type]}`;
  const fallback = prop.default ?? (prop.type === "enum" ? prop.values[0][0] : undefined);
  const doc = unit ? prop.doc.replace(/[.:]$/, `${unit}.`) : sentence(prop.doc);
  const when = prop.fixed ? " It cannot be changed later." : "";
  return doc + when + (fallback ? ` (default: ${fallback})` : "");
}

/**
 * All properties, then all events: in this order they are numbered.
 * @param {Model} model
 */
export function numbered(model) {
  const owners = [model.common, ...model.controls];
  /** @type {Map<string, Prop>} */
  const props = new Map();
  /** @type {Map<string, Event>} */
  const events = new Map();
  for (const owner of owners) {
    for (const prop of owner.props) if (!props.has(prop.name)) props.set(prop.name, prop);
    for (const event of owner.events) if (!events.has(event.name)) events.set(event.name, event);
  }
  const byName = (/** @type {{name: string}} */ a, /** @type {{name: string}} */ b) =>
    a.name < b.name ? -1 : 1;
  return { props: [...props.values()].sort(byName), events: [...events.values()].sort(byName) };
}

/** @param {Prop} prop */
function enumeration(prop) {
  const values = prop.values.map(([name]) => `    KP_${upper(prop.name)}_${upper(name)},`);
  return `typedef enum kp_${prop.name} {\n${values.join("\n")}\n} kp_${prop.name};`;
}

/**
 * @param {string} declaration
 * @param {string} doc
 */
const field = (declaration, doc) =>
  declaration.length + doc.length < 90
    ? `    ${declaration}; // ${doc}`
    : `${wrap(doc, "    // ")}\n    ${declaration};`;

/** @param {Event} event */
const handler = (event) => field(`kp_handler on_${event.name}`, sentence(event.doc));

/**
 * @param {Model} model
 * @param {Control} control
 */
function constructor(model, control) {
  const { own, common } = propsOf(model, control);
  const prop = (/** @type {Prop} */ p) => field(declare(cTypeOf(p), p.name), describe(p));
  const lines = [
    field("int _", "Private. It lets the field below be given without its name."),
    ...own.map(prop),
    ...control.events.map(handler),
    ...(control.events.length ? [field("kp_while_busy while_busy", WHILE_BUSY)] : []),
    ...(control.children
      ? [field("kp_control *const *children", "What it contains, from first to last: kp_list(a, b, c).")]
      : []),
    "",
    "    // As in every control:",
    ...common.map(prop),
    ...model.common.events.map(handler),
    field("kp_state_bytes state", "KP_STATE(type, …): your data, copied into the control. See kp_state."),
  ];
  const { name } = control;
  return `${wrap(control.doc, "// ")}
typedef struct kp_${name}_props {
${lines.join("\n")}
} kp_${name}_props;
#define kp_${name}(...) KP__HERE(kp_${name}_new(&(kp_${name}_props){ ._ = 0, __VA_ARGS__ }))
KP__CONSTRUCTOR kp_control *kp_${name}_new(const kp_${name}_props *props);`;
}

/**
 * The body of a constructor. It is part of the app, where the compiler sees which properties are given: those
 * alone are set, and linked.
 * @param {Model} model
 * @param {Control} control
 */
function body(model, control) {
  const { name, by } = control;
  const { own, common } = propsOf(model, control);
  const events = [...control.events, ...model.common.events];
  const prop = (/** @type {Prop} */ p) =>
    `    if (props->${p.name}${/^(number|length)$/.test(p.type) ? " != 0" : ""})
        ${setterOf(p)}(control, &kp__property_${p.name}, ${p.type === "enum" ? "(int)" : ""}props->${p.name});`;
  const event = (/** @type {Event} */ { name: event }) =>
    `    if (props->on_${event})
        kp__set_handler(control, &kp__event_${event}, props->on_${event});`;
  const kinds = control.markups.map((_, index) => `kp__kind_${name}${by ? `_${index}` : ""}`);
  const isNumber = /^(int|enum)$/.test(control.props.find((p) => p.name === by)?.type ?? "");
  const chosen = kinds
    .slice(1)
    .map((kind, index) => `props->${by}${isNumber ? ` == ${index + 1}` : ""} ? &${kind} : `);
  return `extern kp__kind ${kinds.join(", ")};
KP__CONSTRUCTOR kp_control *kp_${name}_new(const kp_${name}_props *props)
{
    kp_control *control = kp__new(${chosen.join("")}&${kinds[0]});

${[...[...own, ...common].filter((p) => !p.fixed).map(prop), ...events.map(event)].join("\n")}
${control.events.length ? "    if (props->while_busy)\n        kp_set_while_busy(control, props->while_busy);\n" : ""}    if (props->state.size)
        kp__set_state(control, props->state.bytes, props->state.size);
    control = kp__complete(control);
${control.children ? "    if (props->children)\n        kp__add_all(control, props->children);\n" : ""}    return control;
}`;
}

/**
 * @param {Model} model
 * @param {string} name
 * @param {"props" | "events"} list
 */
function owners(model, name, list) {
  if (model.common[list].some((item) => item.name === name)) return "Every control";
  return model.controls
    .filter((control) => control[list].some((item) => item.name === name))
    .map((control) => control.name)
    .join(", ");
}

/** @param {Model} model */
export function controlsHeader(model) {
  const { props, events } = numbered(model);
  const settable = props.filter((prop) => !prop.fixed);
  const strings = settable.filter((prop) => prop.type === "string");
  const setter = (/** @type {Prop} */ prop) =>
    `int kp_set_${prop.name}(kp_control *control, ${declare(cTypeOf(prop), prop.name)}); // ${owners(model, prop.name, "props")}`;
  const here = (/** @type {string} */ name) => `#define ${name}(...) KP__HERE(${name}(__VA_ARGS__))`;

  return `${cBanner("src/controls/*.json")}// The controls. Included by kapok.h.
#ifndef KP__CONTROLS_GEN_H
#define KP__CONTROLS_GEN_H

#ifdef __cplusplus
extern "C" {
#endif

// In a development build every call notes where it stands, so that a warning can name file and line.
#if defined(KP_DEV) && !defined(KP__CORE)
void kp__here(const char *file, int line);
#define KP__HERE(...) (kp__here(__FILE__, __LINE__), __VA_ARGS__)
#else
#define KP__HERE(...) __VA_ARGS__
#endif

// Always inlined: what is not given costs nothing then.
#if defined(__GNUC__)
#define KP__CONSTRUCTOR static inline __attribute__((always_inline))
#else
#define KP__CONSTRUCTOR static inline
#endif

// --- Values ---------------------------------------------------------------------------------------

// Colors of the theme, which suit light and dark. Any CSS color can be given as well: "#ff8800".
${model.colors.map(([name, doc]) => `#define KP_COLOR_${upper(name)} ${quote(`var(--kp-${name.replaceAll("_", "-")})`)} // ${doc}`).join("\n")}

// The first value of each is the default.
${props
  .filter((prop) => prop.type === "enum")
  .map(enumeration)
  .join("\n\n")}

// --- Controls -------------------------------------------------------------------------------------
//
// kp_NAME(...) makes a control; it is not on the page until it is added to something that is. It
// returns NULL when out of memory. "Is not a field of kp_NAME_props"? Then the control has no such
// property: the struct above the macro lists all it has.

${model.controls
  .filter((control) => control.constructible)
  .map((control) => constructor(model, control))
  .join("\n\n")}

// --- Setters --------------------------------------------------------------------------------------
//
// Each returns 0, KP_ESTALE, KP_ENOMEM, or KP_EINVAL when this kind of control has no such property
// or the value is not one that it takes. NULL, 0 and false bring back the default.

${settable.map(setter).join("\n")}

// The same with a format as for printf.
${strings.map((prop) => `#define kp_set_${prop.name}f(control, ...) KP__HERE(KP__SET_FORMATTED(control, &kp__property_${prop.name}, __VA_ARGS__))`).join("\n")}

// Handlers. A new one takes the place of the old; NULL takes it away.
${events.map((event) => `int kp_on_${event.name}(kp_control *control, kp_handler handler); // ${owners(model, event.name, "events")}`).join("\n")}

// --- Private --------------------------------------------------------------------------------------

// A property or event; a kind of control. What they are is the core's business.
typedef struct kp__property kp__property;
typedef struct kp__kind kp__kind;
extern const kp__property ${settable.map((prop) => `kp__property_${prop.name}`).join(",\n    ")};
extern const kp__property ${events.map((event) => `kp__event_${event.name}`).join(",\n    ")};

// A constructor makes a control, sets what is given, then asks whether memory sufficed for all of it. If
// not, the control is gone, and kp__add_all frees the children.
kp_control *kp__new(kp__kind *kind);
void kp__set_state(kp_control *control, const void *bytes, size_t size);
kp_control *kp__complete(kp_control *control);
void kp__add_all(kp_control *parent, kp_control *const *children);

// Each returns 0, KP_ESTALE, KP_ENOMEM, or KP_EINVAL when the kind has no such property or the enum no such value.
int kp__set_string(kp_control *control, const kp__property *property, const char *value);
int kp__set_bool(kp_control *control, const kp__property *property, bool value);
int kp__set_int(kp_control *control, const kp__property *property, int value); // int and enum
int kp__set_number(kp_control *control, const kp__property *property, double value); // number and length
int kp__set_handler(kp_control *control, const kp__property *property, kp_handler handler);

${model.controls
  .filter((control) => control.constructible)
  .map((control) => body(model, control))
  .join("\n\n")}

#include "format.h"

#ifdef __cplusplus
}
#endif

#if defined(KP_DEV) && !defined(KP__CORE)
${settable.map((prop) => here(`kp_set_${prop.name}`)).join("\n")}
${events.map((event) => here(`kp_on_${event.name}`)).join("\n")}
#endif

#endif
`;
}
