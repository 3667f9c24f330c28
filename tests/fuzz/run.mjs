// SPDX-License-Identifier: MIT
// Runs a module in a process of its own, since one whose switch is broken may never return: prints what
// it prints, and on stderr what went wrong.
import { readFile } from "node:fs/promises";
import { loadWasm } from "../../js/testing/index.js";

const PATIENCE = 24 * 3600_000; // virtual

const app = await loadWasm(await readFile(process.argv[2]), { errors: "collect" });
try {
  await app.advance(PATIENCE);
} finally {
  for (const { level, text } of app.console) if (level === "stdout") console.log(text);
  for (const error of app.errors) console.error(error.message);
  await app.close();
}
