// SPDX-License-Identifier: MIT
// ./build.sh size: what a browser downloads of the countdown example, and what takes it.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "../../js/cli/build.js";
import { launchChromium } from "../support/chromium.mjs";
import { serveFiles } from "../support/file_server.mjs";

const BUDGET = 16_000; // bytes of brotli over everything that is transferred

const folder = await mkdtemp(join(tmpdir(), "kapok-size-"));
try {
  const out = join(folder, "site");
  await build(fileURLToPath(new URL("../../web/examples/countdown", import.meta.url)), { out, quiet: true });
  const server = await serveFiles(out);
  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.goto(server.url);
  await page.getByRole("button").waitFor();
  await browser.close();
  await server.close();
  const names = [...new Set(server.requests)].map((path) => path.slice(1) || "index.html").sort();
  const total = [0, 0, 0];
  const row = (/** @type {string} */ name, /** @type {number[]} */ sizes) =>
    console.log(name.padEnd(40), ...sizes.map((size) => String(size).padStart(9)));
  console.log("file".padEnd(40), ...["raw", "gzip", "brotli"].map((name) => name.padStart(9)));
  for (const name of names) {
    const bytes = await readFile(join(out, name));
    const sizes = [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length];
    sizes.forEach((size, i) => (total[i] += size));
    row(name, sizes);
  }
  row("total", total);
  const share = ((100 * total[2]) / BUDGET).toFixed(0);
  console.log(`\n${share} % of the budget of ${BUDGET} bytes, brotli.`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
