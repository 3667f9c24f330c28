// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadBinaryen } from "../../wasm/binaryen.mjs";
import { guardStack, markStackWrites } from "../../wasm/stack.mjs";

for (const [where, start, end] of [
  ["behind the data", 40000, 40000 - 16 * 1024],
  ["first in memory, of which the lowest bytes are never used", 16 * 1024, 1024],
])
  test(`the app's own stack ends where it does, ${where}`, async () => {
    const binaryen = await loadBinaryen();
    const module = binaryen.parseText(`(module
      (global $__stack_pointer (mut i32) (i32.const ${start}))
      (func $overflow (unreachable))
      (func $f (param $bytes i32)
        (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (local.get $bytes)))))`);
    markStackWrites(binaryen, module);
    guardStack(binaryen, module, "overflow");
    assert(module.validate());
    const text = module.emitText();
    module.dispose();
    assert.equal(/\(global \$kp__stack_limit \(mut i32\) \(i32\.const (\d+)\)/.exec(text)?.[1], `${end}`);
  });
