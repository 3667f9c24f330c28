// SPDX-License-Identifier: MIT
// Measures all pages by turns, in one Chromium, so that what disturbs one disturbs the others.
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { measureMemory, measureOperation, measureStart } from "./measure.mjs";
import { NETWORKS } from "./networks.mjs";
import { OPERATIONS } from "./operations.mjs";
import { buildPage, IMPLEMENTATIONS, versionOf } from "./pages.mjs";
import { serve } from "./server.mjs";
import { median } from "./statistics.mjs";

/** @typedef {"rows" | "hello"} Kind */

/** @typedef {{ total: number, script: number }} Duration milliseconds */

/**
 * What was measured of one implementation: medians over all rounds.
 * @typedef {object} Result
 * @property {string} title
 * @property {string} version
 * @property {Record<string, Duration>} operations by their ids
 * @property {{ ready: number, rows1k: number, rows10k: number }} memory megabytes of 2^20 bytes
 * @property {Record<Kind, number>} bytes of all files that a page loads, compressed by Brotli
 * @property {Record<string, Record<Kind, number>>} start milliseconds from the navigation to what the page is for,
 *   by network
 */

/**
 * @typedef {object} Report
 * @property {string} date year-month-day
 * @property {string} chromium its version
 * @property {number} cores
 * @property {number} rounds
 * @property {Record<string, Result>} results by implementation; the first is what the others are compared with
 */

const NETWORK_NAMES = /** @type {(keyof typeof NETWORKS)[]} */ (Object.keys(NETWORKS));
const KINDS = /** @type {const} */ (["rows", "hello"]);

/**
 * @param {string[]} names of implementations
 * @param {number} rounds
 * @param {(text: string) => void} onProgress
 * @returns {Promise<Report>}
 */
export async function measureAll(names, rounds, onProgress) {
  const folder = await mkdtemp(join(tmpdir(), "kapok-bench-dom-"));
  const discard = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", discard);
  try {
    const browser = await launch(folder);
    try {
      const sites = new Map();
      for (const kind of KINDS)
        for (const name of names) {
          onProgress(`building ${kind} of ${IMPLEMENTATIONS[name].title}`);
          sites.set(`/${kind}/${name}/`, join(folder, kind, name));
          await buildPage(name, kind, join(folder, kind, name));
        }
      const server = await serve(sites);
      try {
        return await measureRounds(browser, server, names, rounds, onProgress);
      } finally {
        await server.close();
      }
    } finally {
      await browser.close();
    }
  } finally {
    discard();
    process.off("exit", discard);
  }
}

/**
 * @param {import("./browser.mjs").Browser} browser
 * @param {import("./server.mjs").Server} server
 * @param {string[]} names
 * @param {number} rounds
 * @param {(text: string) => void} onProgress
 * @returns {Promise<Report>}
 */
async function measureRounds(browser, server, names, rounds, onProgress) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const samples = new Samples();
  const started = Date.now();
  for (let round = 0; round < rounds; round++) {
    const left = (((Date.now() - started) / 60_000) * (rounds - round)) / round;
    onProgress(`round ${round + 1} of ${rounds}${round ? `, ${Math.ceil(left)} minutes left` : ""}`);
    // Who begins, changes from round to round.
    const order = names.map((_, i) =>
      stepsOf(names[(i + round) % names.length], browser, context, server, samples),
    );
    for (const i of order[0].keys()) for (const steps of order) await steps[i]();
  }
  return {
    date: new Date().toISOString().slice(0, 10),
    chromium: browser.version(),
    cores: cpus().length,
    rounds,
    results: Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await resultOf(name, samples, server.bytes)])),
    ),
  };
}

/** Everything that was measured, by what it is. */
class Samples {
  /** @type {Map<string, number[]>} */
  #values = new Map();

  /**
   * @param {string[]} what
   * @param {number} value
   */
  note(what, value) {
    const key = what.join();
    this.#values.set(key, [...(this.#values.get(key) ?? []), value]);
  }

  /** @param {...string} what */
  median(...what) {
    return median(/** @type {number[]} */ (this.#values.get(what.join())));
  }
}

/**
 * All that one round does for one implementation, as steps that those of the others are put between.
 * @param {string} name
 * @param {import("./browser.mjs").Browser} browser
 * @param {import("./browser.mjs").Context} context
 * @param {import("./server.mjs").Server} server
 * @param {Samples} samples
 */
function stepsOf(name, browser, context, server, samples) {
  const rows = `${server.url}/rows/${name}/`;
  return [
    ...OPERATIONS.map((operation) => async () => {
      const { total, script } = await measureOperation(context, rows, operation);
      samples.note([name, operation.id, "total"], total);
      samples.note([name, operation.id, "script"], script);
    }),
    async () => {
      const memory = await measureMemory(context, rows);
      for (const [when, size] of Object.entries(memory)) samples.note([name, "memory", when], size);
    },
    ...NETWORK_NAMES.flatMap((network) =>
      KINDS.map((kind) => async () => {
        const time = await measureStart(browser, `${server.url}/${kind}/${name}/`, kind, network);
        samples.note([name, network, kind], time);
      }),
    ),
  ];
}

/**
 * @param {string} name
 * @param {Samples} samples
 * @param {Map<string, number>} bytes of each file that was loaded, by path
 * @returns {Promise<Result>}
 */
async function resultOf(name, samples, bytes) {
  const median = (/** @type {string[]} */ ...what) => samples.median(name, ...what);
  const sizeOf = (/** @type {Kind} */ kind) =>
    [...bytes].reduce((sum, [path, size]) => sum + (path.startsWith(`/${kind}/${name}/`) ? size : 0), 0);
  return {
    title: IMPLEMENTATIONS[name].title,
    version: await versionOf(name),
    operations: Object.fromEntries(
      OPERATIONS.map(({ id }) => [id, { total: median(id, "total"), script: median(id, "script") }]),
    ),
    memory: {
      ready: median("memory", "ready"),
      rows1k: median("memory", "rows1k"),
      rows10k: median("memory", "rows10k"),
    },
    bytes: { rows: sizeOf("rows"), hello: sizeOf("hello") },
    start: Object.fromEntries(
      NETWORK_NAMES.map((network) => [
        network,
        { rows: median(network, "rows"), hello: median(network, "hello") },
      ]),
    ),
  };
}
