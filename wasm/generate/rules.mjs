// SPDX-License-Identifier: MIT
// What a definition must keep to beyond its shape: what C, the browser and safety ask for.
import { cTypeOf } from "./c_types.mjs";

/**
 * @typedef {import("./definitions.mjs").Model} Model
 * @typedef {import("./definitions.mjs").Control} Control
 * @typedef {import("./definitions.mjs").Prop} Prop
 */

const C_KEYWORDS =
  "auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while bool true false asm typeof and or not xor class new delete this template operator private public protected namespace".split(
    " ",
  );
const OWN_FIELDS = ["state", "children", "while_busy"];

const FORBIDDEN_TAGS = /^(script|style|link|meta|base|iframe|frame|object|embed|template|svg|math|portal)$/;
/** @type {Record<string, [RegExp, string]>} */
const FORBIDDEN_NAMES = {
  attribute: [/^on|^style$|^srcdoc$|^is$|^class$|^nonce$/, "it would run code or undo the page's policy"],
  property: [
    /^on|html$|^src|^href$|action|^style$|^text$/i,
    "it takes code or an address; addresses must be attributes, which are judged",
  ],
  style: [
    /^background$|image|^content$|^cursor$|^filter$|^mask|^list-style$|^-(?!-kp-)/,
    "it can load from an address",
  ],
};

/**
 * @param {Model} model
 * @returns {string[]} problems
 */
export function checkControls({ controls, common }) {
  return controls.flatMap((control) => {
    const file = `${control.name}.json`;
    const say = (/** @type {string} */ place, /** @type {string} */ text) => `${file}: ${place}: ${text}`;
    return [
      ...checkMarkup(control, say),
      ...control.props.flatMap((prop) => checkProp(control, prop, say)),
      ...control.props
        .filter((prop) => common.props.some((other) => other.name === prop.name))
        .map((prop) =>
          say(
            `props.${prop.name}`,
            "every control has it already, see common.json. Give this one another name.",
          ),
        ),
      ...(control.props.filter((prop) => prop.group === "main").length > 1
        ? [say("props", "more than one has the group main. Leave it to the one that is given most often.")]
        : []),
    ];
  });
}

/**
 * @param {Control} control
 * @param {(place: string, text: string) => string} say
 */
function checkMarkup(control, say) {
  const problems = [];
  for (const part of control.parts.flat()) {
    if (FORBIDDEN_TAGS.test(part.tag))
      problems.push(say("markup", `a <${part.tag}> is not allowed: it could run code.`));
    for (const name of Object.keys(part.attributes))
      if (FORBIDDEN_NAMES.attribute[0].test(name))
        problems.push(
          say("markup", `the attribute ${name} is not allowed: ${FORBIDDEN_NAMES.attribute[1]}.`),
        );
  }
  const root = control.parts[0][0];
  if (!control.bare && !root.classes.includes(`kp-${control.name.replaceAll("_", "-")}`))
    problems.push(
      say(
        "markup",
        `its root lacks the class kp-${control.name.replaceAll("_", "-")}, by which styles and tools find it.`,
      ),
    );
  if (control.by) {
    const prop = control.props.find(({ name, fixed }) => fixed && name === control.by);
    const event = control.events.find(({ name }) => `on_${name}` === control.by);
    if (!prop && !event)
      problems.push(
        say("markup.by", `there is no prop ${control.by} with "fixed": true, and no event of that name.`),
      );
    if (prop && !["bool", "int", "enum"].includes(prop.type))
      problems.push(say("markup.by", "only a bool, an int or an enum can choose."));
  }
  return problems;
}

/**
 * @param {Control} control
 * @param {Prop} prop
 * @param {(place: string, text: string) => string} say
 */
