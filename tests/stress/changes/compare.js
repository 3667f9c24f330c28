// SPDX-License-Identifier: MIT
// Compares the whole page with the model: every element, attribute, style and text, what the user did to it, and
// whether the elements are those that they were.

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./model.js").Control} Control */

class Difference extends Error {}

/**
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {() => string} what
 */
function check(actual, expected, what) {
  if (actual === expected) return;
  const short = (/** @type {unknown} */ value) => JSON.stringify(value ?? null).slice(0, 300);
  throw new Difference(`${what()} is ${short(actual)}, and should be ${short(expected)}`);
}

/**
 * @param {Model} model
 * @returns {string | undefined} the first difference
 */
export function compare(model) {
  try {
    compareControl(model.page, document.body);
    compareUser(model);
    check(document.title, model.title, () => "the title");
  } catch (error) {
    if (error instanceof Difference) return error.message;
    throw error;
  }
}

/**
 * @param {Control} control
 * @param {Element} element
 */
function compareControl(control, element) {
  const { kind, markup, parts, children, number } = control;
  /** @type {Element[]} */
  const elements = [];
  /** How many of its child elements have been seen, by part. @type {number[]} */
  const seen = parts.map(() => 0);
  for (let part = 0; part < parts.length; part++) {
    const { parent } = markup[part];
    elements[part] = part ? elements[parent].children[seen[parent]++] : element;
    const name = () => `part ${part} of ${kind.name} ${number}`;
    check(elements[part]?.localName, number ? markup[part].tag : "body", name);
    compareElement(elements[part], parts[part], name);
  }
  compareState(control, /** @type {HTMLInputElement} */ (elements[kind.main]));
  if (control.elements)
    for (let part = 0; part < parts.length; part++)
      check(
        elements[part] === control.elements[part],
        true,
        () => `that ${kind.name} ${number} kept its element ${part}`,
      );
  control.elements = elements;
  const container = elements[kind.container];
  for (const child of children) {
    const next = container.children[seen[kind.container]++];
    check(!!next, true, () => `whether ${child.kind.name} ${child.number} is in ${kind.name} ${number}`);
    compareControl(child, next);
  }
  for (let part = 0; part < parts.length; part++)
    check(
      elements[part].childElementCount,
      seen[part],
      () => `the children of part ${part} of ${kind.name} ${number}`,
    );
}

/**
 * @param {Element} element
 * @param {import("./model.js").PartState} state
 * @param {() => string} name
 */
function compareElement(element, { attributes, styles, text }, name) {
  for (const [attribute, value] of attributes)
    check(element.getAttribute(attribute), value, () => `${attribute} of ${name()}`);
  const { style } = /** @type {HTMLElement} */ (element);
  // No class and an empty list of classes are the same.
  // What a field holds at first is the template's affair.
  const uncounted = element
    .getAttributeNames()
    .filter((name) => name === "style" || (/^(value|checked)$/.test(name) && element.localName === "input"));
  const count = element.attributes.length - uncounted.length;
  check(
    count,
    attributes.size,
    () => `the attributes [${element.getAttributeNames()}] of ${name()}: their number`,
  );
  for (const [property, value] of styles)
    check(style.getPropertyValue(property), value, () => `${property} of ${name()}`);
  if (!styles.size) check(style.length, 0, () => `the styles "${style.cssText}" of ${name()}: their number`);
  else checkNoMore(style, styles, name);
  let found = "";
  for (let node = element.firstChild; node && node.nodeType === 3; node = node.nextSibling)
    found += node.nodeValue;
  check(found, text, () => `the text of ${name()}`);
  for (let node = element.firstElementChild; node; node = node.nextElementSibling)
    check(node.nextSibling?.nodeType ?? 1, 1, () => `what is between the children of ${name()}`);
}

/**
 * @param {CSSStyleDeclaration} style
 * @param {Map<string, string>} styles
 * @param {() => string} name
 */
function checkNoMore(style, styles, name) {
  const rest = document.createElement("div").style;
  rest.cssText = style.cssText;
  for (const property of styles.keys()) rest.removeProperty(property);
  check(rest.cssText, "", () => `the other styles of ${name()}`);
}

/**
 * @param {Control} control
 * @param {HTMLInputElement} field
 */
function compareState({ number, kind, value, isChecked, scrolled, elements }, field) {
  const name = () => `of ${kind.name} ${number}`;
  if (value !== undefined) check(field.value, value, () => `the value ${name()}`);
  if (field.type === "checkbox") check(field.checked, isChecked, () => `whether it is ticked ${name()}`);
  if (scrolled) check(elements?.[0].scrollTop, scrolled, () => `how far it is scrolled ${name()}`);
}

/** @param {Model} model */
function compareUser(model) {
  const { focus } = model;
  if (focus === undefined) return;
  const expected = focus ? focus.elements?.[focus.kind.main] : document.body;
  const name = (/** @type {Element | null | undefined} */ element) => element?.outerHTML.slice(0, 100);
  check(
    document.activeElement === expected,
    true,
    () => `that the focus is in ${name(expected)}, not ${name(document.activeElement)}`,
  );
  if (!focus?.selection) return;
  const [start, end] = focus.selection;
  const field = /** @type {HTMLInputElement} */ (expected);
  const found = [field.selectionStart, field.selectionEnd, field.selectionDirection];
  // Where nothing is selected browsers do not keep the direction.
  const [is, should] = [found, focus.selection].map(
    (selection) => `${start < end ? selection : selection.slice(0, 2)}`,
  );
  check(is, should, () => `the selection of ${focus.kind.name} ${focus.number}`);
}
