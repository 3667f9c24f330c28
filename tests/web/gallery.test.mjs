// SPDX-License-Identifier: MIT
// A page with all controls can be used by everybody: with assistive technology, in the dark, on a phone.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "../../js/cli/build.js";
import { usedControls } from "../../wasm/used_controls.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { serveFiles } from "../support/file_server.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** @type {string} */
let folder;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {{url: string, close: () => Promise<void>}} */
let server;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "kapok-gallery-"));
  [browser] = await Promise.all([
    launchChromium(),
    build(path("web/examples/gallery"), { out: join(folder, "site"), quiet: true }),
  ]);
  server = await serveFiles(join(folder, "site"), { types: { ".svg": "image/svg+xml" } });
});

after(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** @param {import("playwright-core").BrowserContextOptions} options */
async function open(options) {
  // axe is put into the page by the test, against the page's policy.
  const context = await browser.newContext({ bypassCSP: true, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  await page.goto(server.url);
  await page.getByText("Something").or(page.getByRole("main")).first().waitFor();
  return page;
}

/** @param {import("playwright-core").Page} page */
async function assertAccessible(page) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run());
  assert.deepEqual(
    violations.map((/** @type {any} */ { id, nodes }) => [
      id,
      nodes.map((/** @type {any} */ node) => node.html),
    ]),
    [],
  );
  assert.ok(passes.length > 20);
}

test("it has every control, and ships the style of each", () => {
  const files = readdirSync(join(folder, "site"));
  const wasm = readFileSync(
    join(folder, "site", /** @type {string} */ (files.find((name) => name.endsWith(".wasm")))),
  );
  const sheets = readdirSync(path("src/controls")).filter((name) => name.endsWith(".css"));
  assert.deepEqual(usedControls(wasm), sheets.map((name) => name.slice(0, -".css".length)).sort());
});

for (const colorScheme of /** @type {const} */ (["light", "dark"]))
  for (const width of [1000, 390])
    test(`nothing keeps anybody out, ${colorScheme}, ${width} pixels wide`, async () => {
      const page = await open({ colorScheme, viewport: { width, height: 800 } });
      await assertAccessible(page);
    });

test("also with a theme and a hue that the app chose, and with an error shown", async () => {
  const page = await open({ colorScheme: "light" });
  await page.getByRole("button", { name: "Dark" }).click();
  await page.getByRole("button", { name: "Violet" }).click();
  await page.getByLabel("Email").fill("nonsense");
  await page.getByLabel("Email").blur();
  await page.getByText("An address has an @ in it.").waitFor();
  assert.equal(await page.getByLabel("Email").getAttribute("aria-invalid"), "true");
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.match(background, /oklch\(0\.18 0\.01 310\)/);
  await assertAccessible(page);
});

describe("on a phone", () => {
  for (const width of [390, 320])
    test(`nothing is wider than ${width} pixels`, async () => {
      const page = await open({ viewport: { width, height: 700 } });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    });

  test("a finger hits every control", async () => {
    const page = await open({ viewport: { width: 390, height: 700 }, hasTouch: true });
    const small = await page.evaluate(() =>
      [...document.querySelectorAll("button, .kp-checkbox, .kp-text-field > .kp-input")]
        .filter((element) => element.getBoundingClientRect().height < 44)
        .map((element) => element.outerHTML),
    );
    assert.deepEqual(small, []);
  });
});

test("it can be used without a pointer, and the focus can be seen", async () => {
  const page = await open({});
  await page.getByLabel("I have read the terms").focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  const focused = await page.evaluate(() => {
    const element = /** @type {Element} */ (document.activeElement);
    return { text: element.textContent, outline: getComputedStyle(element).outlineWidth };
  });
  assert.deepEqual(focused, { text: "Order", outline: "3px" });
  await page.getByRole("button", { name: "To press" }).press("Enter");
  await page.getByText("The card was pressed.").waitFor();
});

test("how a row's controls stand is not how the lines of their texts do, but for a column's", async () => {
  const page = await open({});
  const aligned = await page.evaluate(() =>
    ["row", "column", "container"].map((kind) => {
      const box = document.body.appendChild(document.createElement("div"));
      box.className = `kp-${kind}`;
      box.dataset.align = "end";
      const text = box.appendChild(document.createElement("p"));
      return [getComputedStyle(box).alignItems, getComputedStyle(text).textAlign];
    }),
  );
  assert.deepEqual(aligned, [
    ["flex-end", "start"],
    ["flex-end", "end"],
    ["flex-end", "end"],
  ]);
  await page.context().close();
});
