// SPDX-License-Identifier: MIT
// Reads what compilers and linkers write: WebAssembly object files and modules, and `ar` archives of
// them. Only what the build asks about: which functions there are, and who calls whom.

/**
 * A function as one object file defines it.
 * @typedef {object} ObjectFunction
 * @property {string[]} names all its names: a weak alias is one more
 * @property {boolean} local static: no other object can mean it
 * @property {(string | ObjectFunction)[]} uses whom it calls or takes the address of: by name, or the
 *   function itself when that one is local
 * @property {boolean} callsIndirectly whether it calls through a pointer
 */

/**
 * @typedef {object} ObjectFile
 * @property {ObjectFunction[]} functions
 * @property {string[]} defined all names defined for others: functions, data and globals
 * @property {string[]} exported those of them that the source marks for export from the module
 * @property {string[]} undefined names it needs from others
 * @property {Map<string, string>} imported those of them that it imports, with the modules they come from
 * @property {(string | ObjectFunction)[]} addressed functions whose address is taken in code or data
 * @property {string[]} segments the names of its segments of data: a variable each, where it is compiled so
 * @property {Map<string, Place>} variables those defined for others
 * @property {{ place: Place | string, offset: number }[]} dataUses each place in data that it reads or writes: in a
 *   segment of its own, or behind a name. Where it takes an address, the offset is Infinity.
 *
 * @typedef {{ segment: number, offset: number }} Place
 */

const MAGIC = 0x6d736100; // "\0asm"
const [CUSTOM, IMPORT, FUNCTION, CODE, DATA] = [0, 2, 3, 10, 11];
const [SEGMENT_INFO, SYMBOL_TABLE] = [5, 8];
const [SYMBOL_FUNCTION, SYMBOL_DATA, SYMBOL_SECTION] = [0, 1, 3];
const [FLAG_LOCAL, FLAG_UNDEFINED, FLAG_EXPORTED, FLAG_EXPLICIT_NAME] = [2, 0x10, 0x20, 0x40];

// Relocations: a call, an address of a function, a call through a pointer, and those that carry an addend.
const RELOCATES_CALL = 0;
const RELOCATES_ADDRESS = new Set([1, 2, 12, 18, 19, 24]);
const RELOCATES_TYPE = 6;
const RELOCATES_ACCESS = 3; // the place of data in an instruction that loads or stores
const HAS_ADDEND = new Set([3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23, 25]);

const decoder = new TextDecoder();

/** A cursor over bytes. Reading past the end throws. */
class Reader {
  /** @param {Uint8Array} bytes */
  constructor(bytes, start = 0, end = bytes.length) {
    if (end > bytes.length) throw new RangeError("truncated WebAssembly file");
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }
  byte() {
    if (this.at >= this.end) throw new RangeError("truncated WebAssembly file");
    return /** @type {number} */ (this.bytes[this.at++]);
  }
  /** An unsigned integer as LEB128. */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }
  /** A signed one of 32 bits. */
  signed() {
    const start = this.at;
    const value = this.number();
    const bits = 7 * (this.at - start);
    return bits < 32 ? (value << (32 - bits)) >> (32 - bits) : value | 0;
  }
  name() {
    const inner = this.slice(this.number());
    return decoder.decode(inner.bytes.subarray(inner.at, inner.end));
  }
  /** @param {number} length */
  slice(length) {
    const start = this.at;
    this.at += length;
    if (this.at > this.end) throw new RangeError("truncated WebAssembly file");
    return new Reader(this.bytes, start, this.at);
  }
  get done() {
    return this.at >= this.end;
  }
}

/**
 * @param {Uint8Array} bytes
 * @returns {{ id: number, name: string, index: number, start: number, body: Reader }[]}
 */
function sections(bytes) {
  if (!isWasm(bytes)) throw new TypeError("not a WebAssembly file");
  const reader = new Reader(bytes, 8);
  const found = [];
  for (let index = 0; !reader.done; index++) {
    const id = reader.byte();
    const body = reader.slice(reader.number());
    const start = body.at;
    found.push({ id, name: id === CUSTOM ? body.name() : "", index, start, body });
  }
  return found;
}

/** @param {Uint8Array} bytes */
export function isWasm(bytes) {
  return bytes.length >= 8 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === MAGIC;
}

/**
 * @param {Reader} reader at the start of the import section's body
 * @returns {{ kind: number, module: string, name: string }[]}
 */
function readImports(reader) {
  return Array.from({ length: reader.number() }, () => {
    const [module, name, kind] = [reader.name(), reader.name(), reader.byte()];
    if (kind === 1) reader.number(); // table: its type
    if (kind === 1 || kind === 2) {
      const limits = reader.number();
      reader.number();
      if (limits & 1) reader.number();
    } else if (kind === 3) {
      reader.number(); // global: type and mutability
      reader.number();
    } else if (kind === 4) {
      reader.number(); // tag: attribute and type
      reader.number();
    } else {
      reader.number(); // function: its type
    }
    return { kind, module, name };
  });
}

