// SPDX-License-Identifier: MIT
// Makes a linked module what the page loads: exactly the border of abi.json, a check of every write
// to the stack pointer, functions that can suspend, small. In this order: Asyncify comes before
// optimising, since inlining would merge functions that may suspend with those that must not.
import { loadBinaryen, withBinaryen } from "./binaryen.mjs";
import { CompileError, ToolchainError } from "./errors.mjs";
import { checkFrames, OVERFLOW } from "./frames.mjs";
import { defineLinks, isLink } from "./links.mjs";
import { functionNames, initialMemory } from "./object.mjs";
import { guardStack, markStackWrites } from "./stack.mjs";
import { makeGlobals } from "./statics.mjs";

/** @typedef {import('./binaryen.mjs').Binaryen} Binaryen */
/** @typedef {InstanceType<Binaryen['Module']>} Module */

/** Called by the check of the stack pointer; exported by the linker for our use only. */
const OVERFLOW_EXPORT = "kp__stack_overflowed";

const ASYNCIFY = "asyncify";
const WASI = "wasi_snapshot_preview1";
/** `inlined`: up to which size functions always are; 2 is Binaryen's own choice, 4 makes what is compressed smallest. */
const LEVELS = {
  z: { speed: 2, size: 2, inlined: 4 },
  2: { speed: 2, size: 0, inlined: 2 },
  1: { speed: 1, size: 0, inlined: 2 },
};

/**
 * @typedef {object} Border
 * @property {string} module that the app imports from
 * @property {Record<string, unknown>} imports
 * @property {Record<string, { dev?: boolean, embedded?: boolean, serves?: string[] }>} exports `dev`: of development
 *   builds only; `embedded`: of these, and of apps whose page is somebody else's; `serves`: of others only if one of
 *   these functions is linked
 * @property {string[]} wasi
 */

/**
 * @param {Uint8Array} linked a module with names
 * @param {object} options
 * @param {Border} options.border
 * @param {(name: string) => boolean} options.isRemovable tells which functions are never on the stack of a
 *   suspended fiber
 * @param {import("./statics.mjs").Variable[]} options.statics that become globals where they can
 * @param {(names: string[]) => CompileError} options.undefinedError makes the error for functions that nobody
 *   defines
 * @param {(names: string[]) => CompileError} options.unavailableError and for those of WASI that no page has
 * @param {'z' | '2' | '1'} options.optimize
 * @param {string[]} options.exports those for which there may be a use
 * @param {boolean} options.embedded whether they all stay
 * @param {boolean} options.dev keeps the functions' names
 * @returns {Promise<{ wasm: Uint8Array, named: Uint8Array, names: string[], instrumented: string[] }>} the
 *   module, and the same with the functions' names; which functions there are, and which of them can suspend, before
 *   optimising
 */
export async function asyncify(
  linked,
  { border, isRemovable, statics, undefinedError, unavailableError, optimize, exports, embedded, dev },
) {
  const binaryen = await loadBinaryen();
  return withBinaryen(binaryen, (output) => {
    const module = binaryen.readBinary(linked);
    try {
      limitFeatures(binaryen, module);
      makeGlobals(binaryen, module, statics, initialMemory(linked));
      checkImports(binaryen, module, border, undefinedError, unavailableError);
      const removable = removableFunctions(binaryen, module, functionNames(linked), isRemovable);
      removeExports(binaryen, module, [...exports, OVERFLOW_EXPORT, "memory"]);
      module.runPasses(["remove-unused-module-elements"]);
      const names = functionsOf(binaryen, module).map(({ name }) => name);
      const used = exports.filter((name) => {
        const { serves } = border.exports[name];
        return embedded || dev || !serves || serves.some((served) => names.includes(served));
      });
      markStackWrites(binaryen, module);
      instrument(binaryen, module, removable);
      const instrumented = checkFrames(binaryen, module, overflowExport(binaryen, module));
      guardStack(binaryen, module, OVERFLOW);
      defineLinks(binaryen, module, used);
      removeExports(binaryen, module, [...used, "memory"]);
      optimizeAndStrip(binaryen, module, optimize, dev);
      if (!module.validate())
        throw new ToolchainError(`Binaryen made an invalid module:\n${output.join("\n")}`);
      const wasm = module.emitBinary();
      binaryen.setDebugInfo(true);
      return { wasm, named: module.emitBinary(), names, instrumented };
    } finally {
      module.dispose();
    }
  });
}

/**
 * Lets the optimiser use what every browser has that runs WebAssembly modules of 2022, and no more. SIMD
 * is there for who asks the compiler for it.
 * @param {Binaryen} binaryen
 * @param {Module} module
 */
