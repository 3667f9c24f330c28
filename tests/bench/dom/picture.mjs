// SPDX-License-Identifier: MIT
// Draws what was measured: four charts of bars, in an SVG that follows the reader's light or dark and can be read aloud.
import { NETWORKS } from "./networks.mjs";
import { meanRatio } from "./tables.mjs";

/** @typedef {import("./bench.mjs").Report} Report */
/** @typedef {import("./bench.mjs").Result} Result */

// Lengths are the picture's own units.
const WIDTH = 800;
const COLUMN = WIDTH / 2;
const LABEL = 64; // the names' column
const BAR = 230; // the longest bar
const LINE = 22;
const HEADING = 34;
const GAP = 18;
const FOOT = 24;

const STYLE = `
text { font: 13px system-ui, sans-serif; fill: #24292f }
.heading { font-weight: 600 }
.foot { font-size: 11px; fill: #57606a }
.name { text-anchor: end }
rect { fill: #afb8c1 }
.own { fill: #11786a }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .foot { fill: #9198a1 }
  rect { fill: #656c76 }
  .own { fill: #3fb5a3 }
}
`;

/**
 * @typedef {object} Chart
 * @property {string} title
 * @property {(result: Result) => number} read
 * @property {(value: number) => string} say a value with its unit
 */

/**
 * @param {Result} reference
 * @returns {Chart[]}
 */
const charts = (reference) => [
  {
    title: `Click to paint, nine operations`,
    read: (result) => meanRatio(result, reference, "total"),
    say: (value) => `${value.toFixed(2)} ×`,
  },
  {
    title: "Memory with 1,000 rows",
    read: ({ memory }) => memory.rows1k,
    say: (value) => `${value.toFixed(1)} MB`,
  },
  {
    title: "Page of rows, transferred",
    read: ({ bytes }) => bytes.rows / 1000,
    say: (value) => `${value.toFixed(1)} kB`,
  },
  {
    title: `Hello world shown, ${NETWORKS.slow4g.title}`,
    read: ({ start }) => start.slow4g.hello / 1000,
    say: (value) => `${value.toFixed(2)} s`,
  },
];

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** @param {number} length */
const rounded = (length) => Math.round(length * 10) / 10;

/**
 * @param {Chart} chart
 * @param {[name: string, result: Result][]} results
 * @param {number} x
 * @param {number} y
 */
function drawChart({ title, read, say }, results, x, y) {
  const longest = Math.max(...results.map(([, result]) => read(result)));
  const bars = results.map(([name, result], i) => {
    const top = HEADING + i * LINE;
    const width = Math.max(1, rounded((read(result) / longest) * BAR));
    return [
      `<text class="name" x="${LABEL}" y="${top + 12}">${escaped(result.title)}</text>`,
      `<rect${name === "kapok" ? ' class="own"' : ""} x="${LABEL + 8}" y="${top}" width="${width}" height="15" rx="2"/>`,
      `<text x="${LABEL + 14 + width}" y="${top + 12}">${say(read(result))}</text>`,
    ].join("");
  });
  const heading = `<text class="heading" x="8" y="18">${escaped(title)}</text>`;
  return `<g transform="translate(${x} ${y})">${heading}\n${bars.join("\n")}</g>`;
}

/**
 * @param {Report} report
 * @returns {string} the SVG
 */
export function draw({ date, chromium, rounds, results: byName }) {
  const results = Object.entries(byName);
  const all = charts(results[0][1]);
  const height = HEADING + results.length * LINE + GAP;
  const spoken = all.map(
    ({ title, read, say }) =>
      `${title}: ${results.map(([, result]) => `${result.title} ${say(read(result))}`).join(", ")}.`,
  );
  const versions = results.flatMap(([, { title, version }]) => (version ? [`${title} ${version}`] : []));
  const foot = `Less is better. ${[...versions, `Chromium ${chromium}`].join(", ")}; median of ${rounds} rounds, ${date}.`;
  const whole = 2 * height + FOOT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${whole}" width="${WIDTH}" height="${whole}" role="img" aria-labelledby="title desc">`,
    `<title id="title">A table of rows by hand, by Kapok and by other libraries</title>`,
    `<desc id="desc">${escaped([...spoken, foot].join(" "))}</desc>`,
    `<style>${STYLE}</style>`,
    ...all.map((chart, i) => drawChart(chart, results, (i % 2) * COLUMN, Math.floor(i / 2) * height)),
    `<text class="foot" x="8" y="${whole - 8}">${escaped(foot)}</text>`,
    "</svg>\n",
  ].join("\n");
}
