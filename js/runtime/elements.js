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
  const keeps = parent.moveBefore && parent.isConnected && element.isConnected;
  const insert = () => (keeps ? parent.moveBefore(element, before) : parent.insertBefore(element, before));
  const active = CAN_FOCUS && /** @type {any} */ (element.getRootNode()).activeElement;
  if (!active || !element.contains(active)) return insert();
  // Chromium scrolls to what has the focus when it is moved, though the user has scrolled away from it.
  const scrolled = [...scrollsAround(active), ...scrollsAround(parent)];
  const { selectionStart, selectionEnd, selectionDirection } = active;
  insert();
  if (!keeps) active.focus({ preventScroll: true });
  if (!keeps && selectionStart != null)
    active.setSelectionRange(selectionStart, selectionEnd, selectionDirection);
  for (const [around, left, top] of scrolled)
    if (around.scrollLeft !== left || around.scrollTop !== top)
      around.scrollTo({ left, top, behavior: "instant" });
}

/**
 * @param {Element} element
 * @returns {[around: Element, left: number, top: number][]} how far it, and each that it is in, is scrolled
 */
function scrollsAround(element) {
  const scrolls = [];
  for (let at = /** @type {Element | null} */ (element); at; at = at.parentElement)
    scrolls.push(/** @type {[Element, number, number]} */ ([at, at.scrollLeft, at.scrollTop]));
  return scrolls;
}
