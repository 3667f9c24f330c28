// SPDX-License-Identifier: MIT
// What the bench prints.
import { NETWORKS } from "./networks.mjs";
import { OPERATIONS } from "./operations.mjs";
import { geometricMean } from "./statistics.mjs";

/** @typedef {import("./bench.mjs").Report} Report */
/** @typedef {import("./bench.mjs").Result} Result */

const KILOBYTE = 1000;

/**
 * How many times as long as the reference an implementation takes, over all operations by their weights.
 * @param {Result} result
 * @param {Result} reference
 * @param {"total" | "script"} part
 */
export const meanRatio = (result, reference, part) =>
  geometricMean(
    OPERATIONS.map(({ id, weight }) => ({
      value: result.operations[id][part] / reference.operations[id][part],
      weight,
    })),
  );

/**
 * One table: a line for each thing measured, a column for each implementation, and how they compare with the first.
 * @param {string} heading
 * @param {Result[]} results
 * @param {{ title: string, read: (result: Result) => number, digits?: number }[]} lines
 */
function table(heading, results, lines) {
  const width = Math.max(heading.length, ...lines.map(({ title }) => title.length)) + 2;
  const rows = lines.map(({ title, read, digits = 1 }) => {
    const reference = read(results[0]);
    const cells = results.map((result, i) => {
      const ratio = i ? `${(read(result) / reference).toFixed(2)} ×`.padStart(9) : "";
      return read(result).toFixed(digits).padStart(9) + ratio;
    });
    return `  ${title.padEnd(width)}${cells.join("")}`;
  });
  const titles = results.map(({ title }, i) => title.padStart(i ? 18 : 9)).join("");
  return [`\n${heading.padEnd(width + 2)}${titles}`, ...rows].join("\n");
}

/** @param {Report} report */
export function tables({ date, chromium, cores, rounds, results: byName }) {
  const results = Object.values(byName);
  const [reference] = results;
  const versions = results
    .filter(({ version }) => version)
    .map(({ title, version }) => `${title} ${version}`);
  const duration = (/** @type {"total" | "script"} */ part) => [
    ...OPERATIONS.map(({ id, title, throttle }) => ({
      title: throttle > 1 ? `${title}, ${throttle} × slowed down` : title,
      read: (/** @type {Result} */ result) => result.operations[id][part],
    })),
    {
      title: "weighted geometric mean of the ratios",
      read: (/** @type {Result} */ result) => meanRatio(result, reference, part),
      digits: 3,
    },
  ];
  return [
    `\n${[`Chromium ${chromium}`, ...versions].join(", ")}; ${cores} cores, ${date}. Median of ${rounds} rounds.`,
    table("Click to paint, ms", results, duration("total")),
    table("Script of it, ms", results, duration("script")),
    table("Memory, MB of 2^20 bytes", results, [
      { title: "ready", read: ({ memory }) => memory.ready, digits: 2 },
      { title: "1,000 rows", read: ({ memory }) => memory.rows1k, digits: 2 },
      { title: "10,000 rows", read: ({ memory }) => memory.rows10k, digits: 2 },
    ]),
    table("Transferred, kB by Brotli", results, [
      { title: "hello world", read: ({ bytes }) => bytes.hello / KILOBYTE },
      { title: "rows", read: ({ bytes }) => bytes.rows / KILOBYTE },
    ]),
    table(
      "Navigation to content, ms",
      results,
      Object.entries(NETWORKS).flatMap(([network, { title }]) => [
        { title: `hello world, ${title}`, read: ({ start }) => start[network].hello, digits: 0 },
        { title: `1,000 rows, ${title}`, read: ({ start }) => start[network].rows, digits: 0 },
      ]),
    ),
  ].join("\n");
}
