// SPDX-License-Identifier: MIT
// Asyncify keeps the place where the next frame goes in memory, and never looks whether there is room. Here
// that place becomes a global, which is quicker and takes fewer bytes, and each frame is checked before it is
// written: what waits too deep is an overflow of its stack, as any other, and not somebody else's corruption.
// All of a frame is restored at one place, and one that suspends at one place only need not keep which it was.
//
// A rewritten function of Binaryen 132 is: if rewinding, restore the locals; a block that starts with
// “if rewinding, take the index” and is left with a new index when unwinding; then save the index, and the
// locals. What comes first may have moved into the block, even into the middle of its first expression: so it is told
// by the order in which it is done.
import { ToolchainError } from "./errors.mjs";
import { POSITION, STACK_POINTER, STATE } from "./links.mjs";
import { PARTS } from "./walk.mjs";

/** @typedef {import('./binaryen.mjs').Binaryen} Binaryen */
/** @typedef {InstanceType<Binaryen['Module']>} Module */

const DATA = "__asyncify_data";
/** The function that is added, for what does not fit on its stack: it traps. */
export const OVERFLOW = "kp__overflow";
const START_REWIND = "asyncify_start_rewind";
/** Asyncify's functions, and the state that each sets. */
const RUNTIME = {
  asyncify_start_unwind: 1,
  asyncify_stop_unwind: 0,
  [START_REWIND]: 2,
  asyncify_stop_rewind: 0,
};
const INDEX_BYTES = 4;
const UNWIND = "__asyncify_unwind"; // the block that is left when unwinding

/**
 * @param {Binaryen} binaryen
 * @param {Module} module after the asyncify pass
 * @param {string} overflowed the function to call before the trap
 * @returns {string[]} the functions that can suspend
 * @throws {ToolchainError} when they were rewritten in another way than described above
 */
export function checkFrames(binaryen, module, overflowed) {
  const { i32, none } = binaryen;
  const { global, local } = module;
  const position = () => global.get(POSITION, i32);
  module.addGlobal(POSITION, i32, true, module.i32.const(0));

  const rewritten = [];
  for (let index = module.getNumFunctions() - 1; index >= 0; index--) {
    const { name, module: imported, body } = binaryen.getFunctionInfo(module.getFunctionByIndex(index));
    if (!imported && !Object.hasOwn(RUNTIME, name) && rewrite(binaryen, module, body)) rewritten.push(name);
  }

  // No longer unwinding: what is called after the trap must run.
  const fail = module.block(null, [
    global.set(STATE, module.i32.const(0)),
    module.call(overflowed, [], none),
    module.unreachable(),
  ]);
  module.addFunction(OVERFLOW, none, none, [], fail);
  for (const [name, state] of Object.entries(RUNTIME)) {
    const body = [global.set(STATE, module.i32.const(state))];
    if (name === START_REWIND) body.push(global.set(POSITION, local.get(0, i32)));
    module.removeFunction(name);
    module.addFunction(name, name.includes("start") ? i32 : none, none, [], module.block(null, body));
  }
  return rewritten;
}

/**
 * @param {string} text of a function's body
 * @returns {boolean} whether it is left for one index only, which is 0
 */
