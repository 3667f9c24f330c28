// SPDX-License-Identifier: MIT
// Mounts and unmounts in a browser, after which everything that can be counted is what it was.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "../../js/cli/build.js";
import { launchChromium } from "../support/chromium.mjs";
import { serveFiles } from "../support/file_server.mjs";

const WARM_UP = 4000; // mounts, until tables and pools have the size that they keep
const PARTS = 5; // after each of which all is counted
// JavaScript's heap is not exact: what it may grow by, in bytes. An object takes 12 at least.
const HEAP = { once: 300_000, perMount: 0.5 };

/**
 * @param {object} options
 * @param {number} options.mounts of controls
 * @param {string} [options.app] folder of the program
 * @param {(text: string) => void} [options.onProgress]
 * @returns {Promise<{ counts: Record<string, number | string>, failure?: string }>}
 */
export async function mounts({
  mounts,
  app = fileURLToPath(new URL("mounts", import.meta.url)),
  onProgress = () => {},
}) {
  const folder = await mkdtemp(join(tmpdir(), "kapok-stress-"));
  const browser = await launchChromium();
  try {
    await build(app, { out: join(folder, "site"), dev: true, quiet: true });
    const server = await serveFiles(join(folder, "site"));
    try {
      const page = await browser.newPage();
      await page.goto(server.url);
      await page.waitForFunction("globalThis.stress");
      return await count(page, mounts, onProgress);
    } finally {
      await server.close();
    }
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {import("playwright-core").Page} page
 * @param {number} mounts
 * @param {(text: string) => void} onProgress
 */
async function count(page, mounts, onProgress) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");

  /** @param {number} mounts */
  async function after(mounts) {
    const told = await page.evaluate((mounts) => /** @type {any} */ (globalThis).stress.run(mounts), mounts);
    for (let i = 0; i < 3; i++) await session.send("HeapProfiler.collectGarbage");
    const { nodes, jsEventListeners, documents } = await session.send("Memory.getDOMCounters");
    const { metrics } = await session.send("Performance.getMetrics");
    const heap = metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? NaN;
    const [inUse, byApp, handles] = told.dumped.match(/\d+/g)?.map(Number) ?? [];
    const counts = {
      "DOM nodes": nodes,
      "event listeners": jsEventListeners,
      documents,
      "bytes of Kapok": inUse,
      "bytes of the app": byApp,
      handles,
      "bytes of WebAssembly": told.wasm,
      "waits that nobody ended": told.forgotten,
    };
    return { counts, heap };
  }

  const start = await after(WARM_UP);
  let done = 0;
  for (let part = 1; part <= PARTS; part++) {
    const step = Math.round((mounts * part) / PARTS) - done;
    const now = await after(step);
    done += step;
    onProgress(`${done} of ${mounts} mounts: ${JSON.stringify(now.counts)}`);
    const changed = Object.entries(start.counts).filter(
      ([name, value]) => /** @type {any} */ (now.counts)[name] !== value,
    );
    const heap = now.heap - start.heap;
    const failure = [
      ...changed.map(
        ([name, value]) =>
          `${name}: ${value}, and ${/** @type {any} */ (now.counts)[name]} after ${done} mounts`,
      ),
      ...(heap > HEAP.once + HEAP.perMount * done
        ? [`JavaScript's heap has grown by ${heap} bytes in ${done} mounts`]
        : []),
    ].join("\n");
    if (failure) return { counts: now.counts, failure };
  }
  return { counts: start.counts };
}
