// SPDX-License-Identifier: MIT
// What can be known of the stylesheet without a browser: its colors can be read at every hue, it
// defines what the header promises, and it is small.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { build } from "vite";
import { stylesheet } from "../../wasm/used_controls.mjs";

const read = (/** @type {string} */ path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const base = read("web/style.css");
const colors = Object.keys(JSON.parse(read("src/controls/common.json")).colors);

/**
 * The linear red, green and blue of a color, cut to what a screen can show.
 * @param {string} color as in the stylesheet: #fff or oklch(45% 0.09 hue)
 * @param {number} hue of the theme, in degrees
 */
function linear(color, hue) {
  if (color === "#fff") return [1, 1, 1];
  const parts = /^oklch\(([\d.]+)% ([\d.]+) (.+)\)$/.exec(color);
  assert.ok(parts, `${color} is not of the form that this test can read`);
  const [, lightness, chroma, angle] = parts;
  const radians = ((angle === "var(--kp-hue)" ? hue : Number(angle)) * Math.PI) / 180;
  const [l, a, b] = [
    Number(lightness) / 100,
    Number(chroma) * Math.cos(radians),
    Number(chroma) * Math.sin(radians),
  ];
  const L = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const M = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const S = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * L - 3.3077115913 * M + 0.2309699292 * S,
    -1.2684380046 * L + 2.6097574011 * M - 0.3413193965 * S,
    -0.0041960863 * L - 0.7034186147 * M + 1.707614701 * S,
  ].map((value) => Math.min(1, Math.max(0, value)));
}

/** By WCAG 2. @param {number[]} rgb */
const luminance = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** Of each color, what it is in a light page and in a dark one. */
const tokens = new Map(
  [
    ...base.matchAll(
      /--kp-([a-z-]+):\s*light-dark\(\s*(#fff|oklch\([^()]*(?:\([^()]*\))?\)),\s*(oklch\([^()]*(?:\([^()]*\))?\))\s*\)/g,
    ),
  ].map(([, name, light, dark]) => [name, [light, dark]]),
);

/** @param {string} one @param {string} other @param {number} scheme @param {number} hue */
function contrast(one, other, scheme, hue) {
  const [low, high] = [one, other]
    .map((name) => luminance(linear((tokens.get(name) ?? [])[scheme], hue)))
    .sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

test("the stylesheet defines every color of the header, and no other", () => {
  assert.deepEqual([...tokens.keys()].sort(), colors.map((name) => name.replaceAll("_", "-")).sort());
});

const surfaces = ["surface", "surface-container", "surface-container-high"];
/** @type {[string, string, number][]} */
const pairs = [
  ...["primary", "primary-container", "secondary-container", "error"].map(
    (name) => /** @type {[string, string, number]} */ ([`on-${name}`, name, 4.5]),
  ),
  ...surfaces.flatMap((surface) =>
    /** @type {[string, number][]} */ ([
      ["on-surface", 7],
      ["on-surface-variant", 4.5],
      ["primary", 4.5],
      ["error", 4.5],
      ["outline", 3],
    ]).map(([name, least]) => /** @type {[string, string, number]} */ ([name, surface, least])),
  ),
];

for (const [name, ground, least] of pairs)
  test(`${name} on ${ground} has a contrast of at least ${least}`, () => {
    for (const [scheme, label] of ["light", "dark"].entries())
      for (let hue = 0; hue < 360; hue++) {
        const actual = contrast(name, ground, scheme, hue);
        assert.ok(actual >= least, `${actual.toFixed(2)}, ${label}, hue ${hue}`);
      }
  });

test("every class and every variable that a sheet uses exists", () => {
  const markup = readdirSync(new URL("../../src/controls/", import.meta.url))
    .filter((file) => file.endsWith(".json") && file !== "schema.json")
    .map((file) => read(`src/controls/${file}`))
    .join();
  const scripts = readdirSync(new URL("../../js/runtime/", import.meta.url))
    .map((file) => read(`js/runtime/${file}`))
    .concat(read("web/index.html"))
    .join();
  const css = stylesheet();
  for (const [, name] of css.matchAll(/\.(kp-[a-z-]+)/g))
    assert.ok(`${markup}${scripts}`.includes(name), `nothing has the class ${name}`);
  for (const [, name] of css.matchAll(/var\((--kp-[a-z-]+)/g))
    assert.ok(css.includes(`${name}:`), `${name} is not defined`);
});

/** @param {string[]} [controls] @returns {Promise<number>} bytes, minified and compressed */
async function weight(controls) {
  const id = "virtual:style.css";
  const result = await build({
    configFile: false,
    logLevel: "silent",
    plugins: [
      {
        name: "style",
        resolveId: (name) => (name === id ? id : null),
        load: (name) => (name === id ? stylesheet(controls) : null),
      },
    ],
    build: { write: false, rolldownOptions: { input: id } },
  });
  const { output } = /** @type {import("vite").Rolldown.RolldownOutput} */ (result);
  const sheet = output.find((file) => file.fileName.endsWith(".css"));
  return brotliCompressSync(/** @type {any} */ (sheet).source).length;
}

test("it is small: what the countdown needs below 1.4 kB, all of it below 2.1 kB", async () => {
  const [countdown, all] = [await weight(["button", "column", "text"]), await weight()];
  assert.ok(countdown < 1400, `${countdown} bytes`);
  assert.ok(all < 2100, `${all} bytes`);
  assert.ok(countdown < all);
});
