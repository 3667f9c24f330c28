// SPDX-License-Identifier: MIT
// A page of the bench, driven from outside: nothing of ours runs in it while it is measured.
import { access } from "node:fs/promises";
import { Failure } from "../../../js/cli/failure.js";
import { CHROMIUM, launchChromium } from "../../support/chromium.mjs";

/** What never comes is given up, in milliseconds. */
const PATIENCE = 120_000;

/** @typedef {import("playwright-core").Browser} Browser */
/** @typedef {import("playwright-core").BrowserContext} Context */
/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").CDPSession} Session */

/** @typedef {Awaited<ReturnType<typeof openPage>>} Driven */

/**
 * @param {string} folder for its temporary files, some of which stay when it is ended early
 * @throws {Failure} when there is no Chromium
 */
export async function launch(folder) {
  await access(CHROMIUM).catch(() => {
    throw new Failure(`There is no Chromium at ${CHROMIUM}.`, "Install it: apt install chromium");
  });
  // Else a page is told its memory only after the next collection, which may take a minute.
  const args = ["--enable-blink-features=ForceEagerMeasureMemory"];
  return launchChromium({ args, env: { ...process.env, TMPDIR: folder } });
}

/**
 * @param {Context} context
 * @param {string} url
 * @param {(page: Page, session: Session) => Promise<unknown>} [prepare] called before the page is loaded
 */
export async function openPage(context, url, prepare = async () => {}) {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  /** @type {string[]} */
  const errors = [];
  page.on("pageerror", (error) => errors.push(`${error}`));

  /**
   * @param {string} expression whose value, or promise of one, is plain data
   * @returns {Promise<any>}
   */
  async function evaluate(expression) {
    const options = { expression, returnByValue: true, awaitPromise: true };
    const { result, exceptionDetails } = await session.send("Runtime.evaluate", options);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** @param {string} expression */
  async function until(expression) {
    const deadline = Date.now() + PATIENCE;
    while (!(await evaluate(expression))) {
      if (errors.length || Date.now() > deadline)
        throw new Error(`${url}: ${errors[0] ?? "it takes for ever"} (waiting for ${expression})`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /**
   * A click of the mouse, as a person's.
   * @param {import("./operations.mjs").Step} step
   */
  async function perform({ click, until: condition }) {
    const middle = `(({ x, y, width, height }) => ({ x: x + Math.min(width, 100) / 2, y: y + height / 2 }))`;
    const { x, y } = await evaluate(
      `${middle}(document.querySelector(${JSON.stringify(click)}).getBoundingClientRect())`,
    );
    await page.mouse.click(x, y);
    await until(condition);
  }

  await prepare(page, session);
  await page.goto(url);
  return { page, session, evaluate, until, perform, close: () => page.close() };
}

/** What is true once a page of rows can be used. */
export const READY = `!!document.querySelector("#swaprows") && !!document.querySelector("#tbody")`;
