// SPDX-License-Identifier: MIT
// Random changes in a browser, episode by episode; and what the shortest list of steps is that fails.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../js/cli/build.js";
import { launchChromium } from "../support/chromium.mjs";
import { serveFiles } from "../support/file_server.mjs";
import { writeProgram } from "./program.mjs";

/** @typedef {import("./changes/protocol.js").Step} Step */
/** @typedef {import("./changes/functions.js").Outcome} Outcome */
/** @typedef {{ seed?: number, count?: number, list?: Step[] }} Episode */

/** Each begins with an empty page, so that a failure can be repeated from its own seed. */
export const EPISODE = 1000;
const HANG = 60_000; // longer than any episode takes, in milliseconds
const PATIENCE = 40_000; // for making a list shorter, in milliseconds

/**
 * @param {object} options
 * @param {number} options.seed of the first episode; the others have those that follow
 * @param {number} options.steps
 * @param {(text: string) => void} [options.onProgress]
 * @returns {Promise<{ steps: number, failure?: string }>}
 */
export async function change({ seed, steps, onProgress = () => {} }) {
  const folder = await mkdtemp(join(tmpdir(), "kapok-stress-"));
  const browser = await launchChromium();
  try {
    await writeProgram(folder);
    await build(folder, { out: join(folder, "site"), quiet: true });
    const server = await serveFiles(join(folder, "site"));
    try {
      return await episodes(() => openPage(browser, server.url), seed, steps, onProgress);
    } finally {
      await server.close();
    }
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 */
async function openPage(browser, url) {
  const page = await browser.newPage();
  /** @type {(error: Error) => void} */
  let fail;
  const failed = new Promise((_, reject) => (fail = reject));
  failed.catch(() => {});
  page.on("pageerror", (error) => fail(error));
  await page.goto(url);
  await page.waitForFunction("globalThis.stress");
  return {
    /** @param {Episode} episode @returns {Promise<Outcome>} */
    async run(episode) {
      const run = page.evaluate((episode) => /** @type {any} */ (globalThis).stress.run(episode), episode);
      const timer = setTimeout(() => fail(new Error("The page hangs")), HANG);
      try {
        return await Promise.race([run, failed]);
      } catch (error) {
        return { steps: 0, why: `${error}` };
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => page.close(),
  };
}

/** @typedef {() => ReturnType<typeof openPage>} Open */

/**
 * @param {Open} open
 * @param {number} seed
 * @param {number} steps
 * @param {(text: string) => void} onProgress
 */
async function episodes(open, seed, steps, onProgress) {
  const page = await open();
  let done = 0;
  let told = Date.now();
  for (let episode = seed; done < steps; episode++) {
    const count = Math.min(EPISODE, steps - done);
    const outcome = await page.run({ seed: episode, count });
    done += count;
    if (outcome.why) {
      await page.close();
      return {
        steps: done,
        failure: await describe(open, outcome, { first: seed, episode, done, count }, onProgress),
      };
    }
    if (Date.now() - told < 10_000) continue;
    told = Date.now();
    onProgress(`${done} of ${steps} steps`);
  }
  return { steps: done };
}

/**
 * @param {Open} open
 * @param {Outcome} outcome
 * @param {{ first: number, episode: number, done: number, count: number }} where
 * @param {(text: string) => void} onProgress
 */
async function describe(open, { why, steps }, { first, episode, done, count }, onProgress) {
  const alone = await runAlone(open, { seed: episode, count });
  if (alone.why && !alone.history)
    return `${why}\nAgain: ./build.sh stress --seed ${episode} --steps ${count}`;
  if (!alone.why || !alone.history)
    return `${why}\nOnly after what came before: ./build.sh stress --seed ${first} --steps ${done}`;
  onProgress("It fails; making the list of steps shorter");
  const list = await shorten(open, alone.history, kindOf(alone.why));
  const shown = list.map((step) => `  ${JSON.stringify(step)}`).join("\n");
  return `At step ${steps}: ${why}\nAgain: ./build.sh stress --seed ${episode} --steps ${count}\nThe fewest steps that fail:\n${shown}`;
}

/** @param {Open} open @param {Episode} episode */
async function runAlone(open, episode) {
  const page = await open();
  const outcome = await page.run(episode);
  await page.close();
  return outcome;
}

/** So that a shorter list is not one that fails for another reason. @param {string} [why] */
const kindOf = (why) =>
  why?.replace(/(part|of|line|column|row) -?\d+/g, "").replace(/"(\\.|[^"]){12,}"/g, "");

/**
 * @param {Open} open
 * @param {Step[]} list which fails
 * @param {string | undefined} kind
 * @returns {Promise<Step[]>}
 */
async function shorten(open, list, kind) {
  const end = Date.now() + PATIENCE;
  for (let size = Math.ceil(list.length / 2); ; size = Math.ceil(size / 2)) {
    for (let at = 0; at < list.length && Date.now() < end;) {
      const shorter = list.toSpliced(at, size);
      if (kindOf((await runAlone(open, { list: shorter })).why) === kind) list = shorter;
      else at += size;
    }
    if (size === 1) return list;
  }
}
