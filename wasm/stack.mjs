// SPDX-License-Identifier: MIT
// Guards every write that may lower the stack pointer by a limit, which the core sets at each switch of stacks: what
// does not fit on its stack is an overflow, and not somebody else's corruption. A pointer that has gone below 0 is
// under every limit, as a signed number: no memory is larger than 2 GB. What gives a frame back adds to the pointer, and needs no check.
//
// Asyncify would rewrite the checks too, and hides what is an addition. So before it each write becomes a call of an
// import, which it leaves as it is; after it the call becomes the check and the write.
import { ToolchainError } from "./errors.mjs";
import { LINK, STACK_LIMIT, STACK_POINTER } from "./links.mjs";
import { STACK_BYTES } from "./toolchains/wasm-ld.mjs";
import { walk } from "./walk.mjs";

/** @typedef {import('./binaryen.mjs').Binaryen} Binaryen */
/** @typedef {InstanceType<Binaryen['Module']>} Module */

/**
 * What is below is never used, wherever the linker puts the app's own stack: so the optimiser may put a smaller number,
 * added to an address, into the instruction that reads or writes there.
 */
const LOWEST = 1024;
/** The imports: a write that is to be checked, and one that is not. */
const [LOWER, RAISE] = ["kp__lower_stack_pointer", "kp__raise_stack_pointer"];

/**
 * Before Asyncify.
 * @param {Binaryen} binaryen
 * @param {Module} module
 */
export function markStackWrites(binaryen, module) {
  const { i32, none } = binaryen;
  const { Binary, Const, GlobalSet } = /** @type {any} */ (binaryen);
  const idOf = binaryen.getExpressionId;
  if (!module.getGlobal(STACK_POINTER)) throw new ToolchainError("The linker has made no __stack_pointer.");
  module.addFunctionImport(LOWER, LINK, LOWER, i32, none);
  module.addFunctionImport(RAISE, LINK, "set_stack_pointer", i32, none);

  /** @param {number} value @returns whether it is a sum with a constant that is not negative */
  const isRaised = (value) =>
    idOf(value) === binaryen.BinaryId &&
    Binary.getOp(value) === binaryen.AddInt32 &&
    idOf(Binary.getRight(value)) === binaryen.ConstId &&
    Const.getValueI32(Binary.getRight(value)) >= 0;

  walk(binaryen, module, (e) => {
    if (idOf(e) !== binaryen.GlobalSetId || GlobalSet.getName(e) !== STACK_POINTER) return e;
    const value = GlobalSet.getValue(e);
    return module.call(isRaised(value) ? RAISE : LOWER, [value], none);
  });
  checkThatNoneIsLeft(binaryen, module);
}

/**
 * A module that writes to an immutable global is not valid.
 * @param {Binaryen} binaryen
 * @param {Module} module
 */
function checkThatNoneIsLeft(binaryen, module) {
  const { init } = binaryen.getGlobalInfo(module.getGlobal(STACK_POINTER));
  const define = (/** @type {boolean} */ mutable) => {
    const copy = module.copyExpression(init);
    module.removeGlobal(STACK_POINTER);
    module.addGlobal(STACK_POINTER, binaryen.i32, mutable, copy);
  };
  define(false);
  if (!module.validate()) throw new ToolchainError("A write to the stack pointer could not be guarded.");
  define(true);
}

/**
 * After Asyncify.
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @param {string} fail the function to call where the stack pointer is below the limit; it does not return
 */
export function guardStack(binaryen, module, fail) {
  const { i32, none } = binaryen;
  const { global, local } = module;
  const { Call, Const, LocalGet, LocalSet } = /** @type {any} */ (binaryen);
  const idOf = binaryen.getExpressionId;
  const { init } = binaryen.getGlobalInfo(module.getGlobal(STACK_POINTER));
  const end = Math.max(Const.getValueI32(init) - STACK_BYTES, LOWEST);
  module.addGlobal(STACK_LIMIT, i32, true, module.i32.const(end));

  /** @param {number} index of the local that holds the pointer @param {number[]} before */
  const write = (index, before) =>
    module.block(null, [
      ...before,
      module.if(
        module.i32.lt_s(local.get(index, i32), global.get(STACK_LIMIT, i32)),
        module.call(fail, [], none),
      ),
      global.set(STACK_POINTER, local.get(index, i32)),
    ]);

  walk(binaryen, module, (e) => {
    if (idOf(e) !== binaryen.CallId || Call.getTarget(e) !== LOWER) return e;
    const value = Call.getOperandAt(e, 0);
    if (idOf(value) === binaryen.LocalGetId) return write(LocalGet.getIndex(value), []);
    if (idOf(value) !== binaryen.LocalSetId) return e;
    const index = LocalSet.getIndex(value);
    return write(index, [local.set(index, LocalSet.getValue(value))]);
  });
  // For what has the value nowhere else.
  module.removeFunction(LOWER);
  module.addFunction(LOWER, i32, none, [], write(0, []));
}
