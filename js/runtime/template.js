// SPDX-License-Identifier: MIT
// The markup of a control: `label.kp-field(span.kp-label,input[type=text],div.kp-slot*)`.
// It is read once and then cloned. Parts are numbered in the order in which they are written, from
// 0, the root; the part with `*` takes the control's children, else the root does.
import { EINVAL, PLACE_ATTRIBUTE } from "./abi.gen.js";
import { isSafeUrl, judgeName, mayMake } from "./allow.js";
import { KapokError } from "./errors.js";

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

const head = /([a-z][\w-]*)((?:\.[\w-]+)*)((?:\[[^\]]*\])*)(\*?)/y;

/**
 * @param {string} markup
 * @param {Document} document
 * @returns {Template}
 * @throws {KapokError} when the markup is malformed or makes what an app must not make
 */
export function parseTemplate(markup, document) {
  /** @type {boolean[][]} */
  const paths = [];
  /** @type {Element[]} */
  const origins = [];
  let at = 0;
  let container = 0;
  let kept = -1;

  /** @param {unknown} isGood */
  function check(isGood) {
    if (!isGood) throw new KapokError(EINVAL, `markup may not be used: ${markup.slice(at)}`);
  }

  /** @param {boolean[]} path */
  function parse(path) {
    head.lastIndex = at;
    const [whole, tag, classes, attributes, star] = head.exec(markup) ?? [""];
    check(mayMake(tag));
    const element = document.createElement(tag);
    if (classes) element.className = classes.replaceAll(".", " ").trim();
    for (const [, name, value] of attributes.matchAll(/\[([^=\]]*)=?([^\]]*)/g)) {
      const { places, isAddress } = judgeName(name, 0);
      check(places[PLACE_ATTRIBUTE] && (!isAddress || isSafeUrl(value, element)));
      element.setAttribute(name, value);
    }
    at += whole.length;
    const part = paths.push(path) - 1;
    origins[part] = element;
    if (markup[at] === "(") {
      let next = [...path, true];
      do {
        at++;
        element.append(parse(next));
        next = [...next, false];
      } while (markup[at] === ",");
      check(markup[at++] === ")");
    }
    if (star || (!part && kept < 0)) [container, kept] = [part, element.childElementCount];
    return element;
  }

  const element = parse([]);
  check(at === markup.length);
  return { element, origins, wishes: [], paths, container, kept };
}

/**
 * Makes a template of controls as they are now.
 * @param {Element} root of the first
 * @param {{ template: Template, elements: Element[], wishes: import("./allow.js").Name[] }[]} controls what each was
 *   made from, its parts, and the events that it asks for
 * @returns {Template} whose parts are theirs, one after the other
 */
export function freeze(root, controls) {
  const origins = controls.flatMap(({ template }) => template.origins);
  const paths = controls.flatMap(({ elements }) => elements.map((element) => pathTo(element, root)));
  let part = 0;
  const wishes = controls.flatMap(({ elements, wishes }) => {
    const first = part;
    part += elements.length;
    return wishes.map((name) => ({ name, part: first, parts: elements.length }));
  });
  return {
    element: /** @type {Element} */ (root.cloneNode(true)),
    origins,
    wishes,
    paths,
    container: 0,
    kept: 0,
  };
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
