// SPDX-License-Identifier: MIT
// Asyncify keeps the place where the next frame goes in memory, and never looks whether there is room. Here
// that place becomes a global, which is quicker and takes fewer bytes, and each frame is checked before it is
// written: what waits too deep is an overflow of its stack, as any other, and not somebody else's corruption.
//
// A rewritten function of Binaryen 132 is: if rewinding, restore the locals; a block that starts with
// “if rewinding, take the index” and is left with a new index when unwinding; then save the index, and the
// locals. What comes first may have moved into the block, even into the middle of its first expression: so it is told
// by the order in which it is done.
import { ToolchainError } from "./errors.mjs";

/** @typedef {import('./binaryen.mjs').Binaryen} Binaryen */
/** @typedef {InstanceType<Binaryen['Module']>} Module */

const DATA = "__asyncify_data";
const STATE = "__asyncify_state";
const [POSITION, END] = ["kp__frames_position", "kp__frames_end"];
const OVERFLOW = "kp__frames_overflow";
const RUNTIME = ["start_unwind", "stop_unwind", "start_rewind", "stop_rewind"].map(
  (name) => `asyncify_${name}`,
);
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
  module.addGlobal(END, i32, true, module.i32.const(0));

  const rewritten = [];
  for (let index = module.getNumFunctions() - 1; index >= 0; index--) {
    const { name, module: imported, body } = binaryen.getFunctionInfo(module.getFunctionByIndex(index));
    if (!imported && !RUNTIME.includes(name) && rewrite(binaryen, module, body)) rewritten.push(name);
  }

  // No longer unwinding: what is called after the trap must run.
  const fail = module.block(null, [
    global.set(STATE, module.i32.const(0)),
    module.call(overflowed, [], none),
    module.unreachable(),
  ]);
  module.addFunction(OVERFLOW, none, none, [], fail);
  for (const name of RUNTIME) {
    const starts = name.includes("start");
    const state = starts ? (name.includes("rewind") ? 2 : 1) : 0;
    const body = [global.set(STATE, module.i32.const(state))];
    if (starts)
      body.push(
        global.set(DATA, local.get(0, i32)),
        global.set(POSITION, module.i32.load(0, 4, local.get(0, i32))),
        global.set(END, module.i32.load(4, 4, local.get(0, i32))),
      );
    else if (name.includes("unwind")) body.push(module.i32.store(0, 4, global.get(DATA, i32), position()));
    module.removeFunction(name);
    module.addFunction(name, starts ? i32 : none, none, [], module.block(null, body));
  }
  return rewritten;
}

/** What an expression of each kind contains, but for blocks and calls. */
const PARTS = {
  If: ["Condition", "IfTrue", "IfFalse"],
  Loop: ["Body"],
  Break: ["Condition", "Value"],
  Switch: ["Condition", "Value"],
  LocalSet: ["Value"],
  GlobalSet: ["Value"],
  Load: ["Ptr"],
  Store: ["Ptr", "Value"],
  Unary: ["Value"],
  Binary: ["Left", "Right"],
  Select: ["IfTrue", "IfFalse", "Condition"],
  Drop: ["Value"],
  Return: ["Value"],
  MemoryCopy: ["Dest", "Source", "Size"],
  MemoryFill: ["Dest", "Value", "Size"],
};

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
    if (restored === (locals ? 2 : 1) && id === LoadId && isPosition(kinds.Load.getPtr(e)))
      return module.i32.load(locals, INDEX_BYTES, position());
    if (id === BlockId) replaceChildren(e, isInside || kinds.Block.getName(e) === UNWIND);
    else if (id === CallId || id === CallIndirectId)
      replaceOperands(e, id === CallId ? "Call" : "CallIndirect", isInside);
    for (const name of parts.get(id)?.names ?? []) {
      const api = kinds[parts.get(id)?.kind ?? ""];
      const part = api[`get${name}`](e);
      if (!part) continue;
      const other = replaced(part, isInside);
      if (other !== part) api[`set${name}`](e, other);
    }
    return e;
  }

  /** @param {number} step */
  function replacedStep(step) {
    if (step > 0) return moved(step + INDEX_BYTES);
    if (!locals) restored++;
    else if (restored++) return module.nop();
    return moved(locals ? step - INDEX_BYTES : step);
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
        kinds.Block.setChildAt(block, i, check());
        const last = module.i32.store(locals, INDEX_BYTES, position(), index);
        kinds.Block.setChildAt(block, ++i, locals ? last : module.block(null, [last, moved(INDEX_BYTES)]));
        continue;
      }
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

  const check = () =>
    module.if(
      module.i32.gt_u(
        module.i32.add(position(), module.i32.const(locals + INDEX_BYTES)),
        module.global.get(END, i32),
      ),
      module.call(OVERFLOW, [], binaryen.none),
    );

  measure(body);
  if (!locals) return false;
  locals -= INDEX_BYTES;
  replaced(body, false);
  if (saved !== 1 || restored !== (locals ? 2 : 1))
    throw new ToolchainError(
      "Binaryen's Asyncify rewrites functions in a way that Kapok does not know. Install the version of binaryen that " +
        "Kapok's package.json names.",
    );
  return true;
}
