// SPDX-License-Identifier: MIT
// Finds what a user would mean, and says what is there when it is not.

/** @typedef {string | {text: string} | Element} Target a selector, what the user reads on it, or the element itself */

const fields = "input, textarea, select";
const mostTexts = 30;

/** @param {string | null | undefined} text */
const normalised = (text) => (text ?? "").replace(/\s+/g, " ").trim();

/**
 * @param {Element} element
 * @returns {boolean}
 */
export function isVisible(element) {
  const isShown = !element.closest(
    "[hidden], [inert], dialog:not([open]), noscript, template, script, style",
  );
  const details = element.closest("details:not([open])");
  for (let at = /** @type {any} */ (element); at; at = at.parentElement)
    if (at.style?.display === "none" || at.style?.visibility === "hidden") return false;
  return isShown && (!details || !!element.closest("summary"));
}

/**
 * What the user can read in an element: a line for each piece of text.
 * @param {Element} element
 * @returns {string[]}
 */
export function visibleTexts(element) {
  if (!isVisible(element)) return [];
  return [...element.childNodes].flatMap((node) => {
    if (node.nodeType === 1) return visibleTexts(/** @type {Element} */ (node));
    const text = node.nodeType === 3 ? normalised(node.nodeValue) : "";
    return text ? [text] : [];
  });
}

/**
 * What the user, or assistive technology, calls an element.
 * @param {any} element
 */
const nameOf = (element) =>
  normalised(
    element.getAttribute("aria-label") ??
      element.getAttribute("alt") ??
      element.getAttribute("placeholder") ??
      element.textContent,
  );

/**
 * @param {Element} root
 * @returns {string} for an error: what is there instead
 */
function inventory(root) {
  const names = [...root.querySelectorAll("[aria-label], [alt], [placeholder]")]
    .filter(isVisible)
    .map(nameOf);
  const all = [...new Set([...visibleTexts(root), ...names])].filter(Boolean);
  if (!all.length) return "The page is empty.";
  const rest = all.length > mostTexts ? ` and ${all.length - mostTexts} more` : "";
  return `The page shows: ${all
    .slice(0, mostTexts)
    .map((text) => `“${text}”`)
    .join(", ")}${rest}.`;
}

/**
 * @param {Element} root
 * @param {string} text
 */
function findByText(root, text) {
  const wanted = normalised(text);
  const matching = [...root.querySelectorAll("*")].filter(
    (element) => isVisible(element) && nameOf(element) === wanted,
  );
  const innermost = matching.filter(
    (element) => !matching.some((other) => other !== element && element.contains(other)),
  );
  if (innermost.length === 1) return innermost[0];
  if (!innermost.length) throw new Error(`There is no “${text}”. ${inventory(root)}`);
  throw new Error(`“${text}” is there ${innermost.length} times: use a selector to say which one.`);
}

/**
 * @param {Element} root
 * @param {Target} target
 * @returns {any} the one element that is meant
 * @throws {Error} when there is none, or more than one
 */
export function find(root, target) {
  if (typeof target === "object")
    return "text" in target && !("nodeType" in target) ? findByText(root, target.text) : target;
  const matching = root.querySelectorAll(target);
  if (matching.length === 1) return matching[0];
  if (!matching.length) throw new Error(`Nothing matches the selector "${target}". ${inventory(root)}`);
  throw new Error(`The selector "${target}" matches ${matching.length} elements: make it match one.`);
}

/**
 * @param {Element} root
 * @param {Target} target a field, its label, or what contains it
 * @returns {any} the field
 * @throws {Error} when there is none
 */
export function findField(root, target) {
  const element = find(root, target);
  const field = element.matches(fields)
    ? element
    : (element.querySelector(fields) ?? element.closest("label")?.querySelector(fields));
  if (!field)
    throw new Error(`${describeTarget(target)} is no field to write in or to tick. ${inventory(root)}`);
  return field;
}

/**
 * @param {Target} target
 * @returns {string}
 */
export function describeTarget(target) {
  if (typeof target === "string") return `"${target}"`;
  return "text" in target && !("nodeType" in target)
    ? `“${target.text}”`
    : `<${/** @type {Element} */ (target).localName}>`;
}

/**
 * @param {any} element
 * @param {Target} target
 * @throws {Error} when a user could not use it
 */
export function checkUsable(element, target) {
  if (!isVisible(element)) throw new Error(`${describeTarget(target)} is hidden: a user could not use it.`);
  if (element.closest(":disabled"))
    throw new Error(`${describeTarget(target)} is disabled: a user could not use it.`);
}
