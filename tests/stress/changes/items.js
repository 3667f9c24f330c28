// SPDX-License-Identifier: MIT
// What the view of main.c makes of an item, and how few of them must move.

/** @typedef {import("./protocol.js").Item} Item */
/** @typedef {import("../program.mjs").Kind} Kind */

/** @typedef {[part: number, kind: string, property: string, value: string | number | boolean | null][]} Shown */

/** The controls that each look is made of: the first holds the others. */
const LOOKS = [["row", "text", "text_field"], ["button"], ["element:li", "checkbox"]];

/** @param {Item} item @returns {Shown} what its controls show, by the number of each */
const shown = ({ look, name }) => {
  const isOdd = !!(look & 4);
  if ((look & 3) === 0)
    return [
      [0, "row", "gap", isOdd ? 4 : 0],
      [1, "text", "value", name],
      [1, "text", "italic", isOdd],
      [2, "text_field", "label", name],
    ];
  if ((look & 3) === 1)
    return [
      [0, "button", "label", name],
      [0, "button", "busy", isOdd],
    ];
  return [
    [0, "element", "value", name],
    [0, "element", "class_name", isOdd ? "odd" : null],
    [1, "checkbox", "label", "done"],
  ];
};

/** @param {Kind[]} kinds */
export function createItemKinds(kinds) {
  const find = (/** @type {string} */ name) => /** @type {Kind} */ (kinds.find((kind) => kind.name === name));

  return LOOKS.map((names) => {
    /** @type {number[]} where the parts of each control begin */
    const starts = [];
    /** @type {Kind["markups"][0]} */
    const markup = [];
    let main = 0;
    for (const name of names) {
      const [kind, tag] = name.split(":");
      const { markups, main: mainPart } = find(kind);
      const parts = markups.find(([root]) => !tag || root.tag === tag) ?? [];
      const start = markup.length;
      starts.push(start);
      if (start || kind === "button") main = start + mainPart;
      for (const part of parts)
        markup.push({ ...part, parent: part.parent < 0 ? (start ? 0 : -1) : start + part.parent });
    }
    const kind = { ...find("row"), name: `item of ${names}`, markups: [markup], main, children: false };
    kind.props = {};
    kind.events = names[0] === "button" ? ["click"] : [];
    /** @param {Item} item */
    const values = (item) => [
      { prop: find("row").props.tooltip, start: 0, value: "item" },
      ...shown(item).map(([control, name, property, value]) => ({
        prop: find(name).props[property],
        start: starts[control],
        value,
      })),
    ];
    return { kind, values };
  });
}

/**
 * How many of these must move for all to stand in rising order: those beside a longest rising subsequence.
 * @param {number[]} places
 */
export function fewestMoves(places) {
  const longest = places.map(() => 1);
  for (let i = 0; i < places.length; i++)
    for (let before = 0; before < i; before++)
      if (places[before] < places[i]) longest[i] = Math.max(longest[i], longest[before] + 1);
  return places.length - Math.max(0, ...longest);
}