/**
 * The names of a linked module's functions by their index, imports first. A name can occur twice: two
 * files may each have a static function of that name. Functions without a name are absent.
 * @param {Uint8Array} bytes
 * @returns {Map<number, string>}
 */
export function functionNames(bytes) {
  /** @type {Map<number, string>} */
  const names = new Map();
  const section = sections(bytes).find(({ name }) => name === "name");
  while (section && !section.body.done) {
    const kind = section.body.byte();
    const body = section.body.slice(section.body.number());
    if (kind !== 1) continue;
    for (let count = body.number(); count > 0; count--) names.set(body.number(), body.name());
  }
  return names;
}

const SECTIONS = [
  "custom",
  "types",
  "imports",
  "function types",
  "tables",
  "memory",
  "globals",
  "exports",
  "start",
].concat(["elements", "code", "data", "data count", "tags"]);

/**
 * What a linked module's data is when it starts.
 * @param {Uint8Array} bytes
 * @returns {Buffer} as far as it is not 0
 */
export function initialMemory(bytes) {
  const segments = [];
  for (const { id, body } of sections(bytes)) {
    if (id !== DATA) continue;
    for (let count = body.number(); count > 0; count--) {
      if (body.number() !== 0) throw new TypeError("data that is not placed when the module starts");
      body.byte(); // i32.const
      const address = body.number();
      body.byte(); // end
      const { at, end } = body.slice(body.number());
      segments.push({ address, data: bytes.subarray(at, end) });
    }
  }
  const memory = Buffer.alloc(Math.max(0, ...segments.map(({ address, data }) => address + data.length)) + 4);
  for (const { address, data } of segments) memory.set(data, address);
  return memory;
}

/**
 * The texts that the data of a module points to. Linkers let a text be the end of another one, so what stands in it
 * tells less.
 * @param {Uint8Array} bytes
 * @returns {string[]}
 */
export function textsOf(bytes) {
  const memory = initialMemory(bytes);
  const texts = new Set();
  for (let at = 0; at + 4 <= memory.length; at += 4) {
    const address = memory.readUInt32LE(at);
    const end = address > 0 && address < memory.length ? memory.indexOf(0, address) : 0;
    if (end > address) texts.add(memory.toString("latin1", address, end));
  }
  return [...texts];
}

/**
 * What a linked module is made of: each function that it defines, and each section, with what tells its length.
 * @param {Uint8Array} bytes with names
 * @returns {{ functions: { name: string, bytes: number }[], sections: { name: string, bytes: number }[] }}
 */
export function readSizes(bytes) {
  const names = functionNames(bytes);
  const all = sections(bytes);
  const imports = all.filter(({ id }) => id === IMPORT).flatMap(({ body }) => readImports(body));
  const first = imports.filter(({ kind }) => kind === 0).length;
  const code = all.find(({ id }) => id === CODE);
  /** @type {{ name: string, bytes: number }[]} */
  const functions = [];
  for (let left = code ? code.body.number() : 0; code && left > 0; left--) {
    const { at } = code.body;
    code.body.slice(code.body.number());
    const index = first + functions.length;
    functions.push({ name: names.get(index) ?? `function ${index}`, bytes: code.body.at - at });
  }
  const ends = [8, ...all.map(({ body }) => body.end)];
  return {
    functions,
    sections: all.map(({ id, name, body }, i) => ({
      name: id === CUSTOM ? `"${name}"` : (SECTIONS[id] ?? `section ${id}`),
      bytes: body.end - /** @type {number} */ (ends[i]),
    })),
  };
}

/**
 * @param {Uint8Array} bytes an object file of clang's, LEB128 padded so that the linker can relocate it
 * @returns {ObjectFile}
 */
