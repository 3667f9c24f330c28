// SPDX-License-Identifier: MIT
// The figures of ./build.sh bench tasks as a table: each side beside Kapok, and what Kapok aims at.

/** @typedef {import("./measure.js").Figures} Figures */

const SIDES = ["kapok", "javascript", "fibers", "asyncio"];
const HEADS = ["Kapok", "JavaScript", "Emscripten", "asyncio"];

/** @type {Record<string, { label: string, unit: string, digits?: number, atMost?: number, atLeast?: number }>} */
const ROWS = {
  "switch 2": { label: "waits and goes on, 2 frames", unit: "ns", atMost: 40 },
  "switch 7": { label: "waits and goes on, 7 frames", unit: "ns" },
  "switch 22": { label: "waits and goes on, 22 frames", unit: "ns" },
  spawn: { label: "a task begins and ends", unit: "ns" },
  channel: { label: "a message, sent and received", unit: "ns" },
  plain: { label: "a function is called with an event", unit: "ns", digits: 1 },
  handler: { label: "a handler that does not wait adds", unit: "ns", digits: 1, atMost: 10 },
  dispatch: { label: "all of it, by the browser's click()", unit: "ns" },
  "sleeper bytes": { label: "a sleeping task", unit: "bytes", atMost: 1536 },
  "sleeper cancel": { label: "to cancel it", unit: "ns" },
  "nap median": { label: "1 ms of sleep, median", unit: "ms", digits: 1, atMost: 3 },
  "nap p99": { label: "1 ms of sleep, 99th percentile", unit: "ms", digits: 1 },
  frames: { label: "frames a second beside a computation", unit: "fps", atLeast: 50 },
};

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** @param {number} ratio */
const ratioText = (ratio) => (ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0));

/**
 * @param {string} title
 * @param {Figures[]} rounds
 */
export function table(title, rounds) {
  const lines = [
    `\n${title}, median of ${rounds.length} rounds; in brackets the ratio to Kapok`,
    `${" ".repeat(42)}${HEADS.map((head) => head.padStart(16)).join("")}   aim`,
  ];
  for (const [name, { label, unit, digits = 0, atMost, atLeast }] of Object.entries(ROWS)) {
    const values = SIDES.map((side) => {
      const found = rounds.map((round) => round[name]?.[side]).filter((value) => Number.isFinite(value));
      return found.length > 0 ? median(found) : NaN;
    });
    if (values.every((value) => Number.isNaN(value))) continue;
    const own = values[0];
    const cells = values.map((value, i) => {
      if (Number.isNaN(value)) return "".padStart(16);
      const ratio = i > 0 && own > 0 ? ` (${ratioText(value / own)})` : "";
      return (value.toLocaleString("en", { maximumFractionDigits: digits }) + ratio).padStart(16);
    });
    const isMet = own <= (atMost ?? Infinity) && own >= (atLeast ?? 0);
    const bound = atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost.toLocaleString("en")}`;
    const aim = (atMost ?? atLeast) ? `   ${bound} ${unit}: ${isMet ? "met" : "missed"}` : "";
    lines.push(`${label.padEnd(36)}${unit.padStart(6)}${cells.join("")}${aim}`.trimEnd());
  }
  return lines.join("\n");
}
