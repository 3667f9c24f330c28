// SPDX-License-Identifier: MIT
// The files that are part of a program: a folder becomes a C source that defines kp_files.
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * All files below a folder, sorted by path, with "/" between their parts. Hidden files are left out,
 * and so are links, which could lead outside.
 * @param {string} folder
 * @param {string} [below]
 * @returns {Promise<string[]>}
 */
async function listFiles(folder, below = "") {
  const found = [];
  for (const name of await readdir(join(folder, below))) {
    if (name.startsWith(".")) continue;
    const path = below ? `${below}/${name}` : name;
    const stat = await lstat(join(folder, path));
    if (stat.isDirectory()) found.push(...(await listFiles(folder, path)));
    else if (stat.isFile()) found.push(path);
  }
  return found.sort();
}

/**
 * A C string literal of any bytes, 32 a line.
 * @param {Uint8Array} bytes
 */
function literal(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 32) {
    const octal = [...bytes.subarray(at, at + 32)].map((byte) => "\\" + byte.toString(8).padStart(3, "0"));
    lines.push(`"${octal.join("")}"`);
  }
  return lines.join("\n") || '""';
}

/**
 * @param {string} folder that holds the files
 * @returns {Promise<string | undefined>} a C source, or nothing when there is no such folder
 */
export async function filesSource(folder) {
  let paths;
  try {
    paths = await listFiles(folder);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return undefined;
    throw error;
  }
  const contents = await Promise.all(paths.map((path) => readFile(join(folder, path))));
  return [
    "#include <kapok.h>",
    ...contents.map((bytes, i) => `static const char file_${i}[] = ${literal(bytes)};`),
    "const kp_file kp_files[] = {",
    ...paths.map((path, i) => `{ ${literal(Buffer.from(path))}, file_${i}, sizeof file_${i} - 1 },`),
    "{ NULL, NULL, 0 } };",
    "",
  ].join("\n");
}
