// SPDX-License-Identifier: MIT
// How one element is changed.
import { CAN_FOCUS } from "./used.js";

/** @typedef {string | number | boolean | null} Value null takes the thing away */

/**
 * @param {Element} element
 * @param {string} name
 * @param {Value} value
 */
export function setAttribute(element, name, value) {
  if (value === null || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : `${value}`);
}

/**
 * To ask for its kind would cost a call into the browser.
 * @param {any} node
 * @returns {node is Text}
 */
export const isText = (node) => !!node?.splitText;

/**
 * Moves what is on the page, and keeps what the user has typed, selected and scrolled to.
 * @param {Element} element
 * @param {any} parent
 * @param {Element | null} before
 */
export function move(element, parent, before) {
  if (parent.moveBefore && parent.isConnected && element.isConnected)
    return parent.moveBefore(element, before);
  if (!CAN_FOCUS) return parent.insertBefore(element, before);
  const active = /** @type {any} */ (element.ownerDocument.activeElement);
  const hasFocus = element.contains(active);
  const { selectionStart, selectionEnd, selectionDirection } = active ?? {};
  parent.insertBefore(element, before);
  if (!hasFocus) return;
  active.focus({ preventScroll: true });
  if (selectionStart != null) active.setSelectionRange(selectionStart, selectionEnd, selectionDirection);
}
