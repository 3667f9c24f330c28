// SPDX-License-Identifier: MIT
// Temporary folders for the tests of the command line.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * A folder that lives as long as the test.
 * @param {import("node:test").TestContext} t
 * @param {Record<string, string | Uint8Array>} [files] contents by path
 * @returns {string} its absolute path
 */
export function folder(t, files = {}) {
  const path = mkdtempSync(join(realpathSync(tmpdir()), "kapok-test-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}
