// SPDX-License-Identifier: MIT

/** A machine may be busy: what never comes is given up late, in milliseconds. */
const PATIENCE = 120_000;

/**
 * A browser's page that lives as long as the test.
 * @param {import("node:test").TestContext} t
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function newPage(t, browser, options) {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(PATIENCE);
  t.after(() => page.close());
  return page;
}
