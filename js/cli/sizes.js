// SPDX-License-Identifier: MIT
// The table of sizes at the end of a build.
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";

const compressors = [promisify(gzip), promisify(brotliCompress)];

/**
 * What each file weighs on the wire.
 * @param {Map<string, string | Uint8Array>} site contents by file name
 * @returns {Promise<{ name: string, sizes: number[] }[]>} sizes in bytes: raw, gzip, brotli; the last row is the total
 */
export async function measure(site) {
  /** @type {{ name: string, sizes: number[] }[]} */
  const rows = [];
  for (const [name, content] of site) {
    const bytes = Buffer.from(content);
    const compressed = await Promise.all(compressors.map((compress) => compress(bytes)));
    rows.push({ name, sizes: [bytes, ...compressed].map((b) => b.length) });
  }
  const total = [0, 1, 2].map((column) => rows.reduce((sum, row) => sum + row.sizes[column], 0));
  return [...rows, { name: "total", sizes: total }];
}

/** @param {number} bytes */
export const inBytes = (bytes) => bytes.toLocaleString("en");

/** @param {number} bytes shown in kB of 1,000 bytes */
export const inKilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/**
 * @param {Awaited<ReturnType<typeof measure>>} rows
 * @param {(bytes: number) => string} show a size
 * @returns {string} lines to print
 */
export function sizeTable(rows, show) {
  const width = Math.max(...rows.map((row) => row.name.length));
  const line = (/** @type {string} */ name, /** @type {string[]} */ cells) =>
    `  ${name.padEnd(width)}${cells.map((cell) => cell.padStart(11)).join("")}`;
  return [
    line("", ["raw", "gzip", "brotli"]),
    ...rows.map(({ name, sizes }) => line(name, sizes.map(show))),
  ].join("\n");
}
