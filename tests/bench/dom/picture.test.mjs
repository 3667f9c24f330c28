// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Window } from "happy-dom";
import { OPERATIONS } from "./operations.mjs";
import { draw } from "./picture.mjs";

const docs = new URL("../../../web/docs/", import.meta.url);

/**
 * @param {string} title
 * @param {number} factor of all figures
 */
const result = (title, factor) => ({
  title,
  version: factor > 1 ? "1.2.3" : "",
  operations: Object.fromEntries(
    OPERATIONS.map(({ id }) => [id, { total: 50 * factor, script: 5 * factor }]),
  ),
  memory: { ready: factor, rows1k: 2 * factor, rows10k: 20 * factor },
  bytes: { rows: 3000 * factor, hello: 1000 * factor },
  start: {
    unthrottled: { rows: 200 * factor, hello: 100 * factor },
    slow4g: { rows: 2000 * factor, hello: 1000 * factor },
  },
});

const REPORT = {
  date: "2026-01-02",
  chromium: "156.0",
  cores: 2,
  rounds: 10,
  results: { vanilla: result("by hand", 1), kapok: result("Kapok <&>", 2), other: result("Other", 4) },
};

/** @param {string} svg */
function parsed(svg) {
  const { DOMParser } = new Window();
  const document = new DOMParser().parseFromString(svg, "image/svg+xml");
  assert.equal(document.querySelector("parsererror"), null);
  return document;
}

test("bars are as long as the figures are large, Kapok's stand out", () => {
  const document = parsed(draw(REPORT));
  const charts = [...document.querySelectorAll("g")];
  assert.equal(charts.length, 4);
  for (const chart of charts) {
    const bars = [...chart.querySelectorAll("rect")];
    const [first, second, third] = bars.map((bar) => Number(bar.getAttribute("width")));
    assert.ok(first > 0 && second === 2 * first && third === 4 * first);
    assert.deepEqual(
      bars.map((bar) => bar.getAttribute("class")),
      [null, "own", null],
    );
  }
});

test("it can be read aloud: names, figures, date and versions are in its description", () => {
  const svg = parsed(draw(REPORT)).documentElement;
  assert.equal(svg.getAttribute("role"), "img");
  for (const id of (svg.getAttribute("aria-labelledby") ?? "").split(" "))
    assert.ok(svg.querySelector(`#${id}`)?.textContent);
  const spoken = svg.querySelector("desc")?.textContent ?? "";
  for (const word of [
    "by hand 1.00 ×",
    "Kapok <&> 2.00 ×",
    "Other 8.0 MB",
    "Other 12.0 kB",
    "Kapok <&> 2.00 s",
  ])
    assert.ok(spoken.includes(word), `${word} in ${spoken}`);
  for (const word of ["2026-01-02", "Chromium 156.0", "Other 1.2.3"]) assert.ok(spoken.includes(word), word);
});

test("it follows light and dark, and loads nothing", () => {
  const svg = draw(REPORT);
  assert.match(svg, /prefers-color-scheme: dark/);
  assert.doesNotMatch(svg, /<script|<image|href|url\(/);
});

test("README's picture is drawn from the figures beside it", async () => {
  const [figures, picture] = await Promise.all(
    ["bench.json", "bench.svg"].map((name) => readFile(new URL(name, docs), "utf8").catch(() => null)),
  );
  assert.equal(
    picture,
    figures && draw(JSON.parse(figures)),
    "run: ./build.sh bench picture --from web/docs/bench.json",
  );
});
