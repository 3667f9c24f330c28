// SPDX-License-Identifier: MIT
// Every example, built by every toolchain, published, and used in a real browser under a sub-path
// of a server that knows nothing but files. The browser's clock is the tests' to move.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "../../js/cli/build.js";
import { launchChromium } from "../support/chromium.mjs";
import { serveFiles } from "../support/file_server.mjs";

const EXAMPLES = fileURLToPath(new URL("../../web/examples/", import.meta.url));
const TOOLCHAINS = ["emscripten", "wasi", "embedded"];

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {string} */
let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kapok-examples-"));
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/**
 * @typedef {object} Visit
 * @property {import("playwright-core").Page} page
 * @property {string[]} console "level: text", a line each
 * @property {(milliseconds: number) => Promise<void>} pass lets time pass
 * @property {(text: string) => Promise<number>} count how often a text is shown
 * @property {string[]} requests paths
 */

/**
 * Builds an example, opens it and lets a test use it. Afterwards nothing may have been refused by the
 * content security policy, and no request may have failed but those that the test allows.
 * @param {string} toolchain
 * @param {string} name
 * @param {(visit: Visit) => Promise<void>} use
 * @param {{ failing?: RegExp }} [allowed]
 */
async function visit(toolchain, name, use, { failing } = {}) {
  const out = join(folder, `${toolchain}-${name}`);
  await build(join(EXAMPLES, name), { out, toolchain, quiet: true });
  const server = await serveFiles(out, { below: "/any/sub/path/" });
  const context = await browser.newContext();
  const page = await context.newPage();
  /** @type {string[]} */
  const lines = [];
  /** @type {string[]} */
  const troubles = [];
  page.on("console", (message) => lines.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("response", (response) => {
    if (response.status() >= 400 && !response.url().endsWith("favicon.ico") && !failing?.test(response.url()))
      troubles.push(`${response.status()} ${response.url()}`);
  });
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(`CSP: ${event.violatedDirective}`));
  });
  try {
    await page.clock.install({ time: 0 });
    await page.clock.pauseAt(1000);
    await page.goto(server.url, { waitUntil: "load" });
    await use({
      page,
      console: lines,
      pass: async (milliseconds) => {
        await settle(page);
        await page.clock.runFor(milliseconds);
        await settle(page);
      },
      count: (text) => page.getByText(text, { exact: true }).count(),
      requests: server.requests,
    });
    assert.deepEqual(troubles, []);
    assert.deepEqual(
      lines.filter((line) => line.includes("CSP")),
      [],
    );
    assert.ok(server.requests.every((path) => path.startsWith("/any/sub/path/") || path === "/favicon.ico"));
  } finally {
    await context.close();
    await server.close();
  }
}

/** Lets the tasks that are ready run: their hops are real messages, which no clock holds up. */
async function settle(/** @type {import("playwright-core").Page} */ page) {
  await page.evaluate(async () => {
    for (let i = 0; i < 5; i++) {
      await new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = resolve;
        port2.postMessage(0);
      });
    }
  });
}

