// SPDX-License-Identifier: MIT
// Makes globals of the module out of the C variables that nothing points to. To read one takes two bytes, where a place in
// memory takes seven; the optimiser knows who changes it; and no pointer that has gone astray can hit it.
//
// Which they are is told by the object files: the compiler writes how each place in data is used. Those that it only
// loads and stores, and never takes the address of, may still be reached by an index; the linked module shows that.
import { walk } from "./walk.mjs";

/** @typedef {import('./binaryen.mjs').Binaryen} Binaryen */
/** @typedef {InstanceType<Binaryen['Module']>} Module */
/** @typedef {import('./object.mjs').ObjectFile} ObjectFile */
/** @typedef {{ address: number, size: number }} Variable in memory */
/** @typedef {{ type: number, bytes: number, variable: Variable, global: string }} Field of a variable */

/** A line of the linker's map: address, place in the file, size, file and section. */
const MAPPED = /^ *([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+) +(?:.*\/)?(.+):\((\.(?:bss|data)\..+)\)$/gm;

/** What is larger is a table, which is of no use without an index. */
const LARGEST = 256;

/**
 * @param {string} map what the linker prints of where it has put everything
 * @param {Map<string, ObjectFile>} objects that may hold such variables, by the names that they have in the map
 * @param {ObjectFile[]} others that are linked too
 * @returns {Variable[]} whose address is never taken, by ascending address
 */
export function findStatics(map, objects, others) {
  /** @type {Map<ObjectFile, number[][]>} by object and segment, all offsets that are used */
  const uses = new Map([...objects.values()].map((object) => [object, object.segments.map(() => [])]));
  /** @type {Map<string, { used: number[], offset: number }[]>} */
  const named = new Map();
  for (const [{ variables }, used] of uses)
    for (const [name, { segment, offset }] of variables)
      named.set(name, [...(named.get(name) ?? []), { used: used[segment] ?? [], offset }]);
  for (const object of [...objects.values(), ...others])
    for (const { place, offset } of object.dataUses)
      if (typeof place !== "string") uses.get(object)?.[place.segment]?.push(place.offset + offset);
      else for (const each of named.get(place) ?? []) each.used.push(each.offset + offset);

  const found = [];
  for (const [, address = "", size = "", file = "", section = ""] of map.matchAll(MAPPED)) {
    const object = objects.get(file);
    const segment = object?.segments.indexOf(section) ?? -1;
    const variable = { address: parseInt(address, 16), size: parseInt(size, 16) };
    if (!object || segment < 0 || segment !== object.segments.lastIndexOf(section)) continue;
    const offsets = uses.get(object)?.[segment] ?? [];
    if (variable.size <= LARGEST && offsets.every((at) => at >= 0 && at < variable.size))
      found.push(variable);
  }
  return found.sort((a, b) => a.address - b.address);
}

/**
 * @param {Binaryen} binaryen
 * @param {Module} module as the linker has made it: passes of Binaryen compute places and put them elsewhere
 * @param {Variable[]} variables of findStatics
 * @param {Buffer} memory what is in it when the module starts; behind its end all is 0
 */
export function makeGlobals(binaryen, module, variables, memory) {
  const { Load, Store } = /** @type {any} */ (binaryen);
  const fields = findFields(binaryen, module, variables);
  for (const [address, { type, bytes, global }] of fields) {
    const start = Buffer.alloc(8);
    start.set(memory.subarray(address, address + bytes));
    module.addGlobal(global, type, true, constant(binaryen, module, type, start));
  }
  walk(binaryen, module, (e) => {
    const access = accessOf(binaryen, e);
    const field = access && fields.get(access.address);
    if (!field) return e;
    const { type, bytes, global } = field;
    if (access.isStore) {
      const value = Store.getValue(e);
      const mask = 2 ** (8 * bytes) - 1;
      return module.global.set(global, bytes < 4 ? module.i32.and(value, module.i32.const(mask)) : value);
    }
    const value = module.global.get(global, type);
    if (bytes >= 4 || !Load.isSigned(e)) return value;
    return bytes === 1 ? module.i32.extend8_s(value) : module.i32.extend16_s(value);
  });
}

/**
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @param {number} type
 * @param {Buffer} bytes
 */
function constant({ i32, f32, i64 }, module, type, bytes) {
  if (type === i32) return module.i32.const(bytes.readInt32LE());
  if (type === i64) return module.i64.const(bytes.readBigInt64LE());
  return type === f32 ? module.f32.const(bytes.readFloatLE()) : module.f64.const(bytes.readDoubleLE());
}

/**
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @param {Variable[]} variables
 * @returns {Map<number, Field>} by address: what is accessed at a fixed place only, and always as the same number
 */
function findFields(binaryen, module, variables) {
  /** @type {Map<number, Field>} */
  const fields = new Map();
  /** @type {Set<Variable>} */
  const spoilt = new Set();
  walk(binaryen, module, (e) => {
    const access = accessOf(binaryen, e);
    const variable = access && holding(variables, access.address);
    if (!variable) return e;
    const { address, type, bytes } = access;
    const field = fields.get(address) ?? { type, bytes, variable, global: `kp__static_${address}` };
    fields.set(address, field);
    if (bytes === 0 || bytes !== field.bytes || type !== field.type) spoilt.add(variable);
    return e;
  });
  for (const [address, { bytes, variable }] of fields)
    for (let at = address + 1; at < address + bytes; at++) if (fields.has(at)) spoilt.add(variable);
  return new Map([...fields].filter(([, { variable }]) => !spoilt.has(variable)));
}

/**
 * @param {Variable[]} variables by ascending address
 * @param {number} address
 */
function holding(variables, address) {
  let [low, high] = [0, variables.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {Variable} */ (variables[middle]).address <= address) low = middle + 1;
    else high = middle;
  }
  const last = variables[low - 1];
  return last && address < last.address + last.size ? last : undefined;
}

/**
 * @param {Binaryen} binaryen
 * @param {number} e
 * @returns where it loads or stores, if it does; bytes are 0 if there is more to it than a fixed place and a number
 */
function accessOf(binaryen, e) {
  const kinds = /** @type {any} */ (binaryen);
  const id = binaryen.getExpressionId(e);
  const isStore = id === binaryen.StoreId;
  const kind = isStore
    ? kinds.Store
    : id === binaryen.LoadId
      ? kinds.Load
      : id === binaryen.SIMDLoadId
        ? kinds.SIMDLoad
        : id === binaryen.SIMDLoadStoreLaneId
          ? kinds.SIMDLoadStoreLane
          : null;
  if (!kind) return undefined;
  const ptr = kind.getPtr(e);
  const type = isStore ? kind.getValueType(e) : kind.getType(e);
  const isFixed = binaryen.getExpressionId(ptr) === binaryen.ConstId && kinds.Const.getValueI32(ptr) === 0;
  const bytes = isFixed && kind.getBytes ? kind.getBytes(e) : 0;
  const isWhole = bytes === sizeOf(binaryen, type) || (type === binaryen.i32 && bytes > 0);
  return { address: /** @type {number} */ (kind.getOffset(e)), isStore, type, bytes: isWhole ? bytes : 0 };
}

/** @param {Binaryen} binaryen @param {number} type @returns {number | undefined} none if it is no plain number */
const sizeOf = ({ i32, f32, i64, f64 }, type) =>
  new Map([
    [i32, 4],
    [f32, 4],
    [i64, 8],
    [f64, 8],
  ]).get(type);
