// SPDX-License-Identifier: MIT
// What a browser makes of a value by itself, found by asking it about elements that are on no page.

const style = document.createElement("div").style;

/** @type {Map<string, string>} */
const known = new Map();

/**
 * A style's value as the browser writes it.
 * @param {string} name
 * @param {string} value that it supports
 */
export function canonical(name, value) {
  const key = `${name}:${value}`;
  let found = known.get(key);
  if (found === undefined) {
    style.cssText = "";
    style.setProperty(name, value);
    known.set(key, (found = style.getPropertyValue(name)));
  }
  return found;
}

/**
 * What a field holds once it has been given a value.
 * @param {string} tag
 * @param {any} type
 * @param {string} value
 */
export function held(tag, type, value) {
  const field = /** @type {HTMLInputElement} */ (document.createElement(tag));
  if (tag === "input") field.setAttribute("type", type);
  field.value = value;
  return field.value;
}

/**
 * Whether scripts can see what is selected in it.
 * @param {string} tag
 * @param {any} type
 */
export const selectable = (tag, type) =>
  tag === "textarea" || /^(text|search|url|tel|password)$/.test(type ?? "text");
