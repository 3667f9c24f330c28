// SPDX-License-Identifier: MIT
// What the page should be: a plain tree that follows the steps, and what the app should report of each. It knows the
// definitions of the controls and the rules of kapok.h, and nothing of how they are kept.
import { EINVAL, ESTALE } from "../../../js/runtime/abi.gen.js";
import { canonical, held, selectable } from "./browser.js";
import { createItemKinds, fewestMoves } from "./items.js";
import { NEWLINE, NOT_UTF8 } from "./protocol.js";

/** @typedef {import("./protocol.js").Step} Step */
/** @typedef {import("../program.mjs").Definitions} Definitions */

/**
 * @typedef {object} PartState
 * @property {Map<string, string>} attributes but for the style
 * @property {Map<string, string>} styles
 * @property {string} text
 *
 * @typedef {object} Control
 * @property {number} number
 * @property {import("../program.mjs").Kind} kind
 * @property {import("../program.mjs").Part[]} markup
 * @property {PartState[]} parts
 * @property {Map<string, any>} set the values of its properties that are not the default, by name
 * @property {Control | null} parent
 * @property {Control[]} children
 * @property {boolean} isMounted
 * @property {boolean} isGone
 * @property {Set<string>} hears events
 * @property {string | undefined} value of a field
 * @property {boolean} isChecked
 * @property {[start: number, end: number, direction: string] | null} selection null: unknown
 * @property {number} scrolled how far, in pixels; 0: unknown
 * @property {import("./protocol.js").Item} [item] that it shows
 * @property {Element[] | undefined} elements that it was found to have on the page
 */

/** @typedef {ReturnType<typeof createModel>} Model */

const encoder = new TextEncoder();

/** What the browser is given for a text of C. @param {unknown} text */
const received = (text) => (typeof text === "string" ? text.replaceAll(NOT_UTF8, "\uFFFD") : text);

