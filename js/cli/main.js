#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Starts the command line. All else is loaded late, so that what is missing or too old is told in plain words.
import { readFileSync } from "node:fs";
import { constants } from "node:os";

const { engines } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
const [major, minor] = numbersIn(process.versions.node);
const [leastMajor, leastMinor] = numbersIn(engines.node);

/** @param {string} version */
function numbersIn(version) {
  return (version.match(/\d+/g) ?? []).map(Number);
}

if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
  console.error(
    `error: This is Node.js ${process.versions.node}, which is too old.\n` +
      `Kapok needs ${leastMajor}.${leastMinor} or newer: see nodejs.org.`,
  );
  process.exit(1);
}

// Leaving by exit() lets the commands remove their temporary files.
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
  process.once(signal, () => process.exit(128 + constants.signals[signal]));

const { report } = await import("./failure.js");
try {
  const { main } = await import("./commands.js");
  await main(process.argv);
} catch (error) {
  process.exit(report(error));
}
