// SPDX-License-Identifier: MIT
// What an app may put into the page. A name is judged once, when it is announced; an address each
// time it is set, by the browser's own parser.
import {
  ATTRIBUTES,
  EVENTS,
  PLACE_ATTRIBUTE,
  PLACE_CLASS,
  PLACE_DATA,
  PLACE_PROPERTY,
  PLACE_STYLE,
  PROPERTIES,
  STYLES,
  TAGS,
} from "./abi.gen.js";

/** @param {string} list */
const words = (list) => new Set(list.split(" "));

const tags = words(TAGS);
const events = new Map(
  EVENTS.split(" ").map((event) => {
    const [name, type, key] = event.split(/[=:]/);
    return [name, { type: type ?? name, key }];
  }),
);
const restricted = [
  { place: PLACE_ATTRIBUTE, names: words(ATTRIBUTES) },
  { place: PLACE_PROPERTY, names: words(PROPERTIES) },
  { place: PLACE_STYLE, names: words(STYLES) },
];
const addresses = words(
  "action background cite data formaction href manifest ping poster src srcset xlink:href",
);

/**
 * @typedef {object} Name
 * @property {number} number
 * @property {string} text
 * @property {number} places bit n is set when it may be used in place n
 * @property {boolean} isAddress its values are URLs
 * @property {{type: string, key?: string}} [event] what the browser calls it, and the one key that counts
 */

/**
 * @param {number} number
 * @param {string} text
 * @returns {Name}
 */
export function judgeName(number, text) {
  let places = (1 << PLACE_CLASS) | (1 << PLACE_DATA);
  for (const { place, names } of restricted) if (names.has(text)) places |= 1 << place;
  return { number, text, places, isAddress: addresses.has(text), event: events.get(text) };
}

/** @param {string} tag */
export const mayMake = (tag) => tags.has(tag);

/**
 * True when the address cannot run code in this page. Pictures may also be made by the page itself.
 * @param {string} url
 * @param {Element} element that is to hold it
 */
export function isSafeUrl(url, element) {
  let parsed;
  try {
    parsed = new URL(url, element.baseURI);
  } catch {
    return false;
  }
  return (
    /^(https?|mailto|tel):$/.test(parsed.protocol) ||
    (element.localName === "img" && /^(blob:|data:image\/(png|gif|jpeg|webp|avif)[;,])/.test(parsed.href))
  );
}
