// SPDX-License-Identifier: MIT
// ./build.sh size: what a visitor of the countdown example downloads, and what takes it.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "../../js/cli/build.js";

const BUDGET = 16_000; // bytes of brotli over everything that is transferred

const folder = await mkdtemp(join(tmpdir(), "kapok-size-"));
try {
  const out = join(folder, "site");
  await build(new URL("../../web/examples/countdown", import.meta.url).pathname, { out, quiet: true });
  const names = (await readdir(out, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && [".html", ".js", ".css", ".wasm"].includes(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
    .sort();
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
  if (total[2] > BUDGET) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
