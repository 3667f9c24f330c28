// SPDX-License-Identifier: MIT
// What the bundler has to say of an app's scripts and styles, in the form in which compilers say it.
import { isAbsolute } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { CompileError } from "../../wasm/errors.mjs";
import { displayed } from "../../wasm/paths.mjs";

/** A message's cause, then a picture of the source, which begins with its place. */
const PICTURED = /^([^]*?)\n *╭─+\[ .*?(:\d+:\d+) \]\n([^]*)$/;

/**
 * @param {any} error of Vite's
 * @returns {Error} what the compiler, or the bundler, had to say; the error itself where that is a defect of Kapok
 */
export function bundleError(error) {
  const mistakes = error.errors ?? [];
  const compilers = mistakes.find((/** @type {any} */ { cause }) => cause);
  if (compilers) return compilers.cause;
  if (!mistakes.length || mistakes.some(isDefect)) return error;
  return new CompileError(mistakes.map(inForm).join("\n"), "The page does not build.");
}

/** @param {any} mistake */
const isDefect = ({ plugin = "", pluginCode = "" }) =>
  plugin.startsWith("kapok") && !pluginCode.startsWith("ERR_");

/** @param {any} mistake of those that Vite and Rolldown report */
function inForm({ message, id, loc, frame = "" }) {
  const text = stripVTControlCharacters(message).replace(/^\[[\w ]+\] /, "");
  const [, cause = text, position = "", picture = frame] = PICTURED.exec(text) ?? [];
  const [file, part] = (loc?.file ?? id ?? "").split("?");
  // In a part of a page, such as a script inside it, lines have numbers of their own.
  const place = isAbsolute(file) ? `${displayed(file)}${part ? "" : position}: ` : "";
  return [`${place}error: ${cause}`, ...rows(picture)].join("\n");
}

/**
 * Without the frame's edges, nor by which of Kapok's files the bundler came there.
 * @param {string} picture
 */
const rows = (picture) =>
  picture
    .replace(/\n *│ Help: [^]*/, "")
    .split("\n")
    .map((row) => row.trimEnd())
    .filter((row) => !/^ *│?$|^─+╯$|^ *│ +╰─+$/.test(row));
