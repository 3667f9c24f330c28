// SPDX-License-Identifier: MIT
// What a linker has to say, in words that are the same for every toolchain and name the program's files.
import { CompileError } from "./errors.mjs";

/**
 * @typedef {object} NamedObject
 * @property {string} name the object's file name
 * @property {string} source the source's, as messages name it
 * @property {ObjectFile} object
 *
 * @typedef {import("./object.mjs").ObjectFile} ObjectFile
 */

const MAIN_NAMES = ["main", "__main_argc_argv", "__main_void", "__original_main"];

/**
 * @param {NamedObject[]} objects
 * @throws {CompileError} when none defines main, or more than one do
 */
export function checkMain(objects) {
  const mains = objects.filter(({ object }) => object.defined.some((name) => MAIN_NAMES.includes(name)));
  if (mains.length === 1) return;
  if (mains.length > 1)
    throw new CompileError(
      mains.map(({ source }) => `${source}: error: one of ${mains.length} functions main`).join("\n"),
      "The program has more than one main. All .c files of a folder are one program: keep one main, or name the " +
        "one file to build.",
    );
  const sources = objects.map(({ source }) => source).join(", ");
  throw new CompileError(
    `${sources}: error: no function main`,
    "The program has no main. Add `int main(void)` to one of its sources, or name the source that has it.",
  );
}

/**
 * @param {string[]} names that nobody defines
 * @param {NamedObject[]} objects
 * @param {ObjectFile[]} [libc]
 * @returns {CompileError}
 */
export function undefinedError(names, objects, libc = []) {
  const lines = names.flatMap((name) => {
    const users = objects.filter(({ object }) => object.undefined.includes(name));
    return users.map(({ source }) => `${source}: error: undefined symbol: ${name}`);
  });
  // What only libc asks for is what the system would have to offer.
  if (lines.length === 0) return unavailableError(names, objects, libc);
  return new CompileError(
    lines.join("\n"),
    `The program does not link: nothing defines ${names.join(", ")}. ` +
      "Check the spelling, or add the source file that defines it.",
  );
}

/**
 * @param {string[]} names what libc needs of the system
 * @param {NamedObject[]} objects
 * @param {ObjectFile[]} libc
 * @returns {CompileError}
 */
export function unavailableError(names, objects, libc) {
  /** @type {Map<string, string[]>} */
  const needs = new Map();
  for (const name of names)
    for (const caller of callersOf(name, objects, libc))
      needs.set(caller, [...(needs.get(caller) ?? []), name]);
  if (needs.size === 0) needs.set("error: libc", names);
  return new CompileError(
    [...needs].map(([caller, needed]) => `${caller} needs ${needed.join(", ")}`).join("\n"),
    "The program calls a part of libc that a web page cannot offer: it has no sockets and no processes. " +
      "Remove the call.",
  );
}

/**
 * Which functions of libc that the app calls lead to something that libc needs of the system, by the fewest calls.
 * @param {string} needed
 * @param {NamedObject[]} objects
 * @param {ObjectFile[]} libc
 * @returns {string[]} the beginnings of messages; none where libc reaches it through pointers only
 */
function callersOf(needed, objects, libc) {
  /** @type {Set<string | import("./object.mjs").ObjectFunction>} */
  const leading = new Set(
    // What is imported has a longer name inside libc.
    libc.flatMap((object) => object.undefined.filter((name) => `_${name}`.endsWith(`_${needed}`))),
  );
  let others = libc.flatMap((object) => object.functions);
  for (;;) {
    const callers = objects.flatMap(({ source, object }) =>
      object.undefined.filter((name) => leading.has(name)).map((name) => `${source}: error: ${name}`),
    );
    const next = others.filter(({ uses }) => uses.some((used) => leading.has(used)));
    if (callers.length > 0 || next.length === 0) return callers;
    others = others.filter((fn) => !next.includes(fn));
    for (const fn of next) for (const each of [fn, ...fn.names]) leading.add(each);
  }
}

/**
 * @param {string} output of wasm-ld, or of emcc that has called it
 * @param {NamedObject[]} objects
 * @returns {CompileError}
 */
export function linkError(output, objects) {
  const undefinedNames = [...output.matchAll(/\bundefined symbol: (\S+)/g)].map(
    ([, name]) => /** @type {string} */ (name),
  );
  if (undefinedNames.length > 0) return undefinedError([...new Set(undefinedNames)], objects);
  let text = output
    .split("\n")
    .filter((line) => !/^emcc: error: '.*' failed/.test(line))
    .map((line) => line.replace(/^.*\bwasm-ld\S*: (?:error|warning): /, "error: "))
    .join("\n");
  for (const { name, source } of objects) text = text.replaceAll(name, source);
  return new CompileError(text.trim(), "The program does not link.");
}
