// SPDX-License-Identifier: MIT
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { access, constants, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ToolchainError } from "./errors.mjs";

const MAX_OUTPUT = 64 * 1024 * 1024;

/** @type {Set<string>} temporary folders in use */
const folders = new Set();
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * Runs a program without a shell and waits for its end.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ ok: boolean, stdout: string, stderr: string }>}
 * @throws {ToolchainError} when it cannot be started or was killed
 */
export function run(program, args, { cwd, env } = {}) {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { cwd, env, maxBuffer: MAX_OUTPUT }, (error, stdout, stderr) => {
      if (!error || typeof error.code === "number") resolve({ ok: !error, stdout, stderr });
      else reject(new ToolchainError(`${program} did not finish: ${error.signal ?? error.message}`));
    });
    child.stdin?.end();
  });
}

/**
 * @param {string} name of a program
 * @returns {Promise<string | null>} its path, from PATH
 */
export async function which(name) {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, name);
    if (folder && (await isProgram(path))) return path;
  }
  return null;
}

/** @param {string} path */
export async function isProgram(path) {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/**
 * Calls `use` with a new folder, which is removed afterwards, also when the process exits meanwhile.
 * @template T
 * @param {(folder: string) => Promise<T>} use
 */
export async function withFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), "kapok-")); // at once, so that no signal comes before it is noted
  folders.add(folder);
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    folders.delete(folder);
  }
}

/**
 * Array.map with an async function, at most `limit` calls of it at a time. The first failure wins.
 * @template T, R
 * @param {readonly T[]} items
 * @param {number} limit
 * @param {(item: T, index: number) => Promise<R>} map
 * @returns {Promise<R[]>}
 */
export async function mapLimited(items, limit, map) {
  /** @type {R[]} */
  const results = new Array(items.length);
  const entries = items.entries();
  const worker = async () => {
    for (const [index, item] of entries) results[index] = await map(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
