// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import { buildApp } from "../../wasm/toolchain.mjs";
import {
  BASE,
  stylesheet,
  usedBase,
  usedControls,
  usedRules,
  usedSheets,
} from "../../wasm/used_controls.mjs";

/** @param {string} data */
const module = (data) => Buffer.concat([Buffer.from([0, 0x61, 0x73, 0x6d, 0xff, 0x80]), Buffer.from(data)]);

test("a control is used when its markup is in the module", () => {
  assert.deepEqual(usedControls(module("\0label.kp-text-field(span.kp-label)\0p.kp-text\0")), [
    "text",
    "text_field",
  ]);
  assert.deepEqual(usedControls(module("button.kp-button[type=button]")), ["button"]);
});

test("the linker drops every control that a program does not use", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "kapok-used-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const source = join(folder, "main.c");
  writeFileSync(source, '#include <kapok.h>\nint main(void) { return kp_add(kp_page, kp_text("Hi")); }\n');
  const { wasm } = await buildApp({ sources: [source] });
  assert.deepEqual(usedControls(wasm), ["text"]);
  assert.ok(!Buffer.from(wasm).includes("kp-input"));
});

test("one control is not taken for another whose name begins alike", () => {
  assert.deepEqual(usedControls(module("label.kp-text-field")), ["text_field"]);
  assert.deepEqual(usedControls(module("kp-button")), []);
  assert.deepEqual(usedControls(module("p.kp-own-thing")), []);
});

test("the stylesheet is that of the page and of the controls asked for", () => {
  assert.match(stylesheet([]), /^\/\*.*\n[^]*\.kp-page \{/);
  assert.doesNotMatch(stylesheet([]), /\.kp-button \{/);
  assert.match(stylesheet(["button"]), /\.kp-page \{[^]*\.kp-button \{/);
  assert.doesNotMatch(stylesheet(["button"]), /\.kp-progress \{/);
  assert.match(stylesheet(), /\.kp-button \{[^]*\.kp-progress \{/);
});

test("a page has the sheets that its app can need, and no others", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "kapok-used-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const names = async (/** @type {string} */ body, /** @type {string[]} */ own = []) => {
    const source = join(folder, "main.c");
    writeFileSync(source, `#include <kapok.h>\nint main(void) { ${body} return 0; }\n`);
    const { wasm } = await buildApp({ sources: [source] });
    return usedSheets(wasm, own).map((path) => basename(path, ".css"));
  };
  assert.deepEqual(await names('kp_add(kp_page, kp_text("Hi"));'), ["text"]);
  assert.deepEqual(
    await names(
      'kp_set_theme(kp_page, KP_THEME_DARK); kp_add(kp_page, kp_text("Hi", .level = 1, .align = KP_ALIGN_END)); ' +
        'kp_add(kp_page, kp_button("Go", .hidden = true));',
    ),
    ["align", "focus", "heading", "hidden", "motion", "theme", "button", "text"],
  );
  const own = join(folder, "style.css");
  writeFileSync(own, "p { transition: color 1s; }");
  assert.deepEqual(await names('kp_add(kp_page, kp_text("Hi"));', [own]), ["motion", "text", "style"]);
});

test("a sheet has the rules for what the app sets", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "kapok-used-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const sheet = async (/** @type {string} */ control, /** @type {string} */ properties) => {
    const source = join(folder, "main.c");
    writeFileSync(
      source,
      `#include <kapok.h>\nint main(void) { kp_add(kp_page, kp_${control}(${properties})); }\n`,
    );
    const { wasm } = await buildApp({ sources: [source] });
    const [path] = usedSheets(wasm, []).filter((each) => basename(each) === `${control}.css`);
    return { css: usedRules(path, wasm), all: readFileSync(path, "utf8") };
  };
  const plain = await sheet("button", '"Go"');
  assert.match(plain.css, /^ {2}&:disabled \{\n {4}opacity[^}]*\n {2}\}\n\}\n$/m);
  assert.doesNotMatch(plain.css, /variant|aria-busy|kp-turn/);
  const tonal = await sheet("button", '"Go", .variant = KP_VARIANT_TONAL');
  assert.match(tonal.css, /&\[data-variant="tonal"\] \{[^]*&:is\(\[data-variant="outlined"\]/);
  assert.doesNotMatch(tonal.css, /aria-busy|kp-turn/);
  const both = await sheet("button", '"Go", .busy = true, .variant = KP_VARIANT_TEXT');
  assert.equal(both.css, both.all);
  assert.doesNotMatch((await sheet("text_field", '"Name"')).css, /aria-invalid/);
  assert.match((await sheet("text_field", '"Name", .error = "Too long"')).css, /&\[aria-invalid\] \{/);
  const own = join(folder, "own.css");
  writeFileSync(own, "p {\n  &[data-x] {\n    color: red;\n  }\n}\n");
  assert.match(usedRules(own, new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])), /data-x/);
});

test("the sheet of the page has the variables that are used, and those that they are made of", () => {
  const variables = (/** @type {string[]} */ ...others) =>
    [...usedBase(others).matchAll(/^ *(--[\w-]+):/gm)].map(([, name]) => name);
  assert.deepEqual(variables(), ["--kp-hue", "--kp-surface", "--kp-on-surface", "--kp-error"]);
  assert.deepEqual(variables("a { color: var(--kp-outline-variant) }", "var(--kp-mono)"), [
    "--kp-hue",
    "--kp-surface",
    "--kp-on-surface",
    "--kp-outline-variant",
    "--kp-error",
    "--kp-mono",
  ]);
  const all = readFileSync(BASE, "utf8");
  assert.equal(usedBase(["var(--kp-%s)"]), all, "a program may put a name together");
  assert.ok(all.includes("--kp-secondary-container:"));
});
