// SPDX-License-Identifier: MIT
// A real browser for the tests: Debian's Chromium with an empty profile.
import { chromium } from "playwright-core";

export const CHROMIUM = "/usr/bin/chromium";

/**
 * @param {{ args?: string[], env?: NodeJS.ProcessEnv, storesPages?: boolean }} [options] more arguments; its
 *   environment, default: ours; whether a page that was left is stored, to be shown again as it was
 * @returns {Promise<import("playwright-core").Browser>}
 */
export function launchChromium({ args = [], env = process.env, storesPages = false } = {}) {
  return chromium.launch({
    executablePath: CHROMIUM,
    env,
    ignoreDefaultArgs: storesPages ? ["--disable-back-forward-cache"] : [],
    args: [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...args,
    ],
  });
}
