// SPDX-License-Identifier: MIT
// What the core reads and sets of the module's globals, and asks about the module, which C has no words for. It
// imports a function for each, see fiber_switch.h and whole.c. Here, behind Asyncify and the checks of the stack, they
// are defined; each is so small that the optimiser puts it wherever it is called.

/** @typedef {import('./binaryen.mjs').Binaryen} Binaryen */
/** @typedef {InstanceType<Binaryen['Module']>} Module */

/** The module that they are imported from. */
export const LINK = "kapok_link";
/** As the linker calls it. */
export const STACK_POINTER = "__stack_pointer";
/** Asyncify's: 0, or what it does. */
export const STATE = "__asyncify_state";
/** The global that frames.mjs adds: the place of the next frame. */
export const POSITION = "kp__frames_position";
/** The global that stack.mjs adds: below it the stack pointer may not go. */
export const STACK_LIMIT = "kp__stack_limit";

/** @type {Record<string, string>} the global that each function is for; `first`: for the value that it begins with */
const GLOBALS = {
  get_asyncify_state: STATE,
  get_frames: POSITION,
  set_frames: POSITION,
  get_stack_limit: STACK_LIMIT,
  set_stack_limit: STACK_LIMIT,
  get_stack_pointer: STACK_POINTER,
  set_stack_pointer: STACK_POINTER,
  get_first_stack_limit: STACK_LIMIT,
  get_first_stack_pointer: STACK_POINTER,
};

const HAS_TICK = "has_tick";

/** @param {string | null} module @param {string} base of an import */
export const isLink = (module, base) =>
  module === LINK && (base === HAS_TICK || Object.hasOwn(GLOBALS, base));

/**
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @param {string[]} exports that it will have
 */
export function defineLinks(binaryen, module, exports) {
  const { i32, none } = binaryen;
  for (let index = module.getNumFunctions() - 1; index >= 0; index--) {
    const { name, module: from, base } = binaryen.getFunctionInfo(module.getFunctionByIndex(index));
    if (from !== LINK || !base) continue;
    if (base === HAS_TICK) {
      const has = module.i32.const(Number(exports.includes("kp_tick")));
      module.removeFunction(name);
      module.addFunction(name, none, i32, [], has);
      continue;
    }
    const global = /** @type {string} */ (GLOBALS[base]);
    const sets = base.startsWith("set");
    const value = base.includes("first")
      ? module.copyExpression(binaryen.getGlobalInfo(module.getGlobal(global)).init)
      : module.global.get(global, i32);
    module.removeFunction(name);
    if (sets) module.addFunction(name, i32, none, [], module.global.set(global, module.local.get(0, i32)));
    else module.addFunction(name, none, i32, [], value);
  }
}
