// SPDX-License-Identifier: MIT
// Runs a module in a process of its own, since one whose switch is broken may never return: prints what
// it prints, and on stderr what went wrong.
import { readFile } from "node:fs/promises";
import { loadWasm } from "../../js/testing/index.js";

const PATIENCE = 24 * 3600_000; // virtual

const app = await loadWasm(await readFile(process.argv[2]), { errors: "collect" });
try {
  await app.advance(PATIENCE);
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
} finally {
  for (const { level, text } of app.console) if (level === "stdout") console.log(text);
  await app.close();
}
