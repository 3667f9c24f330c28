// SPDX-License-Identifier: MIT
// ./build.sh bench: a switch of tasks beside `await`, rows beside rows by hand. All in one page of one
// browser and by turns: ratios hold where milliseconds do not.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "../../js/cli/build.js";
import { launchChromium } from "../support/chromium.mjs";
import { serveFiles } from "../support/file_server.mjs";

const SWITCH_ROUNDS = 7;
const ROW_ROUNDS = 60;

const LABELS = {
  create: "create, element by element",
  clone: "create, a row cloned",
  update: "update",
  clear: "clear",
};

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

const folder = await mkdtemp(join(tmpdir(), "kapok-bench-"));
const browser = await launchChromium();
try {
  await build(fileURLToPath(new URL("page", import.meta.url)), { out: join(folder, "site"), quiet: true });
  const server = await serveFiles(join(folder, "site"), { isolated: true });
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(error));
  await page.goto(server.url);
  while ((await page.title()) !== "ready") await new Promise((resolve) => setTimeout(resolve, 50));

  const switches = [];
  for (let i = 0; i < SWITCH_ROUNDS; i++) switches.push(await page.evaluate("measureSwitches()"));
  const awaited = median(switches.map((round) => round.await));
  console.log(
    `\nFrom one task to the next, Chromium ${browser.version()}, median of ${SWITCH_ROUNDS} rounds`,
  );
  console.log(`  JavaScript await    ${awaited.toFixed(0).padStart(5)} ns`);
  for (const frames of [2, 7, 22]) {
    const time = median(switches.map((round) => round.switch[frames]));
    console.log(
      `  ${String(frames).padStart(2)} frames           ${time.toFixed(0).padStart(5)} ns   ${(time / awaited).toFixed(2)} × await`,
    );
  }

  const rounds = [];
  for (let i = 0; i < ROW_ROUNDS; i++) rounds.push(await page.evaluate("measureRows()"));
  console.log(`\n1,000 rows of a row and two texts, script time, median of ${ROW_ROUNDS} rounds`);
  for (const operation of ["create", "clone", "update", "clear"]) {
    const hand = median(rounds.map((round) => round[operation].hand));
    const kapok = median(rounds.map((round) => round[operation].kapok));
    console.log(
      `  ${LABELS[operation].padEnd(26)} by hand ${hand.toFixed(2).padStart(6)} ms   Kapok ${kapok.toFixed(2).padStart(6)} ms   ${(kapok / hand).toFixed(2)} ×`,
    );
  }
  await server.close();
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}
