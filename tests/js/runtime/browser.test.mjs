// SPDX-License-Identifier: MIT
// Tasks in a real browser: beside its frames and its input, in a page that was left and comes back, and after memory
// was destroyed.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "../../../js/cli/build.js";
import { launchChromium } from "../../support/chromium.mjs";
import { serveFiles } from "../../support/file_server.mjs";

/** @type {string} */
let folder;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveFiles>>} */
let server;
/** @type {import("playwright-core").Page} */
let page;
/** @type {string[]} */
let lines;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kapok-browser-"));
  await build(fileURLToPath(new URL("busy", import.meta.url)), {
    out: join(folder, "site"),
    dev: true,
    quiet: true,
  });
  await writeFile(join(folder, "site/other.html"), "<!doctype html><title>Other</title><p>Another page");
  server = await serveFiles(join(folder, "site"));
  browser = await launchChromium({ storesPages: true });
});
after(async () => {
  await browser?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

async function open() {
  page = await (await browser.newContext()).newPage();
  lines = [];
  page.on("console", (message) => lines.push(`${message.type()}: ${message.text()}`));
  await page.goto(server.url);
  await page.getByText(/^tick \d/).waitFor();
}
afterEach(() => page?.context().close());

/** How often something was done, as the page shows it. @param {string} what */
const count = async (what) =>
  Number(/\d+/.exec(await page.getByText(new RegExp(`^${what} \\d+$`)).innerText()));

/** @param {string} what @param {number} than */
async function waitForMore(what, than) {
  while ((await count(what)) <= than) await page.waitForTimeout(5);
}

/** @param {string} name */
const click = (name) => page.getByRole("button", { name }).click();

test("a page that was left goes on when it is back", async () => {
  await open();
  await page.evaluate(() =>
    addEventListener("pageshow", ({ persisted }) => (document.title = `persisted: ${persisted}`)),
  );
  await page.goto(`${server.url}other.html`);
  await page.goBack({ waitUntil: "commit" });
  while ((await page.title()) !== "persisted: true") await page.waitForTimeout(20);
  const [ticks, frames] = [await count("tick"), await count("frame")];
  await waitForMore("tick", ticks + 3);
  await waitForMore("frame", frames + 3);
});

test("what the user does and what draws goes before what computes", async () => {
  await open();
  await click("compute");
  await page.getByText("computing").waitFor();
  await click("measure");
  const label = await page.getByRole("button", { name: /^after \d+ turns$/ }).innerText();
  // In the order in which they became ready it would be all of the 20.
  assert.ok(Number(/\d+/.exec(label)) <= 10, label);
  const first = await count("frame");
  const drawn = await page.evaluate(async () => {
    const wait = () => new Promise(requestAnimationFrame);
    for (let i = 0; i < 30; i++) await wait();
    return 30;
  });
  assert.ok((await count("frame")) - first >= drawn * 0.9);
});

test("the console of a page tells what its tasks are doing", async () => {
  await open();
  await page.evaluate("kapok.dump()");
  const text = lines.join("\n");
  assert.match(text, /info: task \d+ mount of a text: waiting for time\n/);
  assert.match(text, /info: task \d+ mount of a text: waiting for the next frame\n/);
});

test("an app whose memory is destroyed says so, whatever comes, and starts anew", async () => {
  await open();
  for (let round = 0; round < 2; round++) {
    await click("smash");
    const alert = page.getByRole("alertdialog");
    await alert.getByText("The task click wrote past the end of its stack.").waitFor();
    const frames = await count("frame");
    await page.getByText("compute", { exact: true }).dispatchEvent("click"); // no user could, behind the dialog
    assert.equal(await page.getByText("computing").count(), 0);
    await assert.rejects(page.evaluate("kapok.dump()"), /The task click wrote past the end of its stack/);
    assert.equal(await count("frame"), frames);
    await alert.getByRole("button", { name: "Restart" }).click();
    await alert.waitFor({ state: "detached" });
    await waitForMore("tick", 2);
  }
});
