// SPDX-License-Identifier: MIT
// What an app may put into the page. A name is judged once, when it is announced; an address each
// time it is set, by the browser's own parser.
import { PLACE_ATTRIBUTE, PLACE_PROPERTY, PLACE_STYLE } from "./abi.gen.js";
import {
  ATTRIBUTES,
  EVENTS,
  PROPERTIES,
  STYLES,
  TAGS,
  USES_ADDRESSES,
  USES_EVENTS,
  USES_KEYS,
  USES_PROPERTIES,
  USES_STYLES,
} from "./used.js";

/**
 * @param {string} list words with a space between
 * @param {string} word
 */
const holds = (list, word) => list.split(" ").includes(word);

/** Names of attributes and properties whose values are addresses. */
export const ADDRESSES = /^(action|background|cite|data|formaction|href|ping|poster|src|srcset)$/;

/**
 * @typedef {object} Name
 * @property {number} number
 * @property {string} text
 * @property {(boolean | undefined)[]} places false where it must not be used
 * @property {boolean} [isAddress] its values are URLs
 * @property {string} [type] what the browser calls the event of this name
 * @property {string} [key] the only key that the event is about
 */

/**
 * @param {string} text
 * @param {number} number
 * @returns {Name}
 */
export function judgeName(text, number) {
  const places = [];
  places[PLACE_ATTRIBUTE] = holds(ATTRIBUTES, text);
  places[PLACE_PROPERTY] = USES_PROPERTIES && holds(PROPERTIES, text);
  places[PLACE_STYLE] = USES_STYLES && holds(STYLES, text);
  /** @type {Name} */
  const name = { number, text, places };
  if (USES_ADDRESSES) name.isAddress = ADDRESSES.test(text);
  const event =
    USES_EVENTS &&
    EVENTS.split(" ")
      .map((event) => event.split(/[=:]/))
      .find(([name]) => name === text);
  if (event) {
    name.type = event[1] ?? text;
    if (USES_KEYS) name.key = event[2];
  }
  return name;
}

/** @param {string} tag */
export const mayMake = (tag) => holds(TAGS, tag);

/**
 * True when the address cannot run code in this page. Pictures may also be made by the page itself.
 * @param {string} url
 * @param {Element} element that is to hold it
 */
export function isSafeUrl(url, element) {
  try {
    const { href } = new URL(url, element.baseURI);
    return (
      /^(https?|mailto|tel):/.test(href) ||
      (element.localName === "img" && /^(blob:|data:image\/(png|gif|jpeg|webp|avif)[;,])/.test(href))
    );
  } catch {
    return false;
  }
}
