// SPDX-License-Identifier: MIT
// Draws the steps of an episode: what a user and an app might do next to the tree as the model has it.
import { createRandom } from "../../fuzz/random.mjs";
import { changed, FIRST_KEY, KEYS } from "./lists.js";
import { TALL } from "./model.js";
import { NOT_UTF8, USERS } from "./protocol.js";

/** @typedef {import("./protocol.js").Step} Step */
/** @typedef {import("./protocol.js").Item} Item */
/** @typedef {import("./model.js").Control} Control */
/** @typedef {import("./model.js").Model} Model */

const CONTROLS = 256; // as in main.c
const MANY = 180; // from then on more are removed than made
const STEPS_OF_BATCH = 60;
const STEPS_OF_USER = 4;
const LONG = 20_000; // more than the core's buffer for text holds

const TEXTS = [
  null, "", "a", "two words", " spaces ", "line\nbreak", "é", "漢字", "😀👩‍👩‍👧", "\uFEFFmark", "<b>&amp;</b>", `"'`,
  `${NOT_UTF8}not UTF-8${NOT_UTF8}`, "x".repeat(63), "é".repeat(32), `${"x".repeat(62)}é`, "12", "2026-01-31",
]; // prettier-ignore
const PICTURE = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
const SPECIAL = {
  color: ["red", "#123456", "var(--kp-primary)", "no color", null, ""],
  address: ["#here", "mailto:a@example.org", "javascript:alert(1)", "http://[", null, ""],
  source: [PICTURE, "javascript:alert(1)", "data:text/html,x", null],
};
const NUMBERS = {
  int: [0, 1, 2, 3, 7, 100, 400, 700, -5, 2147483647],
  number: [0, 0.25, 0.5, 1, 7, -1, NaN, Infinity],
  length: [0, 1, 12.5, 100, -3, 1e6, NaN, -Infinity],
};
const WEIGHTS = {
  new: 16, add: 12, insert: 14, remove: 4, clear: 1, set: 34, again: 8, hear: 4, focus: 2, look: 4, read: 3,
  update: 1, yield: 1, scroller: 1, items: 14,
}; // prettier-ignore

/** What takes a property back. @param {{ type: string }} prop */
const nothing = ({ type }) => (type === "string" ? null : type === "bool" ? false : 0);

/**
 * @param {Model} model that follows
 * @param {import("../program.mjs").Definitions} definitions
 * @param {number} seed
 * @param {number} count of steps of the app
 * @returns {Generator<Step>} a batch ends with the step "check"
 */
