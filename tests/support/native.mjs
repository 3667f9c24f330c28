// SPDX-License-Identifier: MIT
// Apps as programs of this machine, by gcc: on the fibers and the virtual clock of tests/src/native.
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";

const run = promisify(execFile);
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

const FLAGS = [
  "-std=gnu11",
  "-g",
  "-O1",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-Wno-format-nonliteral",
  "-Isrc/include",
  "-Itests/src/native",
];

/**
 * The C files of a folder, below the root.
 * @param {string} folder
 */
export const sourcesIn = async (folder) =>
  (await readdir(join(ROOT, folder))).filter((name) => name.endsWith(".c")).map((name) => join(folder, name));

/** @param {string[]} flags */
const gcc = (flags) => run("gcc", flags, { cwd: ROOT });

/** @param {string} folder for what is made on the way */
export function createNativeBuild(folder) {
  /** @type {Map<string, Promise<string[]>>} objects of Kapok's library, by the flags they were compiled with */
  const libraries = new Map();

  /**
   * @param {string[]} flags
   * @param {number} number
   */
  async function compileLibrary(flags, number) {
    const all = [
      ...(await sourcesIn("src/core")),
      ...(await sourcesIn("src/controls")),
      "tests/src/native/host.c",
      "tests/src/native/fiber_ucontext.c",
    ];
    const objects = all.map((source) => join(folder, `${number}-${source.replaceAll("/", "_")}.o`));
    await Promise.all(all.map((source, i) => gcc([...FLAGS, ...flags, "-c", source, "-o", objects[i]])));
    return objects;
  }

  /**
   * Builds one app.
   * @param {string[]} sources absolute, or below the root
   * @param {string} program the file to make
   * @param {{ flags?: string[], appFlags?: string[], linkFlags?: string[] }} [options] for all, and for the
   *   app's own sources or the linker only
   */
  return async function build(sources, program, { flags = [], appFlags = [], linkFlags = [] } = {}) {
    const key = flags.join(" ");
    const library = libraries.get(key) ?? compileLibrary(flags, libraries.size);
    libraries.set(key, library);
    const objects = sources.map((_, i) => `${program}.${i}.o`);
    await Promise.all(
      sources.map((source, i) =>
        gcc([...FLAGS, ...flags, ...appFlags, "-Dmain=main_of_test", "-c", source, "-o", objects[i]]),
      ),
    );
    await gcc([...flags, ...linkFlags, ...objects, ...(await library), "-lm", "-o", program]);
  };
}
