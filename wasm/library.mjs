// SPDX-License-Identifier: MIT
// Kapok's own C, and cJSON, as archives: built once for each toolchain and kept in the cache.
import { readdir, readFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { makeArchive } from "./archive.mjs";
import { cached, hashOf } from "./cache.mjs";
import { ToolchainError } from "./errors.mjs";
import { findIncludes } from "./includes.mjs";
import { displayed } from "./paths.mjs";
import { mapLimited } from "./process.mjs";

/** @typedef {import("./toolchains/wasm-ld.mjs").Toolchain} Toolchain */

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** The folder that has kapok.h. */
export const INCLUDE = join(ROOT, "src", "include");
/** And those that have what the library includes. */
const INCLUDES = [INCLUDE, join(ROOT, "wasm")];

/** What runs for each of ten thousand items: the rest is compiled to be small. */
const QUICK = ["slots.c"];

/** Takes the core's own memory from wasm/pool.c and so on, so that libc's is linked only where an app calls it. */
const OWN = [
  "malloc=kp__pool_take",
  "free=kp__pool_give",
  "realloc=kp__pool_resize",
  "strlen=kp__text_length",
].map((define) => `-D${define}`);

/**
 * @param {Toolchain} toolchain
 * @param {string[]} flags
 * @param {(text: string) => void} onProgress told when it has to be built
 * @returns {Promise<Uint8Array>} an archive
 * @throws {ToolchainError} when it does not compile
 */
export async function buildLibrary(toolchain, flags, onProgress) {
  const folders = await Promise.all(["src/core", "src/controls"].map(sourcesIn));
  const border = ["fiber.c", "main.c", "malloc.c", "pool.c", "whole.c", ...toolchain.librarySources].map(
    (name) => join(ROOT, "wasm", name),
  );
  const sources = [...folders.flat(), ...border];
  const { files } = await findIncludes(sources, INCLUDES);
  const contents = [...files].flatMap(([path, bytes]) => [relative(ROOT, path), bytes]);
  const key = hashOf(toolchain.name, toolchain.version, JSON.stringify([OWN, QUICK, flags]), ...contents);

  return cached("libkapok", key, async () => {
    onProgress(`Building Kapok's library for ${toolchain.name}, once`);
    const folders = INCLUDES.flatMap((path) => ["-I", displayed(path)]);
    return compileAll(toolchain, sources, ["-std=gnu11", ...folders, ...OWN, ...flags], files);
  });
}

/**
 * @param {Toolchain} toolchain
 * @param {import("./cjson.mjs").CjsonSource} source
 * @param {string[]} flags
 * @param {(text: string) => void} onProgress
 * @param {string} folder that `source` has been written to
 * @returns {Promise<Uint8Array>} an archive
 */
export async function buildCjson(toolchain, source, flags, onProgress, folder) {
  // Each level of nesting takes a frame on the stack of the task that parses.
  const all = ["-DCJSON_NESTING_LIMIT=64", ...flags];
  const key = hashOf(toolchain.name, toolchain.version, JSON.stringify(all), ...Object.values(source));
  return cached("libcjson", key, async () => {
    onProgress(`Building cJSON for ${toolchain.name}, once`);
    const path = join(folder, "cJSON.c");
    const { files } = await findIncludes([path], []);
    return compileAll(toolchain, [path], all, files);
  });
}

/** @param {string} folder below the root */
async function sourcesIn(folder) {
  const names = await readdir(join(ROOT, folder));
  const sources = names.filter((name) => name.endsWith(".c")).sort();
  return sources.map((name) => join(ROOT, folder, name));
}

/**
 * @param {Toolchain} toolchain
 * @param {string[]} sources absolute paths
 * @param {string[]} flags
 * @param {Map<string, Uint8Array>} files
 */
async function compileAll(toolchain, sources, flags, files) {
  const members = await mapLimited(sources, toolchain.jobs, async (source) => {
    const own = QUICK.includes(basename(source))
      ? flags.map((flag) => (flag === "-Oz" ? "-O2" : flag))
      : flags;
    const { object, output } = await toolchain.compile({ source: displayed(source), flags: own, files });
    if (!object) throw new ToolchainError(`${source} does not compile with ${toolchain.version}:\n${output}`);
    return { name: `${relative(ROOT, source).replaceAll(/[^\w.]/g, "-")}.o`, bytes: object };
  });
  return makeArchive(members);
}
