// SPDX-License-Identifier: MIT
// A real browser for the tests: Debian's Chromium with an empty profile.
import { chromium } from "playwright-core";

export const CHROMIUM = "/usr/bin/chromium";

/**
 * @param {{ args?: string[], env?: NodeJS.ProcessEnv }} [options] more arguments; its environment, default: ours
 * @returns {Promise<import("playwright-core").Browser>}
 */
export function launchChromium({ args = [], env = process.env } = {}) {
  return chromium.launch({
    executablePath: CHROMIUM,
    env,
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
