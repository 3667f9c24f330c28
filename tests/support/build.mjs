// SPDX-License-Identifier: MIT
// Building small programs in tests.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findToolchain } from "../../wasm/toolchain.mjs";

/**
 * Why tests of a toolchain must be skipped: it is not on this machine. In CI none may be missing.
 * @param {string} name
 * @returns {Promise<string | false>}
 */
export async function missing(name) {
  if (process.env.CI) return false;
  return findToolchain(name).then(
    () => false,
    (error) => error.message,
  );
}

/**
 * A new folder with these files in it, removed after the test.
 * @param {import("node:test").TestContext} t
 * @param {Record<string, string>} files
 * @returns {Promise<string>}
 */
export async function folderWith(t, files) {
  const folder = await mkdtemp(join(tmpdir(), "kapok-test-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

/**
 * Sets variables of the environment for the rest of the test.
 * @param {import("node:test").TestContext} t
 * @param {Record<string, string | undefined>} variables
 */
export function setEnvironment(t, variables) {
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name];
    const set = (/** @type {string | undefined} */ to) => {
      if (to === undefined) delete process.env[name];
      else process.env[name] = to;
    };
    set(value);
    t.after(() => set(before));
  }
}