export function* draw(model, { kinds, properties, events }, seed, count) {
  const random = createRandom(seed);
  const isDeep = random.chance(30);
  const longTexts = random.chance(10);
  const made = kinds.filter(({ name }) => name !== "page");

  const all = () => [...model.controls.values()].filter((control) => !control.isGone);
  const live = () => all().filter(({ item }) => !item);
  const any = () => {
    if (random.chance(3)) return random.below(CONTROLS);
    if (model.focus && !model.focus.item && random.chance(10)) return model.focus.number;
    return random.pick(live())?.number ?? 0;
  };
  const parent = () => {
    if (random.chance(4)) return any();
    if (random.chance(8)) return 0;
    const able = live().filter(({ kind }) => kind.children);
    return (isDeep && random.chance(60) ? able.at(-1) : random.pick(able))?.number ?? 0;
  };
  const free = () => {
    for (let number = 1; number < CONTROLS; number++)
      if (model.controls.get(number)?.isGone !== false) return number;
    return 0;
  };
  const text = () => (longTexts && random.chance(5) ? "long é ".repeat(LONG / 7) : random.pick(TEXTS));

  /** @param {string} name @param {any} prop @returns {string | number | boolean | null} */
  function value(name, { type, values }) {
    if (/color|background/.test(name)) return random.pick(SPECIAL.color);
    if (name === "url") return random.pick(SPECIAL.address);
    if (name === "source") return random.pick(SPECIAL.source);
    if (type === "string") return text();
    if (type === "bool") return random.chance(name === "hidden" || name === "disabled" ? 20 : 50);
    if (type === "enum") return random.below(values.length + Number(random.chance(5)));
    return random.pick(NUMBERS[/** @type {"int" | "number" | "length"} */ (type)]);
  }

  /** @returns {Step} */
  function make() {
    const kind = random.chance(40) ? random.pick(made.filter(({ children }) => children)) : random.pick(made);
    const flags = random.below(8) | (random.chance(30) ? random.below(kind.markups.length) << 3 : 0);
    const child = () => (random.chance(15) ? any() : -1);
    return ["new", free(), kind.name, flags, text(), child(), child()];
  }

  /** One whose properties nobody else sets, around what is higher. @returns {Step[]} */
  function scroller() {
    const outer = free();
    /** @type {Step[]} */
    const steps = [["new", outer, "column", 0, null, -1, -1]];
    for (const [name, value] of Object.entries({ scroll: true, min_height: 100, max_height: 100 }))
      steps.push(["set", outer, name, value]);
    return [...steps, ["add", 0, outer]];
  }

  /** @returns {Step[]} fills a scroller that has nothing in it yet */
  function fill() {
    const inner = free();
    const empty = live().find(
      (one) => one?.set.get("scroll") && one.set.get("max_height") === 100 && !one.children[0],
    );
    if (!empty || !inner) return [];
    return [
      ["new", inner, "text", 0, "tall", -1, -1],
      ["set", inner, "min_height", TALL],
      ["add", empty.number, inner],
    ];
  }

  /** Sets what a control has, or rarely what it has not. @returns {Step} */
  function set() {
    const number = any();
    const control = model.find(number);
    const isScroller = control?.set.get("max_height") === 100 || control?.set.get("min_height") === TALL;
    if (isScroller && random.chance(97)) return ["look", number];
    const other = random.pick(properties);
    if (!control || (random.chance(3) && !control.kind.props[other])) return ["set", number, other, 0];
    const name = random.pick(Object.keys(control.kind.props));
    return ["set", number, name, value(name, control.kind.props[name])];
  }

  /** Sets what it is already. @returns {Step} */
  function again() {
    const control = random.pick(live());
    const [name, value] = random.pick([...(control?.set ?? [])]) ?? [];
    return control && name ? ["set", control.number, name, value] : ["look", 0];
  }

  /** @returns {Step} */
  function hear() {
    const number = any();
    const own = model.find(number)?.kind.events ?? [];
    return ["hear", number, random.pick(own.length && random.chance(90) ? own : events), random.chance(70)];
  }

  /** @returns {Step} */
  function insert() {
    const to = parent();
    const children = (model.find(to)?.children ?? []).filter(({ item }) => !item);
    const before =
      children.length > 0 && random.chance(85)
        ? random.pick(children).number
        : random.chance(50)
          ? any()
          : -1;
    return ["insert", to, any(), before];
  }

  /** Lets a list show what it showed, changed in one way or another. @returns {Step[]} */
  function items() {
    const lists = live().filter(
      ({ kind, children, number }) => kind.children && number && children.every(({ item }) => item),
    );
    const used = lists.filter(({ children }) => children.length);
    if (!lists.length) return [["items", any(), []]];
    const { number, children } = random.pick(
      used.length > 3 || random.chance(70) ? (used.length ? used : lists) : lists,
    );
    const now = children.map(({ item }) => /** @type {Item} */ (item));
    return [["items", random.chance(2) ? any() : number, changed(random, now, FIRST_KEY + number * KEYS)]];
  }

  /** @returns {Step[]} */
  function app() {
    const name = random.weighted({
      ...WEIGHTS,
      ...(live().length > MANY ? { new: 2, remove: 16, clear: 2 } : {}),
    });
    if (name === "new") return free() ? [make()] : [];
    if (name === "add") return [["add", parent(), any()]];
    if (name === "insert") return [insert()];
    if (name === "set") return [set()];
    if (name === "again") return [again()];
    if (name === "items") return items();
    if (name === "scroller") return free() ? scroller() : [];
    if (name === "hear") return [hear()];
    if (name === "focus") {
      const able = live().filter((control) => control && model.canFocus(control));
      return able.length ? [["focus", /** @type {Control} */ (random.pick(able)).number]] : [];
    }
    // The page is emptied rarely, or no tree would grow.
    if (name === "clear") return [["clear", random.chance(5) ? 0 : any() || -1]];
    if (name === "remove")
      return [["remove", random.chance(90) ? (random.pick(live())?.number ?? 0) : any()]];
    return [/^(update|yield)$/.test(name) ? [name] : [name, any()]];
  }

  /** @returns {Step | undefined} */
  function user() {
    const name = random.pick([...USERS]);
    const able = all().filter((control) => model.can(name, control));
    if (!able.length) return undefined;
    const { number } = /** @type {Control} */ (random.pick(able));
    if (name === "write") {
      const [start, end] = [random.below(10), random.below(10)];
      return [
        name,
        number,
        random.pick(["typed", "12.5", "", "two\nlines", "漢字"]),
        start,
        end,
        random.pick(["forward", "backward"]),
      ];
    }
    return name === "scroll" ? [name, number, random.between(1, 4000)] : [name, number];
  }

  // Begins with an empty page, whatever came before.
  for (const control of live())
    if (control && control.number && !control.parent) yield ["remove", control.number];
  yield ["clear", 0];
  for (const name of Object.keys(model.page.kind.props))
    yield ["set", 0, name, nothing(model.page.kind.props[name])];
  yield ["check"];
  for (let left = count; left > 0;) {
    for (let i = random.below(STEPS_OF_USER); i > 0; i--) {
      const step = user();
      if (step) yield step;
    }
    for (let i = Math.min(random.between(1, STEPS_OF_BATCH), left); i > 0; i--, left--) {
      yield* app();
      if (random.chance(2)) yield* fill();
    }
    yield ["check"];
  }
}
