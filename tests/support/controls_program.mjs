// SPDX-License-Identifier: MIT
// A program, made from the definitions, that makes every control and sets every property in every way.
import { propsOf } from "../../wasm/generate/definitions.mjs";
import { cTypeOf } from "../../wasm/generate/c_types.mjs";
import { upper } from "../../wasm/generate/text.mjs";

/**
 * @typedef {import("../../wasm/generate/definitions.mjs").Model} Model
 * @typedef {import("../../wasm/generate/definitions.mjs").Control} Control
 * @typedef {import("../../wasm/generate/definitions.mjs").Prop} Prop
 */

const PICTURE = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";

/** @type {Record<string, string>} what a property takes that does not take any text */
const TEXTS = {
  color: "#123456",
  background: "#654321",
  border_color: "#abcdef",
  url: "https://example.org/",
  source: PICTURE,
};

/**
 * A value that is not the default.
 * @param {Prop} prop
 * @returns {string | number | boolean} of an enum the number
 */
export function sample(prop) {
  if (prop.type === "string") return TEXTS[prop.name] ?? `some ${prop.name}, é`;
  if (prop.type === "bool") return true;
  return { int: 3, number: 0.5, length: 12.5, enum: 1 }[prop.type];
}

/**
 * @param {Prop} prop
 * @param {string | number | boolean} value
 */
function literal(prop, value) {
  if (prop.type === "enum") return `KP_${upper(prop.name)}_${upper(prop.values[Number(value)][0])}`;
  return JSON.stringify(value);
}

/** @param {Prop} prop */
const nothing = (prop) =>
  prop.type === "enum" ? `(${cTypeOf(prop)})0` : prop.type === "string" ? "NULL" : "0";

/**
 * The properties that can be set later, but for the one by which the test finds the control.
 * @param {Model} model
 * @param {Control} control
 */
export function settable(model, control) {
  const { own, common } = propsOf(model, control);
  return [...own, ...common].filter((prop) => !prop.fixed && prop.name !== "id");
}

/** @param {Control} control with several markups @param {number} index */
function choice({ by, props }, index) {
  const prop = props.find(({ name }) => name === by);
  return `.${by} = ${prop ? Number(index) : "heard"}`;
}

/**
 * @param {Model} model
 * @param {Control} control
 */
function make(model, control) {
  const { name } = control;
  const props = settable(model, control);
  const set = (/** @type {string} */ target) =>
    props.map(
      (prop) =>
        `    expect(kp_set_${prop.name}(${target}, ${literal(prop, sample(prop))}), "${name}.${prop.name}");`,
    );
  const reset = props.map(
    (prop) => `    expect(kp_set_${prop.name}(c, ${nothing(prop)}), "${name}.${prop.name}");`,
  );
  const add = (/** @type {string} */ id, /** @type {string[]} */ fields) =>
    `    kp_add(kp_page, kp_${name}(${[`.id = "${id}_${name}"`, ...fields].join(", ")}));`;
  const events = [...control.events, ...model.common.events].map((event) => `.on_${event.name} = heard`);
  const enums = props.filter((prop) => prop.type === "enum");
  return [
    `static void make_${name}(void)`,
    "{",
    "    kp_control *c;",
    "",
    add("bare", []),
    add(
      "made",
      props.map((prop) => `.${prop.name} = ${literal(prop, sample(prop))}`),
    ),
    ...control.markups.slice(1).map((_, index) => add(`markup${index + 1}`, [choice(control, index + 1)])),
    `    kp_add(kp_page, c = kp_${name}());`,
    ...set("c"),
    `    kp_set_id(c, "set_${name}");`,
    `    kp_add(kp_page, c = kp_${name}());`,
    ...set("c"),
    ...reset,
    `    kp_set_id(c, "reset_${name}");`,
    ...enums.flatMap((prop) =>
      prop.values.map((_, index) => add(`${prop.name}${index}`, [`.${prop.name} = ${literal(prop, index)}`])),
    ),
    ...enums.map(
      (prop) =>
        `    if (kp_set_${prop.name}(c, (${cTypeOf(prop)})${prop.values.length}) != KP_EINVAL) puts("${name}.${prop.name} takes anything");`,
    ),
    add("live", [...events, `.state = KP_STATE(const char *, "${name}")`]),
    "}",
    "",
  ].join("\n");
}

/**
 * @param {Model} model
 * @returns {string} C
 */
export function controlsProgram(model) {
  const page = /** @type {Control} */ (model.controls.find((control) => control.name === "page"));
  const constructible = model.controls.filter((control) => control.constructible);
  const props = settable(model, page);
  const statement = (/** @type {Prop} */ prop, /** @type {string} */ value) =>
    `    expect(kp_set_${prop.name}(kp_page, ${value}), "page.${prop.name}");`;
  return `#include <kapok.h>
#include <stdio.h>

static void heard(kp_event *e)
{
    const char **name = kp_state(e->control);

    printf("%s of %s: \\"%s\\" %d %.0f\\n", e->type, name ? *name : "page", e->value, e->checked, e->width);
}

static void expect(int result, const char *what)
{
    if (result != 0)
        printf("%s: %d %s\\n", what, result, kp_strerror(result));
}

${constructible.map((control) => make(model, control)).join("\n")}
static void set_page(kp_event *e)
{
    (void)e;
${props.map((prop) => statement(prop, literal(prop, sample(prop)))).join("\n")}
}

static void reset_page(kp_event *e)
{
    (void)e;
${props.map((prop) => statement(prop, nothing(prop))).join("\n")}
}

static int begun;

static void stay(kp_event *e)
{
    int number = ++begun;

    kp_prevent_default(e);
    printf("%s handler %d\\n", *(const char **)kp_state(e->control), number);
    printf("%s handler %d: %s\\n", *(const char **)kp_state(e->control), number, kp_strerror(kp_sleep(300)));
}

static void add_busy(const char *name, kp_while_busy what)
{
    kp_add(kp_page, kp_link("x", .url = "#left", .id = name, .on_click = stay, .while_busy = what,
                            .state = KP_STATE(const char *, name)));
}

static void clear_page(kp_event *e)
{
    (void)e;
    kp_clear(kp_page);
}

int main(void)
{
    kp_add(kp_page, kp_button("set", .on_click = set_page));
    kp_add(kp_page, kp_button("reset", .on_click = reset_page));
    kp_add(kp_page, kp_button("clear", .on_click = clear_page));
${page.events.map((event) => `    kp_on_${event.name}(kp_page, heard);`).join("\n")}
${constructible.map((control) => `    make_${control.name}();`).join("\n")}
    add_busy("parallel", KP_PARALLEL);
    add_busy("drop", KP_DROP);
    add_busy("queue", KP_QUEUE);
    add_busy("restart", KP_RESTART);
    puts("ready");
    return 0;
}
`;
}