function checkProp(control, prop, say) {
  const place = `props.${prop.name}`;
  const problems = [];
  if (prop.fixed && prop.name !== control.by)
    problems.push(say(place, 'is "fixed", but does not choose the markup.'));
  if ((prop.type === "enum") !== prop.values.length > 0)
    problems.push(
      say(
        place,
        prop.type === "enum"
          ? 'is an enum and lacks "values".'
          : `has "values", but its type is ${prop.type}.`,
      ),
    );
  prop.values.slice(1).forEach(([name, value]) => {
    if (value === null)
      problems.push(say(`${place}.values.${name}`, "only the first, the default, can take the thing away."));
  });
  for (const target of prop.targets) {
    const parts = control.parts.map((all) => all[target.part]);
    if (!target.place)
      problems.push(say(place, 'lacks "place": text, attribute, property, style, class or data.'));
    if (target.set !== undefined && !["bool", "string"].includes(prop.type))
      problems.push(say(place, `"set" is for a bool or a string, its type is ${prop.type}.`));
    if (target.place === "class" && prop.type !== "bool")
      problems.push(say(place, "a class is on or off: its type must be bool."));
    // It stands before them, which is right where the definition says no more than the element itself does.
    if (
      target.place === "text" &&
      !control.bare &&
      parts.some((part) => part?.holdsChildren || (control.children && target.part === 0))
    )
      problems.push(
        say(place, "its text would stand among the children. Give the markup an element of its own for it."),
      );
    const [pattern, why] = FORBIDDEN_NAMES[target.place] ?? [];
    const isOwnClass = control.bare && target.name === "class";
    if (pattern && pattern.test(target.name) && !isOwnClass)
      problems.push(say(place, `the ${target.place} ${target.name} is not allowed: ${why}.`));
  }
  return problems;
}

/**
 * What all controls share in C: one type a prop, and names that are still free.
 * @param {Model} model
 * @param {string} publicHeader
 * @returns {string[]} problems
 */
export function checkNames({ controls, common }, publicHeader) {
  const problems = [];
  const taken = new Set(publicHeader.replace(/\/\/.*|#define kp_\w+\(\.\.\.\).*/g, "").match(/\bkp_\w+/g));
  /** @type {Map<string, {file: string, type: string, values: string}>} */
  const seen = new Map();
  const owners = [
    { file: "common.json", ...common },
    ...controls.map((c) => ({ file: `${c.name}.json`, ...c })),
  ];
  for (const { file, props, events } of owners) {
    for (const prop of props) {
      const place = `${file}: props.${prop.name}`;
      if (C_KEYWORDS.includes(prop.name))
        problems.push(`${place}: is a word of C or C++. Choose another name.`);
      if (OWN_FIELDS.includes(prop.name) || prop.name.startsWith("on_"))
        problems.push(
          `${place}: is a field that every props struct has, or an event's. Choose another name.`,
        );
      if (taken.has(`kp_set_${prop.name}`) || (prop.type === "enum" && taken.has(`kp_${prop.name}`)))
        problems.push(`${place}: kapok.h uses this name already. Choose another name.`);
      const first = seen.get(prop.name);
      const type = cTypeOf(prop);
      const values = prop.values.map(([name]) => name).join(", ");
      if (!first) seen.set(prop.name, { file, type, values });
      else if (first.type !== type || first.values !== values)
        problems.push(
          `${place}: is ${type}${values && ` (${values})`}, but ${first.type}${first.values && ` (${first.values})`} in ${first.file}. A prop has one type, so that it has one setter: rename one of the two.`,
        );
    }
    for (const event of events)
      if (taken.has(`kp_on_${event.name}`))
        problems.push(`${file}: events.${event.name}: kapok.h uses this name already.`);
  }
  for (const { name, constructible } of controls) {
    if (C_KEYWORDS.includes(name))
      problems.push(`${name}.json: its name is a word of C or C++. Rename the file.`);
    if (constructible && taken.has(`kp_${name}`))
      problems.push(`${name}.json: kapok.h uses kp_${name} already. Rename the file.`);
    if (seen.get(name)?.values)
      problems.push(`${name}.json: an enum is called kp_${name} already. Rename the file.`);
  }
  const [first] = common.props;
  if (first?.forMain || !["number", "length"].includes(first?.type))
    problems.push(
      "common.json: props: the first must be a number or a length, so that the common props begin at the same alignment in every struct.",
    );
  return problems;
}
