// SPDX-License-Identifier: MIT
// What goes into the page of one app: all that it uses, and of the rest nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { usedModule } from "../../js/used.js";
import * as abi from "../../js/runtime/abi.gen.js";
import { buildApp } from "../../wasm/toolchain.mjs";
import { assemble, crashing, printing } from "../support/wat_app.mjs";

const lists = /** @type {const} */ (["TAGS", "ATTRIBUTES", "PROPERTIES", "STYLES", "EVENTS"]);

/**
 * @param {string} code
 * @param {string} name
 */
const constant = (code, name) =>
  JSON.parse(new RegExp(`^export const ${name} = (.*);$`, "m").exec(code)?.[1] ?? "");

test("an app that has every control may use every name, but those of headings that it does not make", async () => {
  const gallery = new URL("../../web/examples/gallery/main.c", import.meta.url);
  const { wasm } = await buildApp({ sources: [gallery.pathname] });
  const code = usedModule(wasm);
  for (const list of lists) assert.equal(constant(code, list), abi[list].replace(" h4 h5 h6", ""));
  assert.equal(constant(code, "USES_ADDRESSES"), true);
  assert.match(code, /import \{ read_text \} from "\.\/imports\.js"/);
});

test("a small one only what stands in its module, and nothing that could load or run", () => {
  const code = usedModule(crashing());
  assert.equal(constant(code, "PROPERTIES"), "title");
  assert.equal(constant(code, "STYLES"), "gap");
  assert.equal(constant(code, "EVENTS"), "click");
  for (const list of lists)
    for (const word of constant(code, list).split(" ")) assert.ok(abi[list].split(" ").includes(word), word);
  assert.equal(constant(code, "USES_ADDRESSES"), false);
  assert.equal(constant(code, "USES_WASI"), false);
  assert.equal(constant(code, "createUsedImports"), null);
});

test("what it imports comes along, at once", () => {
  assert.match(usedModule(printing()), /USES_WASI = true;\nexport \{ createWasi \} from "\.\/wasi\.js"/);
  const imports = `(import "kapok" "read_number" (func (param i32 i32) (result f64)))
    (import "kapok" "copy_text" (func (param i32 i32 i32)))`;
  const code = usedModule(assemble(() => ({}), { imports }));
  assert.match(code, /import \{ read_number, copy_text \} from "\.\/imports\.js"/);
  assert.match(code, /read_number: read_number\(host\), copy_text: copy_text\(host\)/);
});

test("a name of which something is an address brings the judge of addresses", () => {
  const data = (/** @type {string} */ text) => `(data (i32.const 900) "${text}\\00")`;
  const uses = (/** @type {string} */ text) =>
    constant(usedModule(assemble(() => ({}), { imports: data(text) })), "USES_ADDRESSES");
  assert.equal(uses("href"), true);
  assert.equal(uses("src"), true);
  assert.equal(uses("title"), false);
});