for (const toolchain of TOOLCHAINS) {
  describe(toolchain, () => {
    test("hello_async: the page lives while main waits", () =>
      visit(toolchain, "hello_async", async ({ page, pass, count }) => {
        await pass(0);
        assert.equal(await page.title(), "Hello, async");
        await pass(999);
        assert.equal(await count("Hello, async world!"), 0);
        assert.equal(await page.evaluate(() => 6 * 7), 42);
        await pass(1);
        assert.equal(await count("Hello, async world!"), 1);
      }));

    test("page_resize: shows and prints each new size", () =>
      visit(toolchain, "page_resize", async ({ page, console, count, pass }) => {
        await page.setViewportSize({ width: 640, height: 480 });
        await page.getByText("640 × 480").waitFor();
        await page.setViewportSize({ width: 800, height: 300 });
        await page.getByText("800 × 300").waitFor();
        await pass(0);
        assert.equal(await count("640 × 480"), 0);
        assert.ok(console.includes("log: 640 × 480"));
        assert.ok(console.includes("log: 800 × 300"));
      }));

    test("async_handler: three calls deep, busy until done", () =>
      visit(toolchain, "async_handler", async ({ page, pass, count }) => {
        const button = page.getByRole("button", { name: "Say hello!" });
        await button.click();
        assert.equal(await button.getAttribute("aria-busy"), "true");
        await pass(999);
        assert.equal(await count("Hello!"), 0);
        await pass(1);
        assert.equal(await count("Hello!"), 1);
        assert.notEqual(await button.getAttribute("aria-busy"), "true");
      }));

    test("on_error: hears of a task, an image and a crash, and goes on", () =>
      visit(
        toolchain,
        "on_error",
        async ({ page, pass }) => {
          await page.getByRole("button", { name: "Fail in a task" }).click();
          await pass(100);
          await page.getByText("read_settings of page failed: not found [-7]").waitFor();
          await page.getByRole("button", { name: "Crash" }).click();
          await pass(100);
          await page.getByText(/click of button failed: the task crashed .*\[-10\]/).waitFor();
          await page.getByRole("button", { name: "Fail in an image" }).click();
          await page.getByText(/image failed.*missing\.png.*\[-8\]/i).waitFor();
          await page.getByRole("button", { name: "Fail in a task" }).click();
          await pass(100);
          assert.equal(await page.getByText("read_settings of page failed").count(), 2);
        },
        { failing: /missing\.png$/ },
      ));

    test("delayed_hello: each greeting a second after its own click", () =>
      visit(toolchain, "delayed_hello", async ({ page, pass, count }) => {
        const button = page.getByRole("button", { name: "Say hello with delay!" });
        for (let i = 0; i < 5; i++) {
          await button.click();
          await pass(100);
        }
        await pass(499);
        assert.equal(await count("Hello!"), 0);
        await pass(1);
        for (let i = 1; i < 5; i++) {
          assert.equal(await count("Hello!"), i);
          await pass(99);
          assert.equal(await count("Hello!"), i);
          await pass(1);
        }
        assert.equal(await count("Hello!"), 5);
        await pass(5000);
        assert.equal(await count("Hello!"), 5);
      }));

    test("countdown: two timers tick; one leaves, and its task ends", () =>
      visit(toolchain, "countdown", async ({ page, pass, count }) => {
        await page.getByText("02:00", { exact: true }).waitFor();
        assert.equal(await count("01:00"), 1);
        await pass(1000);
        assert.equal(await count("01:59"), 1);
        assert.equal(await count("00:59"), 1);
        await page.getByRole("button", { name: "Remove the first" }).click();
        await pass(0);
        assert.equal(await count("01:59"), 0);
        assert.equal(await count("A countdown ended with 119 seconds left."), 1);
        await pass(59_000);
        assert.equal(await count("Time's up"), 1);
        assert.equal(await page.getByText(/^\d\d:\d\d$/).count(), 0);
      }));

    test("embedded: two apps in a page of its own", () =>
      visit(toolchain, "embedded", async ({ page, pass, count }) => {
        await page.getByRole("button", { name: "Click me" }).click();
        await page.getByRole("button", { name: "Click me" }).click();
        await page.getByText("Clicks: 2").waitFor();
        await pass(1000);
        assert.equal(await page.locator("#rocket").innerText(), "2");
        await pass(1000);
        await pass(1000);
        await page.getByText("Lift-off!").waitFor();
        await page.getByText("The program has ended with status 0.").waitFor();
        await page.getByRole("button", { name: "Unmount the counter" }).click();
        assert.equal(
          await page.locator("#counter").evaluate((element) => element.outerHTML),
          '<div id="counter" class="app"><p>The counter has not been mounted.</p></div>',
        );
        await page.getByRole("button", { name: "Mount the counter" }).click();
        await page.getByText("Not clicked yet").waitFor();
        assert.equal(await count("And this is ordinary HTML again."), 1);
      }));

    test("search_box: asks when the user pauses, and forgets what was asked before", () =>
      visit(
        toolchain,
        "search_box",
        async ({ page, pass, count, requests }) => {
          const asked = () => requests.filter((path) => path.endsWith("trees.txt")).length;
          const field = page.getByRole("searchbox", { name: "Find a tree" });
          await field.pressSequentially("ba");
          await pass(299);
          await field.pressSequentially("o");
          await pass(299);
          assert.equal(asked(), 0);
          await pass(1);
          await page.getByText("Baobab").waitFor();
          assert.equal(asked(), 1);
          await field.fill("bamboo");
          await pass(300);
          await page.getByText("There is no such tree.").waitFor();
          assert.equal(await count("Baobab"), 0);

          // An answer that does not come in time, and one that comes when something else was asked meanwhile.
          /** @type {(() => void)[]} */
          const answers = [];
          await page.route("**/trees.txt", async (route) => {
            await new Promise((resolve) => answers.push(() => resolve(null)));
            await route.continue().catch(() => {});
          });
          await field.fill("oak");
          await pass(300);
          await field.fill("elm");
          await pass(300);
          await pass(4999);
          assert.equal(await count("There is no such tree."), 1);
          await pass(1);
          await page.getByText("That takes too long.").waitFor();
          for (const answer of answers) answer();
          await pass(1000);
          assert.equal(await count("Oak"), 0);
          await page.unroute("**/trees.txt");
          await page.route("**/trees.txt", (route) => route.fulfill({ status: 503 }));
          await field.fill("yew");
          await pass(300);
          await page.getByText("The list of trees is not there (503).").waitFor();
        },
        { failing: /trees\.txt$/ },
      ));

    test("rows: as js-framework-benchmark asks; nodes follow their data", () =>
      visit(toolchain, "rows", async ({ page }) => {
        const rows = page.locator("#tbody > tr");
        const cell = (/** @type {number} */ row, /** @type {number} */ column) =>
          rows.nth(row).locator("td").nth(column);
        /** The nodes that stood at these places, and stand where else now, are marked. @param {number[]} places */
        const mark = (...places) =>
          rows.evaluateAll(
            (all, places) => places.forEach((i) => /** @type {any} */ (all[i].mark = i)),
            places,
          );
        const marks = () =>
          rows.evaluateAll((all) =>
            all.flatMap((row, i) => ("mark" in row ? [`${/** @type {any} */ (row).mark}→${i}`] : [])),
          );

        await page.click("#run");
        assert.equal(await rows.count(), 1000);
        const markup = await rows.first().evaluate((row) => row.outerHTML.replace(/<a>[^<]+</, "<a>…<"));
        assert.equal(
          markup,
          '<tr><td class="col-md-1">1</td><td class="col-md-4"><a>…</a></td><td class="col-md-1"><a>' +
            '<span class="glyphicon glyphicon-remove" aria-hidden="true"></span></a></td>' +
            '<td class="col-md-6"></td></tr>',
        );
        const label = await cell(10, 1).innerText();
        await page.click("#update");
        assert.equal(await cell(10, 1).innerText(), `${label} !!!`);

        await mark(1, 2, 998);
        await page.click("#swaprows");
        assert.deepEqual(await marks(), ["998→1", "2→2", "1→998"]);
        assert.equal(await cell(998, 0).innerText(), "2");

        await cell(2, 1).locator("a").click();
        await cell(3, 1).locator("a").click();
        assert.deepEqual(
          await rows.evaluateAll((all) => all.flatMap((row, i) => (row.className ? [i, row.className] : []))),
          [3, "danger"],
        );
        await cell(1, 2).locator("span").click();
        assert.deepEqual(await marks(), ["2→1", "1→997"]);

        await page.click("#add");
        assert.equal(await rows.count(), 1999);
        assert.deepEqual(await marks(), ["2→1", "1→997"]);
        await page.click("#run");
        assert.equal(await rows.count(), 1000);
        assert.deepEqual(await marks(), []);
        assert.equal(await cell(0, 0).innerText(), "2001");
        await page.click("#clear");
        assert.equal(await rows.count(), 0);
        await page.click("#runlots");
        assert.equal(await rows.count(), 10000);
      }));

    test("json_view: a tree, or where the mistake is", () =>
      visit(toolchain, "json_view", async ({ page }) => {
        await page.getByText("star: “Sun”").waitFor();
        await page.getByText("moons: 274").waitFor();
        await page.getByText("discovered by nobody: null").waitFor();
        await page.getByRole("button", { name: "broken.json" }).click();
        await page.getByText("broken.json:5:23: this is not JSON").waitFor();
        await page.getByRole("button", { name: "planets.json" }).click();
        await page.getByText("moons: 274").waitFor();
      }));
  });
}
