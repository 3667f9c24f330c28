// SPDX-License-Identifier: MIT
// What goes into the page of one app: all that it uses, and of the rest nothing.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { usedModule } from "../../js/used.js";
import * as abi from "../../js/runtime/abi.gen.js";
import { readDefinitions } from "../../wasm/generate/definitions.mjs";
import { buildApp } from "../../wasm/toolchain.mjs";
import { controlsProgram } from "../support/controls_program.mjs";
import { assemble, crashing, printing } from "../support/wat_app.mjs";

const lists = /** @type {const} */ (["TAGS", "ATTRIBUTES", "PROPERTIES", "STYLES", "EVENTS"]);

/**
 * @param {string} code
 * @param {string} name
 */
const constant = (code, name) =>
  JSON.parse(new RegExp(`^export const ${name} = (.*);$`, "m").exec(code)?.[1] ?? "");

test("an app that sets everything may use every name, but those of headings that it does not make", async (t) => {
  const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
  const model = readDefinitions(path("src/controls"), readFileSync(path("src/include/kapok.h"), "utf8"));
  const folder = mkdtempSync(join(tmpdir(), "kapok-used-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "main.c"), controlsProgram(model));
  const { wasm } = await buildApp({ sources: [join(folder, "main.c")] });
  const code = usedModule(wasm);
  const words = (/** @type {string} */ text) => text.split(" ").filter((word) => !/^h\d$/.test(word));
  for (const list of lists) assert.deepEqual(words(constant(code, list)), words(abi[list]));
  assert.equal(constant(code, "USES_ADDRESSES"), true);
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
