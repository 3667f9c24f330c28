// SPDX-License-Identifier: MIT
// kapok build: an app becomes a folder that any static file server can serve.
import { join } from "node:path";
import { findApp } from "./app.js";
import { Failure, quoted, showProgress, showWarnings, styled } from "./failure.js";
import { checkOutput, writeSite } from "./output.js";
import { buildSite } from "./site.js";
import { inBytes, inKilobytes, measure, sizeTable } from "./sizes.js";
import { weightText } from "./weight.js";

/**
 * @param {string} path the app
 * @param {{ out?: string, base?: string, toolchain?: string, dev?: boolean, quiet?: boolean, report?: boolean }} options
 */
export async function build(path, { out, base = "./", toolchain, dev, quiet, report }) {
  const app = await findApp(path);
  const folder = out ?? join("dist", app.name);
  const address = normalised(base);
  await checkOutput(folder, app);
  /** @type {Map<string, import("../../wasm/weigh.mjs").Weight>} by the module's name */
  const weights = new Map();
  const site = await buildSite(app, {
    base: address,
    toolchain,
    dev,
    onProgress: quiet ? undefined : showProgress,
    onWarning: quiet ? () => {} : showWarnings,
    onWeight: report ? (name, weight) => weights.set(name, weight) : undefined,
  });
  await writeSite(folder, site, app.assets);
  if (!quiet) console.log(`${styled("bold", quoted(folder))} is ready.`);
  if (!quiet || report) console.log(sizeTable(await measure(site), report ? inBytes : inKilobytes));
  for (const [name, weight] of weights) console.log(weightText(name, weight));
}

/**
 * @param {string} base as the user wrote it
 * @returns {string} it as Vite writes it into pages: decoded, so nothing may stand in it that must be escaped there
 * @throws {Failure} when it is not the address of a folder
 */
function normalised(base) {
  if (base === "./") return base;
  const here = "http://kapok.invalid";
  try {
    const { origin, pathname } = new URL(base, here);
    const address = decodeURI((origin === here ? "" : origin) + pathname);
    const isFolder = /^(https?:\/\/[^/]+)?\/([^/?#\\\p{Cc}]+\/)*$/u.test(base);
    if (isFolder && !/["&'<>]/.test(address) && decodeURI(address) === address) return address;
  } catch {
    // It is no address at all.
  }
  throw new Failure(
    `--base ${quoted(base)} is not the address of a folder.`,
    "Give ./ or something like /my-site/, with a slash at both ends.",
  );
}
