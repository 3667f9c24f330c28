// SPDX-License-Identifier: MIT
// Which files a compile can read: the sources and, in turn, all that they name in an #include. The
// embedded compiler is given these and no others; a development server watches them; and they tell
// whether an app uses cJSON.
import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ToolchainError } from "./errors.mjs";

const NAMED =
  /(?:#\s*(?:include|include_next|import|embed)|__has_include|__has_embed)\s*\(?\s*(?:"([^"\n]+)"|<([^>\n]+)>)/g;
const COMPUTED = /#\s*(?:include|embed)\s+[A-Za-z_]/;
const STRING = /"([^"\n]+)"|<([^<>\n]+)>/g;

/**
 * Conditions are not evaluated, so the list may hold more than a compile reads.
 * @param {string[]} sources absolute paths
 * @param {string[]} includeDirs absolute paths, searched in this order
 * @returns {Promise<{ files: Map<string, Uint8Array>, missing: Set<string> }>} the files by absolute path,
 *   and the names that none of the folders has: headers of libc, and the misspelt
 * @throws {ToolchainError} when a source cannot be read
 */
export async function findIncludes(sources, includeDirs) {
  /** @type {Map<string, Uint8Array>} */
  const files = new Map();
  /** @type {Set<string>} */
  const missing = new Set();

  /** @param {string} path */
  const visit = async (path) => {
    if (files.has(path)) return true;
    const bytes = await readIfFile(path);
    if (!bytes) return false;
    files.set(path, bytes);
    const text = bytes.toString();
    // A file that computes what it includes may mean any of the names in it.
    for (const [, quoted, angled] of text.matchAll(COMPUTED.test(text) ? STRING : NAMED)) {
      const folders = quoted ? [dirname(path), ...includeDirs] : includeDirs;
      const name = /** @type {string} */ (quoted ?? angled);
      let found = false;
      // All, not only the first: #include_next goes on from there.
      for (const folder of folders) found = (await visit(resolve(folder, name))) || found;
      if (!found) missing.add(name);
    }
    return true;
  };

  for (const source of sources)
    if (!(await visit(source))) throw new ToolchainError(`${source} cannot be read. Is its name right?`);
  return { files, missing };
}

/** @param {string} path */
async function readIfFile(path) {
  try {
    return (await stat(path)).isFile() ? await readFile(path) : null;
  } catch {
    return null;
  }
}
