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
import * as all from "../../js/runtime/used.js";
import { readDefinitions } from "../../wasm/generate/definitions.mjs";
import { buildApp } from "../../wasm/toolchain.mjs";
import { controlsProgram } from "../support/controls_program.mjs";
import { assemble, printing } from "../support/wat_app.mjs";

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
  const { wasm, names } = await buildApp({ sources: [join(folder, "main.c")] });
  const code = usedModule(wasm, names);
  const words = (/** @type {string} */ text) => text.split(" ").filter((word) => !/^h\d$/.test(word));
  for (const list of lists) assert.deepEqual(words(constant(code, list)), words(abi[list]));
  // What it does not do, and what a page of its own never has.
  const others = ["IS_EMBEDDED", "CAN_DUMP", "USES_CALLS", "USES_FOCUS", "USES_ITEMS", "USES_READING"];
  for (const [name] of constants) assert.equal(constant(code, name), !others.includes(name), name);
});

/** What js/runtime/used.js says for an app that may do anything. */
const constants = Object.entries(all).filter(([, value]) => value === true);

/** What the modules here need besides, as they import `schedule`. */
const TIME = ["USES_TICKS", "USES_CLOCK"];

/**
 * A module whose data points to texts, as that of a C program does.
 * @param {...string} texts
 */
function naming(...texts) {
  const at = 512;
  const bytes = Buffer.from(texts.map((text) => `${text}\0`).join(""));
  const starts = texts.map((_, i) => texts.slice(0, i).join(" ").length + (i && 1));
  const pointers = Buffer.from(new Uint32Array(starts.map((start) => at + start)).buffer);
  const escaped = (/** @type {Buffer} */ all) => all.toString("hex").replace(/../g, "\\$&");
  const imports = `(data (i32.const 256) "${escaped(pointers)}") (data (i32.const ${at}) "${escaped(bytes)}")`;
  return assemble(() => ({}), { imports });
}

test("a small one only what its data names, and nothing that could load or run", () => {
  const code = usedModule(naming("title", "gap", "click", "p.kp-text(h1[role=x])"), ["kp__send_listen"]);
  assert.equal(constant(code, "TAGS"), "h1 p");
  assert.equal(constant(code, "ATTRIBUTES"), "role title");
  assert.equal(constant(code, "PROPERTIES"), "title");
  assert.equal(constant(code, "STYLES"), "gap");
  assert.equal(constant(code, "EVENTS"), "click");
  const used = [...TIME, "USES_EVENTS", "USES_PROPERTIES", "USES_STYLES"];
  for (const [name] of constants) assert.equal(constant(code, name), used.includes(name), name);
  assert.equal(constant(code, "createUsedImports"), null);
});

test("without imports there is no time", () => {
  const code = usedModule(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]), []);
  for (const name of TIME) assert.equal(constant(code, name), false);
});

test("what is linked for items, the focus and the list of tasks is known by its functions", () => {
  const code = usedModule(naming("click"), ["kp__send_freeze", "kp_focus", "kp_dump"]);
  for (const name of ["USES_ITEMS", "USES_FOCUS", "CAN_DUMP"]) assert.equal(constant(code, name), true);
  assert.equal(constant(code, "EVENTS"), ""); // nothing that could listen is linked
});

test("a text that is the end of another one, or a part of one, is not taken for it", () => {
  const code = usedModule(naming("no error", "input/output error", "thrice"), ["kp__send_listen"]);
  for (const list of lists) assert.equal(constant(code, list), "", list);
});

for (const [event, names] of Object.entries({
  click: ["USES_EVENTS"],
  key_down: ["USES_EVENTS", "USES_KEYS"],
  submit: ["USES_EVENTS", "USES_KEYS"],
  blur: ["USES_EVENTS", "USES_QUIET_EVENTS"],
  pointer_enter: ["USES_EVENTS", "USES_QUIET_EVENTS"],
  error: ["USES_EVENTS", "USES_IMAGE_ERRORS", "USES_QUIET_EVENTS"],
  resize: ["USES_EVENTS", "USES_RESIZE"],
}))
  test(`on_${event} brings what it needs`, () => {
    const code = usedModule(naming(event), ["kp__send_listen"]);
    for (const [name] of constants)
      assert.equal(constant(code, name), [...TIME, ...names].includes(name), name);
  });

test("what it imports comes along, at once", () => {
  assert.match(usedModule(printing(), []), /^export \{ createWasi \} from "\.\/wasi\.js"/m);
  const imports = `(import "kapok" "read_number" (func (param i32 i32) (result f64)))
    (import "kapok" "copy_text" (func (param i32 i32 i32)))`;
  const code = usedModule(
    assemble(() => ({}), { imports }),
    [],
  );
  assert.match(code, /import \{ read_number, copy_text \} from "\.\/imports\.js"/);
  assert.match(code, /read_number: read_number\(host\), copy_text: copy_text\(host\)/);
  assert.equal(constant(code, "USES_READING"), true);
});

test("a name of which something is an address brings the judge of addresses", () => {
  const uses = (/** @type {string} */ text) => constant(usedModule(naming(text), []), "USES_ADDRESSES");
  assert.equal(uses("href"), true);
  assert.equal(uses("src"), true);
  assert.equal(uses("title"), false);
});
