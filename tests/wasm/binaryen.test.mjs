// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadBinaryen, withBinaryen } from "../../wasm/binaryen.mjs";
import { ToolchainError } from "../../wasm/errors.mjs";

const MODULE = '(module (func $f (export "f") (call $g)) (func $g))';

test("a warning is an error", async () => {
  const binaryen = await loadBinaryen();
  const run = () =>
    withBinaryen(binaryen, () => {
      const module = binaryen.parseText(MODULE);
      binaryen.setPassArgument("asyncify-removelist", "no_such_function");
      module.runPasses(["asyncify"]);
    });
  assert.throws(run, (error) => error instanceof ToolchainError && /no_such_function/.test(error.message));
});

test("giving up is an error, not the end of the process", async () => {
  const binaryen = await loadBinaryen();
  const run = () =>
    withBinaryen(binaryen, () => {
      const module = binaryen.parseText('(module (import "asyncify" "no_such_import" (func)))');
      module.runPasses(["asyncify"]);
    });
  assert.throws(run, (error) => error instanceof ToolchainError && /no_such_import/.test(error.message));
  assert.equal(process.exitCode, undefined);
});

test("what is no module is an error too", async () => {
  const binaryen = await loadBinaryen();
  const run = () =>
    withBinaryen(binaryen, () => binaryen.readBinary(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 77])));
  assert.throws(
    run,
    (error) => error instanceof Error && /\w{4}/.test(error.message) && !/object/.test(error.message),
  );
});

test("settings do not outlive a call, and the console is what it was", async (t) => {
  const binaryen = await loadBinaryen();
  const said = t.mock.method(console, "error", () => {});
  withBinaryen(binaryen, () => binaryen.setPassArgument("asyncify-ignore-imports", "yes"));
  withBinaryen(binaryen, () => assert.equal(binaryen.getPassArgument("asyncify-ignore-imports"), null));
  console.error("mine");
  assert.deepEqual(
    said.mock.calls.map((call) => call.arguments),
    [["mine"]],
  );
});
