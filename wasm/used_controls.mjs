// SPDX-License-Identifier: MIT
// Which controls an app uses, and the stylesheet for them. The markup of a control is in the module's
// data, if and only if the linker has kept that control.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../src/controls/", import.meta.url));
const base = fileURLToPath(new URL("../web/style.css", import.meta.url));

const withSheets = () =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".css"))
    .map((file) => file.slice(0, -".css".length))
    .sort();

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
 * @param {string[]} [controls] default: all
 * @returns {string} CSS: that of the page, then that of the controls
 */
export function stylesheet(controls = withSheets()) {
  const files = [base, ...controls.map((name) => `${folder}${name}.css`)];
  return files.map((file) => readFileSync(file, "utf8")).join("\n");
}
