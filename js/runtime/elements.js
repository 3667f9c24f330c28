// SPDX-License-Identifier: MIT
// How one element is changed.

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
 * What the user sees already is not set again, as it would move the cursor in a field.
 * @param {any} element
 * @param {string} name
 * @param {Value} value
 */
export function setProperty(element, name, value) {
  if (element[name] !== value) element[name] = value;
}

/**
 * Moves what is on the page, and keeps what the user has typed, selected and scrolled to.
 * @param {Element} element
 * @param {any} parent
 * @param {Element | null} before
 */
export function move(element, parent, before) {
  const active = /** @type {any} */ (element.getRootNode()).activeElement;
  const hasFocus = element.contains(active);
  // Chromium scrolls to what has the focus when it is moved, though the user has scrolled away from it.
  const scrolled = hasFocus ? [...scrollsAround(active), ...scrollsAround(parent)] : [];
  if (parent.moveBefore && parent.isConnected) parent.moveBefore(element, before);
  else {
    const { selectionStart, selectionEnd, selectionDirection } = active ?? {};
    parent.insertBefore(element, before);
    if (hasFocus) active.focus({ preventScroll: true });
    if (hasFocus && selectionStart != null)
      active.setSelectionRange(selectionStart, selectionEnd, selectionDirection);
  }
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
