// SPDX-License-Identifier: MIT
// The markup of a control: tag.class[attribute=value]*(child,child,…). Part 0 is the root, part n the
// n-th element in the order in which they are written. `*` marks the part that takes children.

/**
 * @typedef {{tag: string, classes: string[], attributes: Record<string, string>, holdsChildren: boolean}} Part
 */

const TOKEN =
  /(?<tag>[a-z][a-z0-9-]*)|\.(?<class>[a-z][a-z0-9-]*)|\[(?<name>[a-z][a-z-]*)=(?<value>[^\][]*)\]|[*(),]/y;

/**
 * @param {string} markup
 * @returns {Part[]} in the order of their numbers
 * @throws {Error} naming the column of what cannot be read
 */
export function parseMarkup(markup) {
  /** @type {Part[]} */
  const parts = [];
  let depth = 0;
  let wantsTag = true;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < markup.length;) {
    const column = TOKEN.lastIndex + 1;
    const found = TOKEN.exec(markup);
    if (!found) throw new Error(`cannot be read from column ${column} on: ${markup.slice(column - 1)}`);
    const { tag, class: className, name, value } = found.groups ?? {};
    const part = parts.at(-1);
    if (wantsTag !== Boolean(tag) || (found[0] === "," && !depth))
      throw new Error(`${wantsTag ? "lacks a tag" : `has an unexpected "${found[0]}"`} at column ${column}`);
    wantsTag = found[0] === "(" || found[0] === ",";
    if (tag) parts.push({ tag, classes: [], attributes: {}, holdsChildren: false });
    else if (part && className) part.classes.push(className);
    else if (part && name) part.attributes[name] = value;
    else if (part && found[0] === "*") part.holdsChildren = true;
    else if (found[0] === "(") depth++;
    else if (found[0] === ")" && --depth < 0) throw new Error(`closes too often at column ${column}`);
  }
  if (wantsTag || depth)
    throw new Error(depth ? "lacks a closing parenthesis" : "ends where a tag is wanted");
  return parts;
}
