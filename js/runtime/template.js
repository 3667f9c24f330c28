// SPDX-License-Identifier: MIT
// The markup of a control: `label.kp-field(span.kp-label,input[type=text],div.kp-slot*)`.
// It is read once and then cloned. Parts are numbered in the order in which they are written, from
// 0, the root; the part with `*` takes the control's children, else the root does.
import { EINVAL, PLACE_ATTRIBUTE } from "./abi.gen.js";
import { isSafeUrl, judgeName, mayMake } from "./allow.js";
import { KapokError } from "./errors.js";
import { USES_ADDRESSES } from "./used.js";

/**
 * @typedef {object} Wish for an event
 * @property {import("./allow.js").Name} name
 * @property {number} part that it happens to, or to one of the `parts` from there on
 * @property {number} parts
 */

/**
 * @typedef {object} Template
 * @property {Element} element is cloned, never shown
 * @property {Element[]} origins for each part the element of the markup that it comes from
 * @property {Wish[]} wishes the events that every control made from it asks for
 * @property {boolean[][]} paths the way from the root to each part: true goes down to the first child
 *   element, false on to the next sibling element
 * @property {number} container the part that takes the control's children
 * @property {number} kept how many child elements the container has of its own
 */

// An element, and behind it what opens it, or closes it and those around it.
const token = /([a-z][\w-]*)((?:\.[\w-]+)*)((?:\[[^\]]*\])*)(\*?)(\(|\)*(?:,|$))/g;

/**
 * @param {string} markup
 * @param {Document} document
 * @returns {Template}
 * @throws {KapokError} when the markup is malformed or makes what an app must not make
 */
export function parseTemplate(markup, document) {
  /** @type {Element[]} */
  const origins = [];
  let container = 0;
  /** @type {Element | null | undefined} */
  let parent;

  /**
   * @template T
   * @param {T} what
   * @returns {NonNullable<T>}
   */
  function check(what) {
    if (!what) throw new KapokError(EINVAL, `markup may not be used: ${markup}`);
    return what;
  }

  const rest = markup.replace(token, (_, tag, classes, attributes, star, next) => {
    check(mayMake(tag));
    const element = document.createElement(tag);
    if (classes) element.className = classes.slice(1).replaceAll(".", " ");
    for (const [, name, value] of attributes.matchAll(/\[([^=\]]*)=?([^\]]*)/g)) {
      const judged = judgeName(name, 0);
      check(judged.places[PLACE_ATTRIBUTE]);
      if (USES_ADDRESSES) check(!judged.isAddress || isSafeUrl(value, element));
      element.setAttribute(name, value);
    }
    if (star) container = origins.length;
    origins.push(element);
    parent?.append(element);
    if (next === "(") parent = element;
    for (let up = next.lastIndexOf(")"); up >= 0; up--) parent = check(parent).parentElement;
    check(parent || !next.endsWith(","));
    return "";
  });
  check(!rest && !parent && origins.length);
  return templateOf(origins, origins, container, origins[container].childElementCount);
}

/**
 * @param {Element[]} parts of it, the root first
 * @param {Element[]} origins
 * @param {number} container
 * @param {number} kept
 * @returns {Template}
 */
function templateOf(parts, origins, container, kept) {
  const [element] = parts;
  return { element, origins, wishes: [], paths: parts.map((part) => pathTo(part, element)), container, kept };
}

/**
 * Makes a template of controls as they are now.
 * @param {{ template: Template, elements: Element[], wishes: Wish[] }[]} controls what each was made from, its parts,
 *   and the events that it asks for; the root first
 * @returns {Template} whose parts are theirs, one after the other
 */
export function freeze(controls) {
  const made = templateOf(
    controls.flatMap(({ elements }) => elements),
    controls.flatMap(({ template }) => template.origins),
    0,
    0,
  );
  let first = 0;
  for (const { elements, wishes } of controls) {
    // Not every DOM clones what a field holds; all clone what it holds at first.
    for (const field of /** @type {any[]} */ (elements)) {
      if ("defaultValue" in field) field.defaultValue = field.value;
      if ("defaultChecked" in field) field.defaultChecked = field.checked;
    }
    for (const wish of wishes) made.wishes.push({ ...wish, part: first });
    first += elements.length;
  }
  made.element = /** @type {Element} */ (made.element.cloneNode(true));
  return made;
}

/**
 * @param {Element} element
 * @param {Element} root around it
 * @returns {boolean[]}
 */
function pathTo(element, root) {
  const path = [];
  while (element !== root) {
    const before = element.previousElementSibling;
    path.unshift(!before);
    element = /** @type {Element} */ (before ?? element.parentElement);
  }
  return path;
}
