// SPDX-License-Identifier: MIT
// Results that are costly to make, kept by what they were made from. Safe for several builds at once:
// an entry appears whole or not at all, and one that is not what it was is made again.
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { ToolchainError } from "./errors.mjs";

const HASH_BYTES = 32;

/** Where entries are kept: KAPOK_CACHE, or a folder of the user's cache. */
export function cacheFolder() {
  const { KAPOK_CACHE, XDG_CACHE_HOME } = process.env;
  return KAPOK_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "kapok");
}

/**
 * A hash of all parts, in which no two lists of parts come out equal by accident.
 * @param {...(string | Uint8Array)} parts
 */
export function hashOf(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(createHash("sha256").update(part).digest());
  return hash.digest("hex");
}

/**
 * The entry of this kind and key; when there is none, or it is damaged, makes it.
 * @param {string} kind a word for the file's name
 * @param {string} key from hashOf
 * @param {() => Promise<Uint8Array>} make
 * @returns {Promise<Uint8Array>}
 */
export async function cached(kind, key, make) {
  const path = join(cacheFolder(), `${kind}-${key}`);
  const entry = await readFile(path).catch(() => null);
  const content = entry?.subarray(HASH_BYTES);
  if (entry && content && sha256(content).equals(entry.subarray(0, HASH_BYTES))) return content;
  const made = await make();
  await store(path, made);
  return made;
}

/**
 * @param {string} path
 * @param {Uint8Array} content
 */
async function store(path, content) {
  const temporary = `${path}.${randomUUID()}`;
  try {
    await mkdir(cacheFolder(), { recursive: true });
    await writeFile(temporary, Buffer.concat([sha256(content), content]));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw new ToolchainError(
      `The build's cache cannot be written: ${/** @type {Error} */ (error).message}\n` +
        "Free some space, or set KAPOK_CACHE to a folder that can be written.",
    );
  }
}

/** @param {Uint8Array} bytes */
function sha256(bytes) {
  return createHash("sha256").update(bytes).digest();
}