export function readObject(bytes) {
  const all = sections(bytes);
  const imports = all.filter(({ id }) => id === IMPORT).flatMap(({ body }) => readImports(body));
  const importedFunctions = imports.filter(({ kind }) => kind === 0);
  /** @type {ObjectFunction[]} */
  const functions = [];
  const code = all.find(({ id }) => id === CODE);
  const ends = code ? functionEnds(code.body, code.start) : [];
  const declared = all.find(({ id }) => id === FUNCTION);
  for (let left = declared ? declared.body.number() : 0; left > 0; left--)
    functions.push({ names: [], local: true, uses: [], callsIndirectly: false });

  const linking = all.find(({ name }) => name === "linking");
  const { symbols, segments } = readLinking(linking?.body ?? new Reader(new Uint8Array([0])), imports);
  /** @type {ObjectFile} */
  const object = {
    ...{ functions, defined: [], exported: [], undefined: [], imported: new Map(), addressed: [] },
    ...{ segments, variables: new Map(), dataUses: [] },
  };
  for (const symbol of symbols) {
    if (symbol.undefined) {
      object.undefined.push(symbol.name);
      const { module } = (symbol.kind === SYMBOL_FUNCTION && importedFunctions[symbol.index]) || {};
      if (module && module !== "env") object.imported.set(symbol.name, module);
    } else if (symbol.kind === SYMBOL_FUNCTION) {
      const fn = functions[symbol.index - importedFunctions.length];
      if (!fn) throw new RangeError("malformed WebAssembly file: a symbol of no function");
      fn.names.push(symbol.name);
      if (!symbol.local) fn.local = false;
    } else if (symbol.place && !symbol.local) object.variables.set(symbol.name, symbol.place);
    if (!symbol.undefined && !symbol.local) object.defined.push(symbol.name);
    if (!symbol.undefined && symbol.exported) object.exported.push(symbol.name);
  }

  /** @param {number} index of a symbol */
  const target = (index) => {
    const symbol = symbols[index];
    if (!symbol) throw new RangeError("malformed WebAssembly file: a relocation to no symbol");
    const here = symbol.undefined ? undefined : functions[symbol.index - importedFunctions.length];
    return here && symbol.local ? here : symbol.name;
  };
  for (const { name, body } of all) {
    if (!name.startsWith("reloc.")) continue;
    const isCode = body.number() === code?.index;
    for (const { type, offset, index, addend } of readRelocations(body)) {
      const symbol = symbols[index];
      if (symbol?.kind === SYMBOL_DATA && type !== RELOCATES_TYPE) {
        const { place, local } = symbol;
        const at = isCode && type === RELOCATES_ACCESS ? addend : Infinity;
        object.dataUses.push({ place: (local && place) || symbol.name, offset: at });
      }
      const fn = isCode ? functions[indexOfEnd(ends, offset)] : undefined;
      const takesAddress = RELOCATES_ADDRESS.has(type);
      if (takesAddress) object.addressed.push(target(index));
      if (takesAddress || type === RELOCATES_CALL) fn?.uses.push(target(index));
      if (type === RELOCATES_TYPE && fn) fn.callsIndirectly = true;
    }
  }
  return object;
}

/**
 * @param {Reader} body of the code section
 * @param {number} start of that body
 * @returns {number[]} where each function ends, counted from the section's start, ascending
 */
function functionEnds(body, start) {
  return Array.from({ length: body.number() }, () => body.slice(body.number()).end - start);
}

/**
 * The function that an offset lies in: the first that ends after it.
 * @param {number[]} ends
 * @param {number} offset
 */
function indexOfEnd(ends, offset) {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {number} */ (ends[middle]) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * @param {Reader} body of the linking section
 * @param {{ kind: number, name: string }[]} imports
 */
function readLinking(body, imports) {
  body.number(); // version
  const symbols = [];
  /** @type {string[]} */
  const segments = [];
  while (!body.done) {
    const kind = body.byte();
    const table = body.slice(body.number());
    if (kind !== SYMBOL_TABLE && kind !== SEGMENT_INFO) continue;
    for (let count = table.number(); count > 0; count--) {
      if (kind === SYMBOL_TABLE) symbols.push(readSymbol(table, imports));
      else {
        segments.push(table.name());
        for (let i = 0; i < 2; i++) table.number(); // alignment, flags
      }
    }
  }
  return { symbols, segments };
}

/**
 * @param {Reader} table
 * @param {{ kind: number, name: string }[]} imports
 */
function readSymbol(table, imports) {
  const kind = table.byte();
  const flags = table.number();
  const symbol = {
    kind,
    local: (flags & FLAG_LOCAL) !== 0,
    undefined: (flags & FLAG_UNDEFINED) !== 0,
    exported: (flags & FLAG_EXPORTED) !== 0,
    index: -1,
    name: "",
    place: /** @type {Place | undefined} */ (undefined),
  };
  if (kind === SYMBOL_DATA) {
    symbol.name = table.name();
    if (!symbol.undefined) {
      symbol.place = { segment: table.number(), offset: table.number() };
      table.number(); // size
    }
  } else if (kind === SYMBOL_SECTION) {
    symbol.index = table.number();
    symbol.local = true;
  } else {
    symbol.index = table.number();
    if (symbol.undefined && !(flags & FLAG_EXPLICIT_NAME)) {
      // The symbol kinds function 0, global 2, tag 4, table 5 are the import kinds 0, 3, 4, 1.
      const importKind = [0, -1, 3, -1, 4, 1][kind];
      symbol.name = imports.filter((each) => each.kind === importKind)[symbol.index]?.name ?? "";
    } else symbol.name = table.name();
  }
  return symbol;
}

/** @param {Reader} body after the number of the section that it relocates */
function* readRelocations(body) {
  for (let count = body.number(); count > 0; count--) {
    const [type, offset, index] = [body.number(), body.number(), body.number()];
    yield { type, offset, index, addend: HAS_ADDEND.has(type) ? body.signed() : 0 };
  }
}
