// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { stylesheet, usedControls } from "../../wasm/used_controls.mjs";

/** @param {string} data */
const module = (data) => Buffer.concat([Buffer.from([0, 0x61, 0x73, 0x6d, 0xff, 0x80]), Buffer.from(data)]);

test("a control is used when its markup is in the module", () => {
  assert.deepEqual(usedControls(module("\0label.kp-text-field(span.kp-label)\0p.kp-text\0")), [
    "text",
    "text_field",
  ]);
  assert.deepEqual(usedControls(module("button.kp-button[type=button]")), ["button"]);
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