function suspendsOnce(text) {
  const uses = [...text.matchAll(/\$__asyncify_unwind\b/g)].length - 1; // the block itself is not one
  const first = [...text.matchAll(/\(br_if \$__asyncify_unwind\s+\(i32\.const 0\)/g)].length;
  return uses === first;
}

/**
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @param {number} body of a function
 * @returns {boolean} whether asyncify has rewritten it
 */
function rewrite(binaryen, module, body) {
  const {
    BlockId,
    CallId,
    CallIndirectId,
    LocalGetId,
    LocalSetId,
    LoadId,
    StoreId,
    GlobalGetId,
    BinaryId,
    ConstId,
    i32,
  } = binaryen;
  const kinds = /** @type {any} */ (binaryen);
  const parts = new Map(Object.entries(PARTS).map(([kind, names]) => [kinds[`${kind}Id`], { kind, names }]));
  const idOf = binaryen.getExpressionId;
  let locals = 0; // bytes of them in a frame; the index is behind them
  let saved = 0;
  let restored = 0; // steps back so far: that of the locals, if there are any, and that of the index
  let restoring = 0; // the block in which the locals are
  const indexBytes = suspendsOnce(binaryen.emitText(body)) ? 0 : INDEX_BYTES;

  const isData = (/** @type {number} */ e) => idOf(e) === GlobalGetId && kinds.GlobalGet.getName(e) === DATA;
  const isPosition = (/** @type {number} */ e) => idOf(e) === LoadId && isData(kinds.Load.getPtr(e));
  const position = () => module.global.get(POSITION, i32);

  /** @param {number} e @returns {number | undefined} by how many bytes it moves the position on */
  function stepOf(e) {
    if (idOf(e) !== StoreId || !isData(kinds.Store.getPtr(e))) return undefined;
    const sum = kinds.Store.getValue(e);
    if (idOf(sum) !== BinaryId || !isPosition(kinds.Binary.getLeft(sum))) return undefined;
    const bytes = kinds.Binary.getRight(sum);
    if (idOf(bytes) !== ConstId) return undefined;
    const sign = kinds.Binary.getOp(sum) === binaryen.AddInt32 ? 1 : -1;
    return sign * kinds.Const.getValueI32(bytes);
  }

  const childrenOf = (/** @type {number} */ block) =>
    Array.from({ length: kinds.Block.getNumChildren(block) }, (_, i) => kinds.Block.getChildAt(block, i));

  /** @param {number} e that saves or restores, or contains what does */
  function measure(e) {
    const step = stepOf(e);
    if (step !== undefined) locals += Math.max(step, 0);
    else if (idOf(e) === BlockId && kinds.Block.getName(e) !== UNWIND) childrenOf(e).forEach(measure);
  }

  const moved = (/** @type {number} */ bytes) =>
    module.global.set(POSITION, module.i32.add(position(), module.i32.const(bytes)));

  /** @param {number} e @param {boolean} isInside the block @returns {number} what takes its place */
  function replaced(e, isInside) {
    const id = idOf(e);
    const step = stepOf(e);
    if (step !== undefined) return replacedStep(step);
    if (isPosition(e)) return position();
    const takes = restored === steps();
    if (takes && id === LoadId && isPosition(kinds.Load.getPtr(e)))
      return indexBytes ? module.i32.load(locals, INDEX_BYTES, position()) : module.i32.const(0);
    if (takes && isInside && indexBytes && restoring && takesIndex(e)) {
      kinds.Block.appendChild(restoring, replacedParts(e, isInside));
      return module.nop();
    }
    if (id === BlockId) replaceChildren(e, isInside || kinds.Block.getName(e) === UNWIND);
    else if (id === CallId || id === CallIndirectId)
      replaceOperands(e, id === CallId ? "Call" : "CallIndirect", isInside);
    return replacedParts(e, isInside);
  }

  const steps = () => (locals ? 2 : 1);

  /** @param {number} step */
  function replacedStep(step) {
    if (step > 0) return moved(step + indexBytes);
    const isFirst = restored++ === 0;
    if (locals) return isFirst ? moved(step - indexBytes) : module.nop();
    return indexBytes ? moved(step) : module.nop();
  }

  /** @param {number} e @param {boolean} isInside */
  function replacedParts(e, isInside) {
    const { kind = "", names = [] } = parts.get(idOf(e)) ?? {};
    for (const name of names) {
      const api = kinds[kind];
      const part = api[`get${name}`](e);
      if (!part) continue;
      const other = replaced(part, isInside);
      if (other !== part) api[`set${name}`](e, other);
    }
    return e;
  }

  /** @param {number} call @param {"Call" | "CallIndirect"} kind @param {boolean} isInside */
  function replaceOperands(call, kind, isInside) {
    for (let i = 0; i < kinds[kind].getNumOperands(call); i++) {
      const operand = kinds[kind].getOperandAt(call, i);
      const other = replaced(operand, isInside);
      if (other !== operand) kinds[kind].setOperandAt(call, i, other);
    }
  }

  /** @param {number} block @param {boolean} isInside */
  function replaceChildren(block, isInside) {
    const children = childrenOf(block);
    for (let i = 0; i < children.length; i++) {
      if (!isInside && !saved && savesIndex(children[i], children[i + 1])) {
        saved++;
        const index = kinds.Store.getValue(children[i]);
        kinds.Block.setChildAt(block, i, locals || indexBytes ? check() : module.nop());
        const last = indexBytes ? module.i32.store(locals, INDEX_BYTES, position(), index) : module.nop();
        kinds.Block.setChildAt(block, ++i, locals ? last : module.block(null, [last, moved(indexBytes)]));
        continue;
      }
      if (!isInside && (stepOf(children[i]) ?? 0) < 0) restoring = block;
      const other = replaced(children[i], isInside);
      if (other !== children[i]) kinds.Block.setChildAt(block, i, other);
    }
  }

  /** @param {number} e @param {number | undefined} next */
  const savesIndex = (e, next) =>
    next &&
    idOf(e) === StoreId &&
    isPosition(kinds.Store.getPtr(e)) &&
    idOf(kinds.Store.getValue(e)) === LocalGetId &&
    stepOf(next) === INDEX_BYTES;

  /** @param {number} e */
  function takesIndex(e) {
    if (idOf(e) !== LocalSetId || kinds.LocalSet.isTee(e)) return false;
    const value = kinds.LocalSet.getValue(e);
    return idOf(value) === LoadId && isPosition(kinds.Load.getPtr(value));
  }

  const check = () =>
    module.if(
      module.i32.gt_u(
        module.i32.add(position(), module.i32.const(locals + indexBytes)),
        module.global.get(STACK_POINTER, i32),
      ),
      module.call(OVERFLOW, [], binaryen.none),
    );

  measure(body);
  if (!locals) return false;
  locals -= INDEX_BYTES;
  replaced(body, false);
  if (saved !== 1 || restored !== steps())
    throw new ToolchainError(
      "Binaryen's Asyncify rewrites functions in a way that Kapok does not know. Install the version of binaryen that " +
        "Kapok's package.json names.",
    );
  return true;
}