/** @param {string} value */
export const isUnsafe = (value) => /^(javascript|data:text|http:\/\/\[)/.test(value);

/** @param {Definitions} definitions */
export function createModel({ kinds }) {
  /** @type {Map<number, Control>} by number; removed ones stay, but for items, whose number is their key */
  const controls = new Map();
  const itemKinds = createItemKinds(kinds);
  let placed = 0; // items put into the page, or moved in it
  /** @type {string[]} what the app is to report */
  let due = [];
  /** @type {Control[]} whose mount handlers have not run yet */
  let mounting = [];
  /** @type {Control | null | undefined} null: nothing; undefined: the browser may have taken it away */
  let focus = null;
  let title = "";
  let refusals = 0;

  const page = create(0, kinds[0], 0);
  page.isMounted = true;

  /** @param {number} number @param {Definitions["kinds"][0]} kind @param {number} variant @returns {Control} */
  function create(number, kind, variant) {
    const markup = kind.markups[variant];
    const parts = markup.map(({ classes, attributes }) => ({
      attributes: new Map([
        ...Object.entries(attributes),
        ...(classes[0] ? [["class", classes.join(" ")]] : []),
      ]),
      styles: new Map(),
      text: "",
    }));
    const isField = markup[kind.main].tag === "textarea" || markup[kind.main].attributes.type === "text";
    const control = {
      number, kind, markup, parts, set: new Map(), parent: null, children: [], isMounted: false, isGone: false,
      hears: new Set(), value: isField ? "" : undefined, isChecked: false, selection: null, scrolled: 0,
      elements: undefined,
    }; // prettier-ignore
    controls.set(number, control);
    return control;
  }

  /** @param {unknown} number @returns {Control | undefined} */
  function find(number) {
    const control = controls.get(/** @type {number} */ (number));
    return control && !control.isGone ? control : undefined;
  }

  /** @param {Control} control @returns {Generator<Control>} with all it contains, parents first */
  function* under(control) {
    yield control;
    for (const child of control.children) yield* under(child);
  }

  /** @param {Control} control @returns {Generator<Control>} and what it is in, inside out */
  function* around(control) {
    for (let at = /** @type {Control | null} */ (control); at; at = at.parent) yield at;
  }

  /** @param {string} event @param {Control} control @param {string} [detail] */
  const hear = (event, control, detail = "0 0") => {
    if (control.hears.has(event)) due.push(`${event} ${control.number} ${detail}`);
  };

  // --- The tree

  /** @param {Control} control */
  function detach(control) {
    if (control.parent)
      control.parent.children = control.parent.children.filter((child) => child !== control);
    control.parent = null;
  }

  /** @param {Control} parent @param {Control} child @param {Control | undefined} before */
  function mayInsert(parent, child, before) {
    if (!parent.kind.children || child === before || (before && before.parent !== parent)) return false;
    if ([...around(parent)].includes(child)) return false;
    return parent.isMounted || !child.isMounted;
  }

  /** @param {unknown} parentNumber @param {unknown} childNumber @param {unknown} beforeNumber */
  function insert(parentNumber, childNumber, beforeNumber) {
    const [parent, child, before] = [parentNumber, childNumber, beforeNumber].map(find);
    const given = (/** @type {unknown} */ number) => controls.get(/** @type {number} */ (number));
    if (!given(childNumber)) return EINVAL;
    if (!parent || !child || (given(beforeNumber) && !before)) return ESTALE;
    if (!mayInsert(parent, child, before)) return EINVAL;
    // What is moved twice before the browser has drawn may be scrolled back.
    for (const control of under(child)) control.scrolled = 0;
    detach(child);
    child.parent = parent;
    parent.children.splice(before ? parent.children.indexOf(before) : parent.children.length, 0, child);
    if (parent.isMounted && !child.isMounted)
      for (const control of under(child)) {
        control.isMounted = true;
        if (control.hears.has("mount")) mounting.push(control);
      }
    return 0;
  }

  /** @param {Control[]} roots */
  function end(roots) {
    const all = roots.flatMap((root) => [...under(root)]);
    for (const control of all) if (control.isMounted) hear("unmount", control);
    for (const root of roots) detach(root);
    for (const control of all) {
      control.isGone = true;
      control.isMounted = false;
      if (focus === control) focus = null;
      if (control.item) controls.delete(control.number);
    }
  }

  function runMounts() {
    for (const control of mounting) if (!control.isGone) due.push(`mount ${control.number} 0 0`);
    mounting = [];
  }

  // --- Properties

  /** @param {Control} control @param {string} value */
  function setValue(control, value) {
    const { tag } = control.markup[control.kind.main];
    const type = control.parts[control.kind.main].attributes.get("type");
    if (control.value === value) return;
    control.selection = null; // where the cursor goes is the browser's affair
    control.value = held(tag, type, value);
  }

  /** @param {Control} control @param {PartState} part @param {string} name @param {any} value */
  function setProperty(control, part, name, value) {
    if (name === "checked") control.isChecked = value;
    else if (name === "disabled") setAttribute(part, name, value);
    else if (name === "alt") part.attributes.set(name, value ?? "");
    else if (name === "className") setAttribute(part, "class", value || null);
    else if (name === "title") title = (value ?? "").replace(/[\t\n\f\r ]+/g, " ").replace(/^ | $/g, "");
    else if (control.value !== undefined) setValue(control, value ?? "");
    else {
      // A bar's value is what its attribute says, from 0 to 1.
      const now = Math.min(Math.max(Number(part.attributes.get("value") ?? 0), 0), 1);
      if (now !== (value ?? 0)) part.attributes.set("value", `${Math.max(value ?? 0, 0)}`);
    }
  }

  /** @param {PartState} part @param {string} name @param {any} value */
  function setAttribute({ attributes }, name, value) {
    if (value === null || value === false) attributes.delete(name);
    else attributes.set(name, value === true ? "" : `${value}`);
  }

  /** @param {PartState} part @param {string} name @param {string} value */
  function setStyle({ styles }, name, value) {
    if (value === "") styles.delete(name);
    else if (CSS.supports(name, value)) styles.set(name, canonical(name, value));
  }

  /** @param {any} prop @param {any} target @param {any} value what is to stand there; null: nothing */
  function shown({ type, values }, { set }, value) {
    if (type === "enum") return values[value][1];
    if (set !== undefined) return value ? set : null;
    if (type === "string" || type === "bool") return received(value);
    return value || null;
  }

  /** @param {Control} control @param {any} prop @param {any} target @param {any} given @param {number} [start] */
  function put(control, prop, target, given, start = 0) {
    const { place, name } = target;
    const part = control.parts[start + target.part];
    const value = shown(prop, target, given);
    if (place === "text") part.text = value ?? "";
    else if (place === "data") setAttribute(part, `data-${name}`, value);
    else if (place === "style")
      setStyle(part, name, `${value ?? ""}${prop.type === "length" && value ? "px" : ""}`);
    else if (place === "property") setProperty(control, part, name, value);
    else if (/^(href|src)$/.test(name) && isUnsafe(value ?? "")) {
      part.attributes.delete(name);
      refusals++;
    } else setAttribute(part, name, value);
    if (place === "attribute" && name === "type" && control.value !== undefined) {
      control.value = held(control.markup[target.part].tag, value, control.value);
      control.selection = null;
      if (focus === control) focus = undefined; // fields of some types are several to the browser
    }
  }

  /** @param {unknown} number @param {any} name @param {any} value */
  function set(number, name, value) {
    const control = find(number);
    if (!control) return ESTALE;
    const prop = control.kind.props[name];
    if (!prop) return EINVAL;
    if (prop.type === "enum" ? !prop.values[value] : typeof value === "number" && !Number.isFinite(value))
      return EINVAL;
    for (const target of prop.targets) put(control, prop, target, value);
    control.scrolled = 0; // it may begin at the other end now
    // A field of another type is brought into view if it has the focus.
    if (name === "type") for (const one of around(control)) one.scrolled = 0;
    if (value) control.set.set(name, value);
    else control.set.delete(name);
    return 0;
  }

  // --- Items

  /** @param {Control} row @param {import("./protocol.js").Item} item */
  function showItem(row, item) {
    for (const { prop, start, value } of itemKinds[item.look & 3].values(item))
      for (const target of prop.targets) put(row, prop, target, value, start);
    row.item = item;
  }

  /** @param {import("./protocol.js").Item} item @param {Control} list */
  function makeItem(item, list) {
    const { kind } = itemKinds[item.look & 3];
    const row = create(item.key, kind, 0);
    for (const event of kind.events) row.hears.add(event);
    row.parent = list;
    row.isMounted = list.isMounted;
    return row;
  }

  /** @param {unknown} number @param {import("./protocol.js").Item[]} items */
  function showItems(number, items) {
    const list = find(number);
    if (!list) return ESTALE;
    if (!list.kind.children || list.children.some(({ item }) => !item)) return EINVAL;
    if (new Set(items.map(({ key }) => key)).size < items.length) return EINVAL;
    const old = list.children;
    const kept = items.map(({ key, look }) =>
      old.findIndex(({ item }) => item?.key === key && (item.look & 3) === (look & 3)),
    );
    end(old.filter((_, place) => !kept.includes(place)));
    list.children = items.map((item, i) => (kept[i] < 0 ? makeItem(item, list) : old[kept[i]]));
    items.forEach((item, i) => showItem(list.children[i], item));
    const places = kept.filter((place) => place >= 0);
    if (list.isMounted) placed += items.length - places.length + fewestMoves(places);
    return 0;
  }

  // --- The user

  /** @param {Control} control */
  const isShown = (control) =>
    control.isMounted &&
    [...around(control)].every(
      ({ parts, markup }) => !parts[0].attributes.has("hidden") && markup[0].tag !== "details",
    );

  /** @param {Control} control */
  const isDisabled = (control) => control.parts[control.kind.main].attributes.has("disabled");

  /** @param {Control} control */
  function canFocus(control) {
    const { tag } = control.markup[control.kind.main];
    const takes =
      tag === "a" ? control.parts[0].attributes.has("href") : /^(button|input|textarea)$/.test(tag);
    return takes && isShown(control) && !isDisabled(control);
  }

  /** Whether it is as scrollers are made: then nothing but the user scrolls it. @param {Control} control */
  const canScroll = (control) =>
    isShown(control) &&
    control.set.size === 3 &&
    control.set.get("scroll") &&
    control.set.get("min_height") === 100 &&
    control.set.get("max_height") === 100 &&
    control.children.some(({ set }) => set.get("min_height") === TALL && !set.get("hidden"));

  /** Whether the browser would do more at a click in it than to tell those around. @param {Control} control */
  const isTouchy = (control) =>
    [...around(control)].some(
      ({ markup, parts }) =>
        /^(a|label|summary|details)$/.test(markup[0].tag) || parts[0].attributes.has("disabled"),
    );

  /** Whether the browser would tick or untick it, or do the same to another. @param {Control} control */
  const isTickable = ({ markup, kind, parent }) =>
    markup[kind.main].attributes.type === "checkbox" && !(parent && isTouchy(parent));

  /** @param {Control} control */
  const pressed = (control) => [...around(control)].forEach((one) => hear("click", one));

  /** @type {Record<string, (control: Control, ...operands: any[]) => void>} */
  const users = {
    enter(control) {
      focus = control;
    },
    write(control, text, start, end, direction) {
      const { tag } = control.markup[control.kind.main];
      const type = control.parts[control.kind.main].attributes.get("type");
      control.value = held(tag, type, text);
      const length = control.value.length;
      control.selection = selectable(tag, type)
        ? [Math.min(start, end, length), Math.min(end, length), direction]
        : null;
      const detail = `0 ${encoder.encode(control.value).length}`;
      hear("input", control, detail);
      hear("change", control, detail);
    },
    tick(control) {
      control.isChecked = !control.isChecked;
      pressed(control);
      hear("change", control, `${Number(control.isChecked)} ${"on".length}`);
    },
    scroll(control, top) {
      control.scrolled = top;
    },
    press: pressed,
  };

  /** Whether the user can do that now. @param {string} name @param {Control | undefined} control */
  function can(name, control) {
    if (!control?.isMounted) return false;
    if (name === "enter") return canFocus(control);
    if (name === "write") return control.value !== undefined && !isDisabled(control);
    if (name === "tick") return isTickable(control) && !isDisabled(control);
    if (name === "scroll") return canScroll(control);
    return control.number > 0 && !isTouchy(control);
  }

  // --- The steps

  /** @param {Control | undefined} control */
  function look(control) {
    const number = (/** @type {Control | null | undefined} */ one) => (one ? one.number : -1);
    const { parent, children = [] } = control ?? {};
    const next = parent?.children[parent.children.indexOf(/** @type {Control} */ (control)) + 1];
    return `${number(parent)} ${number(children[0])} ${number(next)} ${Number(control?.isMounted ?? false)}`;
  }

  /** All text in it. @param {Control} control @returns {string} */
  function textOf(control, part = 0) {
    const { parts, markup, kind, children } = control;
    const inner = children.map((child) => (part === kind.container ? textOf(child) : "")).join("");
    const own = markup.map(({ parent }, i) => (i && parent === part ? textOf(control, i) : "")).join("");
    return parts[part].text + own + inner;
  }

  /** @param {Control | undefined} control */
  function read(control) {
    if (!control) return `${ESTALE} 0 `;
    const value = control.value ?? (control.kind.props.value ? textOf(control) : undefined);
    if (value === undefined) return `${EINVAL} ${Number(control.isChecked)} `;
    const cut = new Uint8Array(63);
    const { written } = encoder.encodeInto(value, cut);
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(cut.subarray(0, written));
    return `${encoder.encode(value).length} 0 ${text.replaceAll("\n", NEWLINE)}`;
  }

  /** @type {Record<string, (...operands: any[]) => number | string | void>} each returns what is reported */
  const apps = {
    new(number, kindName, flags, text, first, second) {
      const kind = /** @type {Definitions["kinds"][0]} */ (kinds.find(({ name }) => name === kindName));
      const byClick = kind.by === "on_click";
      const control = create(number, kind, byClick ? flags & 1 : flags >> 3);
      if (flags & 1) for (const event of kind.events) if (!/mount/.test(event)) control.hears.add(event);
      if (flags & 2) control.hears.add("mount");
      if (flags & 4) control.hears.add("unmount");
      if (kind.text) set(number, kind.text, text);
      if (kind.children) for (const child of [first, second]) insert(number, child, -1);
      return 0;
    },
    add: (parent, child) => insert(parent, child, -1),
    insert,
    remove(number) {
      const control = find(number);
      if (!control) return ESTALE;
      if (control === page) return EINVAL;
      end([control]);
      return 0;
    },
    clear(number) {
      const control = find(number);
      if (!control) return ESTALE;
      end(control.children);
      return 0;
    },
    set,
    items: showItems,
    hear(number, event, on) {
      const control = find(number);
      if (!control) return ESTALE;
      if (!control.kind.events.includes(event)) return EINVAL;
      if (on) control.hears.add(event);
      else control.hears.delete(event);
      return 0;
    },
    focus(number) {
      const control = find(number);
      if (!control) return ESTALE;
      focus = control;
      for (const one of around(control)) one.scrolled = 0; // it is brought into view
      return 0;
    },
    look: (number) => look(find(number)),
    read: (number) => read(find(number)),
    update() {},
    yield: runMounts,
  };

  return {
    controls,
    page,
    find,
    can,
    canFocus,
    isShown,
    canScroll,
    under,
    get focus() {
      return focus;
    },
    /** Nothing has the focus, since the page has seen to that. */
    blur: () => (focus = null),
    get title() {
      return title;
    },
    get placed() {
      return placed;
    },
    get refusals() {
      return refusals;
    },
    /** @param {Step} step that can be taken */
    apply([name, ...operands]) {
      const user = users[/** @type {string} */ (name)];
      const result = user
        ? user(/** @type {Control} */ (find(operands[0])), ...operands.slice(1))
        : apps[/** @type {string} */ (name)](...operands);
      if (result !== undefined) due.push(`${result}`);
      if (focus && !canFocus(focus)) focus = undefined;
      for (const control of controls.values())
        if (control.scrolled && !canScroll(control)) control.scrolled = 0;
    },
    /** What the app is to report of the steps since the last call. */
    expected() {
      runMounts();
      const expected = due;
      due = [];
      return expected;
    },
  };
}

/** How high what is in a scroller is at least, in pixels. */
export const TALL = 5000;
