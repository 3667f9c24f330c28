// SPDX-License-Identifier: MIT
// Drops from a program what it does not need to fail.

/** @typedef {import("./generate.mjs").Program} Program */
/** @typedef {import("./generate.mjs").Statement} Statement */

/**
 * @param {Program} program which fails
 * @param {(candidate: Program) => Promise<boolean>} fails false as well when the candidate does not compile
 * @param {number} patience in milliseconds
 * @returns {Promise<Program>}
 */
export async function minimise(program, fails, patience) {
  const end = Date.now() + patience;
  let smallest = program;

  /** @param {(candidate: Program) => void} edit */
  async function attempt(edit) {
    if (Date.now() > end) return false;
    const candidate = structuredClone(smallest);
    edit(candidate);
    dropUnused(candidate);
    if (!(await fails(candidate))) return false;
    smallest = candidate;
    return true;
  }

  for (let size = 8; size >= 1; size = size > 1 ? size >> 1 : (await unwrapOne()) ? 1 : 0)
    for (let block = 0; block < blocksOf(smallest).length; block++)
      for (let at = 0; at < blocksOf(smallest)[block]?.length;)
        if (!(await attempt((candidate) => blocksOf(candidate)[block].splice(at, size)))) at += size;
  for (let fn = 0; fn < smallest.functions.length; fn++)
    for (let at = 0; at < smallest.functions[fn].declarations.length;)
      if (!(await attempt((candidate) => candidate.functions[fn].declarations.splice(at, 1)))) at++;
  return smallest;

  /** Puts what is inside a loop or branch in its place. */
  async function unwrapOne() {
    for (let block = 0; block < blocksOf(smallest).length; block++)
      for (let at = 0; at < blocksOf(smallest)[block].length; at++) {
        const inner = blocksOf(smallest)[block][at].filter((part) => typeof part !== "string");
        if (inner.length === 0) continue;
        const flat = /** @type {Statement[]} */ (inner.flat());
        if (await attempt((candidate) => blocksOf(candidate)[block].splice(at, 1, ...structuredClone(flat))))
          return true;
      }
    return false;
  }
}

/**
 * All lists of statements, the outer ones first.
 * @param {Program} program
 */
function blocksOf({ functions }) {
  const blocks = functions.map(({ body }) => body);
  for (const block of blocks)
    // which grows
    for (const statement of block)
      for (const part of statement) if (typeof part !== "string") blocks.push(part);
  return blocks;
}

/** @param {Program} program */
function dropUnused(program) {
  const [first, ...rest] = program.functions;
  const text = JSON.stringify(program.functions.map(({ body, last }) => [body, last]));
  program.functions = [first, ...rest.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(text))];
}