function limitFeatures({ Features }, module) {
  module.setFeatures(
    Features.MutableGlobals |
      Features.NontrappingFPToInt |
      Features.SignExt |
      Features.BulkMemory |
      Features.BulkMemoryOpt |
      Features.CallIndirectOverlong |
      Features.SIMD128,
  );
  if (!module.validate())
    throw new CompileError(
      "error: The program uses features of WebAssembly that Kapok does not support, such as threads, exceptions or " +
        "tail calls. Compile without the flags that ask for them.",
    );
}

/**
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @returns all functions of the module, in the order of their indices
 */
function functionsOf(binaryen, module) {
  return Array.from({ length: module.getNumFunctions() }, (_, index) =>
    binaryen.getFunctionInfo(module.getFunctionByIndex(index)),
  );
}

/**
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @param {Border} border
 * @param {(names: string[]) => CompileError} undefinedError
 * @param {(names: string[]) => CompileError} unavailableError
 */
function checkImports(binaryen, module, border, undefinedError, unavailableError) {
  const imports = functionsOf(binaryen, module).flatMap((fn) =>
    fn.module ? [{ ...fn, base: fn.base ?? "" }] : [],
  );
  const undefinedNames = imports.filter((fn) => fn.module === "env").map(({ base }) => base);
  if (undefinedNames.length > 0) throw undefinedError(undefinedNames);
  const foreign = imports.filter(({ module: from, base }) => {
    if (from === ASYNCIFY || isLink(from, base)) return false;
    if (from === border.module) return !Object.hasOwn(border.imports, base);
    return from !== WASI || !border.wasi.includes(base);
  });
  const wasi = foreign.filter((fn) => fn.module === WASI).map(({ base }) => base);
  if (wasi.length > 0) throw unavailableError(wasi);
  if (foreign.length > 0)
    throw new CompileError(
      foreign.map(({ module: from, base }) => `error: import of "${base}" from "${from}"`).join("\n"),
      "The program imports what a web page does not have. Remove the import.",
    );
}

/**
 * The module's own names of removable functions. They are looked up by index: Binaryen renames
 * functions that share a name, and one of those names could be another function's.
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @param {Map<number, string>} names by index
 * @param {(name: string) => boolean} isRemovable
 */
function removableFunctions(binaryen, module, names, isRemovable) {
  return functionsOf(binaryen, module).flatMap(({ name, module: imported }, index) => {
    const original = names.get(index);
    return !imported && original !== undefined && isRemovable(original) ? [name] : [];
  });
}

/**
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @param {string[]} kept the exports that stay; all must be there
 */
function removeExports(binaryen, module, kept) {
  const names = Array.from(
    { length: module.getNumExports() },
    (_, index) => binaryen.getExportInfo(module.getExportByIndex(index)).name ?? "",
  );
  for (const name of names) if (!kept.includes(name)) module.removeExport(name);
  const missing = kept.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new ToolchainError(`Kapok's library does not define ${missing.join(", ")}.`);
}

/**
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @returns the name of the function that is to be called before an overflow traps
 */
const overflowExport = (binaryen, module) => binaryen.getExportInfo(module.getExport(OVERFLOW_EXPORT)).value;

/**
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @param {'z' | '2' | '1'} optimize
 * @param {boolean} keepNames
 */
function optimizeAndStrip(binaryen, module, optimize, keepNames) {
  const { speed, size, inlined } = LEVELS[optimize];
  binaryen.setOptimizeLevel(speed);
  binaryen.setShrinkLevel(size);
  binaryen.setAlwaysInlineMaxSize(inlined);
  binaryen.setDebugInfo(keepNames);
  binaryen.setLowMemoryUnused(true); // see LOWEST in stack.mjs
  module.optimize();
  if (optimize === "z") {
    // What it has inlined can be made smaller still, most of all from scratch: without nesting, and with the branches
    // laid out anew.
    module.runPasses(["flatten", "rereloop"]);
    module.optimize();
    module.optimize();
    // By how often they are used, also where all have numbers of one byte: alike code then has alike numbers.
    module.runPasses(["reorder-globals-always"]);
  }
  module.runPasses(["strip-producers", "strip-target-features", "strip-dwarf"]);
}

/**
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @param {string[]} removable
 */
function instrument(binaryen, module, removable) {
  const present = removable.filter((name) => module.getFunction(name));
  binaryen.setPassArgument("asyncify-ignore-imports", "yes"); // an empty text would withdraw it
  if (present.length > 0) binaryen.setPassArgument("asyncify-removelist", present.join());
  module.runPasses(["asyncify"]);
}
