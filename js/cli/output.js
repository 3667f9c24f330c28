// SPDX-License-Identifier: MIT
// The output folder: written whole beside its place, then swapped in, so that it never holds half a site.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { cp, lstat, mkdir, realpath, stat, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { dirname, join, relative, resolve, sep } from "node:path";
import { explained, Failure, quoted } from "./failure.js";

/** Lists the files that Kapok put into the folder. Only a folder with this file is ever replaced. */
const markName = ".kapok";

/**
 * Makes sure that the folder may be replaced by a site.
 * @param {string} out
 * @param {import("./app.js").App} app
 * @throws {Failure} when it is not a folder of ours
 */
export async function checkOutput(out, app) {
  const folder = resolve(out);
  if (isInside(process.cwd(), folder))
    throw new Failure(
      `${quoted(out)} is the current folder or contains it.`,
      "Choose another folder with --out.",
    );
  if (app.assets && isInside(folder, app.assets))
    throw new Failure(`${quoted(out)} is inside the app's assets.`, "Choose another folder with --out.");
  const info = await lstat(folder).catch((error) => {
    if (error.code === "ENOENT") return null;
    throw explained(error, out);
  });
  checkWritable(existingPart(info ? dirname(folder) : folder), out);
  if (!info) return;
  if (!info.isDirectory())
    throw new Failure(
      `${quoted(out)} is ${info.isSymbolicLink() ? "a symbolic link" : "a file"}, not a folder.`,
      "Choose another folder with --out.",
    );
  try {
    checkOurs(folder, out);
  } catch (error) {
    throw explained(error, out);
  }
}

/**
 * By making a folder: where none can be made, as in /proc, permissions do not tell.
 * @param {string} place
 * @param {string} out as the user wrote it
 */
function checkWritable(place, out) {
  const trial = join(place, `.kapok-${randomUUID()}`);
  try {
    mkdirSync(trial);
    rmdirSync(trial);
  } catch (error) {
    if (/** @type {any} */ (error).code !== "ENOENT") throw explained(error, out);
    throw new Failure(
      `${quoted(out)}: no folder can be made in ${quoted(place)} (ENOENT).`,
      "Choose another place with --out.",
    );
  }
}

/**
 * @param {string} folder
 * @param {string} out as the user wrote it
 */
function checkOurs(folder, out) {
  if (!readdirSync(folder).length) return;
  const mark = readMark(folder);
  if (!mark)
    throw new Failure(
      `The folder ${quoted(out)} is not empty and was not made by kapok.`,
      "Choose another folder with --out, or empty this one.",
    );
  const foreign = listFiles(folder).filter((file) => file !== markName && !mark.has(file));
  if (foreign.length)
    throw new Failure(
      `The folder ${quoted(out)} would be replaced, but not all in it was made by kapok: ${foreign.slice(0, 3).map(quoted).join(", ")}${foreign.length > 3 ? " …" : ""}.`,
      "Move it into the app's assets folder, or elsewhere.",
    );
}

/**
 * @param {string} folder
 * @returns {Set<string> | null} the files that Kapok put there; null when the folder is not ours
 */
function readMark(folder) {
  try {
    return new Set(JSON.parse(readFileSync(join(folder, markName), "utf8")).files);
  } catch {
    return null;
  }
}

/** @param {string} folder */
async function writeMark(folder) {
  const about = "Made by kapok, which replaces this folder at the next build.";
  const mark = { about, files: listFiles(folder) };
  await writeFile(join(folder, markName), JSON.stringify(mark, null, 2) + "\n");
}

/**
 * Puts a site into its folder, all of it or nothing.
 * @param {string} out a folder that passed checkOutput, or one that does not exist
 * @param {Map<string, string | Uint8Array>} site contents by path within the folder
 * @param {string | null} assets a folder to copy into it
 */
export async function writeSite(out, site, assets) {
  const folder = resolve(out);
  const draft = join(dirname(folder), `.kapok-${randomUUID()}`);
  const discard = () => rmSync(draft, { recursive: true, force: true });
  process.once("exit", discard);
  try {
    makeFolder(draft);
    if (assets) await copyAssets(assets, join(draft, "assets"));
    for (const [name, content] of site) {
      await mkdir(dirname(join(draft, name)), { recursive: true });
      await writeFile(join(draft, name), content);
    }
    await writeMark(draft);
    swap(draft, folder, out);
  } catch (error) {
    const path = /** @type {any} */ (error).path;
    throw explained(error, assets && path?.startsWith(assets) ? path : out);
  } finally {
    discard();
    process.off("exit", discard);
  }
}

/**
 * @param {string} path absolute
 * @returns {string} it, or the nearest folder above it that exists
 */
const existingPart = (path) => (existsSync(path) ? path : existingPart(dirname(path)));

/**
 * Not by mkdir's own recursion: where nothing can be made, as in /proc, that never ends.
 * @param {string} path absolute
 */
function makeFolder(path) {
  if (!existsSync(dirname(path))) makeFolder(dirname(path));
  mkdirSync(path);
}

/**
 * Synchronous, so that no signal handler runs between the two renames.
 * @param {string} draft
 * @param {string} folder
 * @param {string} out the folder as the user wrote it
 */
function swap(draft, folder, out) {
  const old = `${draft}-old`;
  let replaced = true;
  try {
    renameSync(folder, old);
  } catch (error) {
    if (/** @type {any} */ (error).code !== "ENOENT") throw error;
    replaced = false;
  }
  try {
    // Building takes its time: something may have been put there meanwhile.
    if (replaced) checkOurs(old, out);
    renameSync(draft, folder);
  } catch (error) {
    if (replaced) renameSync(old, folder);
    throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

/**
 * Links are followed, but never out of the assets: what is published is what the user put there.
 * @param {string} from
 * @param {string} to
 */
async function copyAssets(from, to) {
  const root = await realpath(from);
  await cp(from, to, {
    recursive: true,
    dereference: true,
    async filter(source) {
      const real = await realpath(source);
      if (!isInside(real, root))
        throw new Failure(
          `${quoted(source)} is a link to something outside the assets.`,
          "Copy what it points to into the assets.",
        );
      if (source !== from && isInside(await realpath(dirname(source)), real))
        throw new Failure(`${quoted(source)} is a link to a folder that it is in.`, "Remove the link.");
      const info = await stat(real);
      if (!info.isFile() && !info.isDirectory())
        throw new Failure(`${quoted(source)} is a device, a pipe or a socket.`, "Remove it from the assets.");
      return true;
    },
  });
}

/**
 * @param {string} folder
 * @returns {string[]} paths within the folder, with slashes, sorted
 */
export function listFiles(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .sort();
}

/**
 * @param {string} path absolute
 * @param {string} folder absolute
 */
const isInside = (path, folder) => (path + sep).startsWith(folder.endsWith(sep) ? folder : folder + sep);
