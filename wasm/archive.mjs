// SPDX-License-Identifier: MIT
// Reads and writes `ar` archives in GNU's form, so that no driver needs an `ar` for WebAssembly.
import { readObject, isWasm } from "./object.mjs";

const MAGIC = "!<arch>\n";
const HEADER = 60;

/** @typedef {{ name: string, bytes: Uint8Array }} Member */

/**
 * @param {Uint8Array} bytes
 * @returns {Member[]} the members, less the archive's own tables; they share memory with `bytes`
 */
export function readArchive(bytes) {
  const text = (/** @type {number} */ from, /** @type {number} */ to) =>
    String.fromCharCode(...bytes.subarray(from, to));
  if (text(0, 8) !== MAGIC) throw new TypeError("not an ar archive");
  /** @type {Member[]} */
  const members = [];
  let longNames = "";
  for (let at = 8; at + HEADER <= bytes.length;) {
    const size = Number(text(at + 48, at + 58));
    const start = at + HEADER;
    const body = bytes.subarray(start, start + size);
    if (!(size >= 0) || body.length !== size) throw new RangeError("truncated ar archive");
    const name = text(at, at + 16).trimEnd();
    if (name === "//") longNames = new TextDecoder().decode(body);
    else if (/^\/\d/.test(name)) {
      const from = Number(name.slice(1));
      members.push({ name: longNames.slice(from, longNames.indexOf("/\n", from)), bytes: body });
    } else if (name !== "/" && name !== "/SYM64/")
      members.push({ name: name.replace(/\/$/, ""), bytes: body });
    at = start + size + (size & 1);
  }
  return members;
}

/**
 * @param {Member[]} members object files
 * @returns {Uint8Array} an archive with the index of symbols that linkers need. The same members always
 *   give the same bytes.
 */
export function makeArchive(members) {
  const long = Buffer.from(members.map(({ name }) => `${name}/\n`).join(""));
  const symbols = members.map(({ bytes }) => (isWasm(bytes) ? readObject(bytes).defined : []));
  const names = Buffer.from(symbols.flatMap((list) => list.map((name) => `${name}\0`)).join(""));
  const index = Buffer.alloc(4 + 4 * symbols.flat().length + names.length);
  names.copy(index, index.length - names.length);
  index.writeUInt32BE(symbols.flat().length, 0);

  const parts = [Buffer.from(MAGIC), ...member("/", index), ...member("//", long)];
  let offset = parts.reduce((sum, part) => sum + part.length, 0);
  let entry = 4;
  let nameAt = 0;
  members.forEach(({ name, bytes }, i) => {
    for (const _ of symbols[i] ?? []) entry = index.writeUInt32BE(offset, entry);
    const body = member(`/${nameAt}`, bytes);
    parts.push(...body);
    offset += body.reduce((sum, part) => sum + part.length, 0);
    nameAt += Buffer.byteLength(name) + 2;
  });
  return Buffer.concat(parts);
}

/**
 * @param {string} name as the header has it
 * @param {Uint8Array} bytes
 */
function member(name, bytes) {
  // Name, time, owner, group, mode, size: fixed, so that equal objects make equal archives.
  const header = `${name.padEnd(16)}${"0".padEnd(12)}${"0".padEnd(6)}${"0".padEnd(6)}${"644".padEnd(8)}${String(bytes.length).padEnd(10)}\`\n`;
  return [Buffer.from(header), bytes, Buffer.from(bytes.length & 1 ? "\n" : "")];
}
