// SPDX-License-Identifier: MIT
// One measurement of one page each: an operation, the memory it takes, how soon it shows something.
import { openPage, READY } from "./browser.mjs";
import { NETWORKS } from "./networks.mjs";
import { OPERATIONS } from "./operations.mjs";
import { CATEGORIES, readTrace } from "./trace.mjs";

/** @typedef {import("./browser.mjs").Browser} Browser */
/** @typedef {import("./browser.mjs").Context} Context */
/** @typedef {import("./browser.mjs").Driven} Driven */

const MEGABYTE = 2 ** 20;

// A trace ends this long after the page has shown the result, in milliseconds, so that it holds the painting.
const AFTERMATH = 40;

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param {Context} context
 * @param {string} url of a page of rows
 * @param {import("./operations.mjs").Operation} operation
 * @returns {Promise<{ total: number, script: number }>} milliseconds
 */
export async function measureOperation(context, url, { before, step, throttle }) {
  const browser = /** @type {Browser} */ (context.browser());
  const page = await openPage(context, url);
  try {
    await page.until(READY);
    for (const each of before) await page.perform(each);
    await page.session.send("Emulation.setCPUThrottlingRate", { rate: throttle });
    await collectGarbage(page);
    await browser.startTracing(page.page, { screenshots: false, categories: CATEGORIES });
    await page.perform(step);
    await pause(AFTERMATH);
    return readTrace(JSON.parse(`${await browser.stopTracing()}`).traceEvents);
  } finally {
    await page.close();
  }
}

/** @param {Driven} page */
async function collectGarbage({ session }) {
  // Finalisers free more.
  for (let i = 0; i < 3; i++) await session.send("HeapProfiler.collectGarbage");
}

/**
 * @param {Context} context
 * @param {string} url of a page of rows
 * @returns {Promise<{ ready: number, rows1k: number, rows10k: number }>} megabytes of 2^20 bytes: when it can be used,
 *   with 1,000 rows, and with 10,000 in another visit
 */
export async function measureMemory(context, url) {
  /** @param {string[]} ids of operations on a page just loaded */
  const visit = async (ids) => {
    const page = await openPage(context, url);
    try {
      await page.until(READY);
      const sizes = [await memoryOf(page)];
      for (const id of ids) {
        const { step } = /** @type {import("./operations.mjs").Operation} */ (
          OPERATIONS.find((each) => each.id === id)
        );
        await page.perform(id === "create1k" ? { ...step, until: rowCount(1000) } : step);
        sizes.push(await memoryOf(page));
      }
      return sizes;
    } finally {
      await page.close();
    }
  };
  const [ready, rows1k] = await visit(["create1k"]);
  const [, rows10k] = await visit(["create10k"]);
  return { ready, rows1k, rows10k };
}

/**
 * What the browser attributes to the page, and the memories of its WebAssembly, which the browser leaves out.
 * @param {Driven} page
 */
async function memoryOf(page) {
  await pause(AFTERMATH);
  await collectGarbage(page);
  const counted = await page.evaluate(
    "performance.measureUserAgentSpecificMemory().then(({ bytes }) => bytes)",
  );
  const { session } = page;
  const { result } = await session.send("Runtime.evaluate", { expression: "WebAssembly.Memory.prototype" });
  const { objects } = await session.send("Runtime.queryObjects", {
    prototypeObjectId: /** @type {string} */ (result.objectId),
  });
  const linear = await session.send("Runtime.callFunctionOn", {
    objectId: objects.objectId,
    functionDeclaration:
      "function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0); }",
  });
  return (counted + linear.result.value) / MEGABYTE;
}

/** @param {number} rows */
const rowCount = (rows) => `document.querySelector("tbody").childElementCount === ${rows}`;

/** By what is waited for: what is done to the page until it is there, and how it is seen. */
const SIGHTS = {
  hello: { act: "", seen: `document.body?.textContent.includes("Hello, world")` },
  // The earliest click that works.
  rows: {
    act: `document.querySelector("#run")?.click();`,
    seen: `document.querySelector("tbody")?.childElementCount === 1000`,
  },
};

/**
 * The time from the navigation until the page shows what it is for, with nothing in the cache.
 * @param {Browser} browser
 * @param {string} url
 * @param {"hello" | "rows"} kind
 * @param {keyof typeof NETWORKS} network
 * @returns {Promise<number>} milliseconds
 */
export async function measureStart(browser, url, kind, network) {
  const { act, seen } = SIGHTS[kind];
  const { throughput, latency } = NETWORKS[network];
  const context = await browser.newContext();
  try {
    const page = await openPage(context, url, async (page, session) => {
      const conditions = { offline: false, latency, downloadThroughput: throughput, uploadThroughput: -1 };
      await session.send("Network.enable");
      await session.send("Network.emulateNetworkConditions", conditions);
      await page.addInitScript(`{
        const timer = setInterval(() => {
          ${act}
          if (!(${seen})) return;
          clearInterval(timer);
          requestAnimationFrame(() => setTimeout(() => (globalThis.shownAt = performance.now())));
        }, 4);
      }`);
    });
    await page.until("globalThis.shownAt > 0");
    return await page.evaluate("globalThis.shownAt");
  } finally {
    await context.close();
  }
}
