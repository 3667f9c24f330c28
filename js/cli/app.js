// SPDX-License-Identifier: MIT
// What the user calls APP: a .c file, or a folder of them.
import { readFile, readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { explained, Failure, quoted } from "./failure.js";

/**
 * @typedef {object} App
 * @property {string} name file-system name: of its folder when the file is main.c, else of the file
 * @property {string} title the name as a person would write it, for the page until the program sets its own
 * @property {string} folder absolute path of the folder the app lives in
 * @property {string[]} sources absolute paths of the C files that make up one program
 * @property {string | null} page absolute path of the app's own index.html
 * @property {string | null} assets absolute path of the folder that is copied as it is
 */

/**
 * Finds out what an app consists of.
 * @param {string} path as the user wrote it
 * @returns {Promise<App>}
 * @throws {Failure} when there is no app
 */
export async function findApp(path) {
  if (!path) throw new Failure("The name of the app is empty.", "Give a .c file or a folder of .c files.");
  const full = resolve(path);
  const info = await stat(full).catch((error) => {
    if (error.code === "ENOENT")
      throw new Failure(
        `There is no file or folder ${quoted(path)}.`,
        "Check the name; give a .c file or a folder of .c files.",
      );
    throw explained(error, path);
  });
  if (info.isDirectory()) return findFolderApp(full, path);
  if (!full.endsWith(".c"))
    throw new Failure(
      `${quoted(path)} is not a C source file: its name does not end in .c.`,
      "Give a .c file or a folder of .c files.",
    );
  await checkSource(full, path);
  const stem = basename(full, ".c");
  const folder = dirname(full);
  const name = stem === "main" ? basename(folder) || stem : stem;
  return {
    name,
    title: humanised(name),
    folder,
    sources: [full],
    page: null,
    assets: await subfolder(folder, "assets"),
  };
}

/**
 * @param {string} folder absolute path
 * @param {string} path as the user wrote it
 * @returns {Promise<App>}
 */
async function findFolderApp(folder, path) {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    throw explained(error, path);
  });
  const names = entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith("."))
    .map((e) => e.name);
  const page = names.includes("index.html") ? join(folder, "index.html") : null;
  const sources = names.filter((name) => name.endsWith(".c")).sort();
  if (!page && !sources.length)
    throw new Failure(
      `There is no .c file in the folder ${quoted(path)}.`,
      "Give a folder that directly holds .c files or an index.html.",
    );
  for (const source of sources) await checkSource(join(folder, source), join(path, source));
  const name = basename(folder) || "app";
  return {
    name,
    title: humanised(name),
    folder,
    sources: sources.map((source) => join(folder, source)),
    page,
    assets: await subfolder(folder, "assets"),
  };
}

/**
 * A compiler fed with a renamed picture or program answers with pages of nonsense; fed with a pipe it waits forever.
 * @param {string} file
 * @param {string} path as the user wrote it
 */
async function checkSource(file, path) {
  const bytes = await stat(file)
    .then((info) => (info.isFile() ? readFile(file) : null))
    .catch((error) => {
      throw explained(error, path);
    });
  if (!bytes)
    throw new Failure(
      `${quoted(path)} is not a C source file: it is a device or a pipe.`,
      "Give a .c file or a folder of .c files.",
    );
  if (/^(\xff\xfe|\xfe\xff)/.test(bytes.toString("latin1", 0, 2)))
    throw new Failure(`${quoted(path)} is text in UTF-16.`, "Save it as UTF-8.");
  if (bytes.includes(0))
    throw new Failure(
      `${quoted(path)} is not a C source file: it holds binary data.`,
      "Give the source, not what was compiled from it.",
    );
}

/**
 * @param {string} folder
 * @param {string} name
 */
async function subfolder(folder, name) {
  const path = join(folder, name);
  const info = await stat(path).catch(() => null);
  return info?.isDirectory() ? path : null;
}

/**
 * A file's name as a title: "my_first-app" becomes "My first app".
 * @param {string} name
 */
export function humanised(name) {
  const words = name.replace(/[-_\s\p{Cc}]+/gu, " ").trim() || name;
  const [first, ...rest] = words;
  return first.toUpperCase() + rest.join("");
}
