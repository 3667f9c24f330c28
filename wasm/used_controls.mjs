// SPDX-License-Identifier: MIT
// Which controls an app uses, and the styles for them. The markup of a control is in the module's
// data, if and only if the linker has kept that control.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { textsOf } from "./object.mjs";

const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const read = (/** @type {string} */ file) => readFileSync(file, "utf8");

const folder = path("src/controls/");

/** The sheet of every page. */
export const BASE = path("web/style.css");

const sheetsIn = (/** @type {string} */ folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".css"))
    .sort();

const withSheets = () => sheetsIn(folder).map((file) => file.slice(0, -".css".length));

/** @param {string} control */
const sheetOf = (control) => `${folder}${control}.css`;

/** Tags of what can have the focus, as in an expression. */
export const FOCUSABLE = "a|button|input|summary|textarea";
const focusable = new RegExp(`(?:^|[(,])(?:${FOCUSABLE})(?:$|[.[(,)*])`);

/**
 * For each sheet in web/style whether an app needs it.
 * @type {Record<string, (texts: string[], css: string) => boolean>} texts in its module; its other sheets
 */
const FEATURES = {
  align: (texts) => texts.includes("align"),
  focus: (texts) => texts.some((text) => focusable.test(text)),
  heading: (texts) => texts.some((text) => /^h[1-6]\.kp-text/.test(text)),
  hidden: (texts) => texts.includes("hidden"),
  motion: (_, css) => /animation|transition/.test(css),
  theme: (texts) => texts.includes("theme"),
};

/** @param {string} feature */
const featureSheet = (feature) => path(`web/style/${feature}.css`);

/**
 * @param {Uint8Array} wasm a linked module
 * @returns {string[]} the names of the controls that it can show and that have a stylesheet, sorted
 */
export function usedControls(wasm) {
  const classes = new Set(
    Buffer.from(wasm)
      .toString("latin1")
      .match(/\.kp-[a-z-]+/g),
  );
  return withSheets().filter((name) => classes.has(`.kp-${name.replaceAll("_", "-")}`));
}

/**
 * @param {Uint8Array} wasm a linked module
 * @param {string[]} own the app's own sheets
 * @returns {string[]} the paths of all sheets that a page of the app needs besides `BASE`
 */
export function usedSheets(wasm, own) {
  const texts = textsOf(wasm);
  const controls = usedControls(wasm).map(sheetOf);
  const css = [...controls, ...own].map((path) => usedRules(path, wasm)).join("");
  const features = Object.keys(FEATURES).filter((name) => FEATURES[name]?.(texts, css));
  return [...features.map(featureSheet), ...controls, ...own];
}

/** @param {string} path @returns {boolean} whether it is a sheet of a control or a feature */
export const isSheet = (path) => allSheets().includes(path) && path !== BASE;

/**
 * A sheet without what is about attributes that the app does not set, and the animations that only that has.
 * @param {string} path of any sheet but `BASE`; those that are not ours are left as they are
 * @param {Uint8Array} wasm a linked module
 */
export function usedRules(path, wasm) {
  if (!isSheet(path)) return read(path);
  const texts = textsOf(wasm);
  const isSet = (/** @type {string} */ name) =>
    texts.some((text) => text === name || text.includes(`[${name}`));
  const css = read(path).replace(/^( *)([^\s@][^{}\n]*) \{\n[^{}]*\n\1\}\n/gm, (rule, _, selector) =>
    [...selector.matchAll(/\[(?:data-)?([\w-]+)/g)].every(([, name]) => isSet(name)) ? rule : "",
  );
  return css.replace(/^@keyframes (\S+) \{\n(?: .*\n)*\}\n/gm, (rule, name) =>
    css.indexOf(name) < css.lastIndexOf(name) ? rule : "",
  );
}

/** All styles, for pages that choose no controls: the paths of the sheets. */
export const allSheets = () => [
  BASE,
  ...Object.keys(FEATURES).map(featureSheet),
  ...withSheets().map(sheetOf),
];

/**
 * `BASE` without the variables that nothing uses.
 * @param {string[]} others what may use them besides: other sheets, a module's bytes, scripts
 */
export function usedBase(others) {
  let css = read(BASE);
  const names = others.join("\n");
  if (/--kp-(?:[a-z]+-)*(?![a-z])/.test(names)) return css; // it puts a name together
  for (let before = ""; before !== css;) {
    before = css;
    for (const [line, name] of css.matchAll(/^ *(--kp-[\w-]+): [^;]*;\n/gm)) {
      const rest = css.replace(line, "");
      if (!new RegExp(`${name}(?![\\w-])`).test(`${rest}\n${names}`)) css = rest;
    }
  }
  return css;
}

/**
 * @param {string[]} [controls] default: all
 * @returns {string} CSS: that of the page, then that of the controls
 */
export const stylesheet = (controls) =>
  (controls ? [BASE, ...controls.map(sheetOf)] : allSheets()).map(read).join("\n");
