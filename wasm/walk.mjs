// SPDX-License-Identifier: MIT
// What expressions are made of.

/** @typedef {import('./binaryen.mjs').Binaryen} Binaryen */
/** @typedef {InstanceType<Binaryen['Module']>} Module */

/** What an expression of each kind contains, but for those of LISTS. */
export const PARTS = {
  If: ["Condition", "IfTrue", "IfFalse"],
  Loop: ["Body"],
  Break: ["Condition", "Value"],
  Switch: ["Condition", "Value"],
  CallIndirect: ["Target"],
  LocalSet: ["Value"],
  GlobalSet: ["Value"],
  Load: ["Ptr"],
  Store: ["Ptr", "Value"],
  Unary: ["Value"],
  Binary: ["Left", "Right"],
  Select: ["IfTrue", "IfFalse", "Condition"],
  Drop: ["Value"],
  Return: ["Value"],
  MemoryGrow: ["Delta"],
  MemoryCopy: ["Dest", "Source", "Size"],
  MemoryFill: ["Dest", "Value", "Size"],
  MemoryInit: ["Dest", "Offset", "Size"],
  SIMDExtract: ["Vec"],
  SIMDReplace: ["Vec", "Value"],
  SIMDShuffle: ["Left", "Right"],
  SIMDTernary: ["A", "B", "C"],
  SIMDShift: ["Vec", "Shift"],
  SIMDLoad: ["Ptr"],
  SIMDLoadStoreLane: ["Ptr", "Vec"],
};

/** Those that contain any number. */
const LISTS = {
  Block: ["NumChildren", "ChildAt"],
  Call: ["NumOperands", "OperandAt"],
  CallIndirect: ["NumOperands", "OperandAt"],
};

/**
 * Visits all expressions of all functions, the parts of each before itself.
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @param {(e: number) => number} replaced returns what takes the place of an expression: that itself, or another
 */
export function walk(binaryen, module, replaced) {
  const api = /** @type {any} */ (binaryen);
  /** @param {Record<string, string[]>} table @returns {Map<number, { kind: any, names: string[] }>} */
  const byId = (table) =>
    new Map(Object.entries(table).map(([kind, names]) => [api[`${kind}Id`], { kind: api[kind], names }]));
  const parts = byId(PARTS);
  const lists = byId(LISTS);

  /** @param {number} e @returns {number} */
  function visit(e) {
    const id = binaryen.getExpressionId(e);
    const list = lists.get(id);
    if (list) {
      const { kind, names } = list;
      for (let i = kind[`get${names[0]}`](e); i-- > 0;)
        change(kind[`get${names[1]}`](e, i), (to) => kind[`set${names[1]}`](e, i, to));
    }
    const { kind, names = [] } = parts.get(id) ?? {};
    for (const name of names) change(kind[`get${name}`](e), (to) => kind[`set${name}`](e, to));
    return replaced(e);
  }

  /** @param {number} part 0 where there is none @param {(to: number) => void} set */
  function change(part, set) {
    const other = part && visit(part);
    if (other !== part) set(other);
  }

  for (let index = module.getNumFunctions() - 1; index >= 0; index--) {
    const fn = module.getFunctionByIndex(index);
    const { module: imported, body } = binaryen.getFunctionInfo(fn);
    if (!imported) change(body, (to) => api.Function.setBody(fn, to));
  }
}
