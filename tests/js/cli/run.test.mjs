// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launchChromium } from "../../support/chromium.mjs";
import { folder } from "./folder.mjs";
import { start } from "./kapok.mjs";
import { newPage } from "./page.mjs";

/** @param {string} text an expression */
const program = (text) => `#include <kapok.h>\nint main(void) { kp_add(kp_page, kp_text(${text})); }\n`;

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => (browser = await launchChromium()));
after(() => browser?.close());

/**
 * Runs an app until the end of the test.
 * @param {import("node:test").TestContext} t
 * @param {string[]} args
 * @param {string} cwd
 */
async function run(t, args, cwd) {
  const temporary = folder(t);
  const session = start(["run", "--port", "0", ...args], { cwd, env: { ...process.env, TMPDIR: temporary } });
  t.after(() => session.child.kill("SIGKILL"));
  const [, url] = await session.printed(/ is at (http:\S+)/);
  return { ...session, url, temporary };
}

/**
 * @param {import("node:test").TestContext} t
 * @param {string} url
 */
async function open(t, url) {
  const page = await newPage(t, browser);
  await page.goto(url);
  return page;
}

test("a save reloads the page; a mistake leaves it and says what the compiler says; its mending is seen", async (t) => {
  const cwd = folder(t, {
    "app/main.c": '#include "text.h"\n' + program("TEXT"),
    "app/text.h": '#define TEXT "one"\n',
    "app/assets/note.txt": "first",
  });
  const { url, child, ended, temporary, output } = await run(t, ["app"], cwd);
  const page = await open(t, url);
  await page.getByText("one", { exact: true }).waitFor();

  writeFileSync(join(cwd, "app/main.c"), program('"two"'));
  await page.getByText("two", { exact: true }).waitFor();

  writeFileSync(join(cwd, "app/main.c"), program('"three", .sise = 1'));
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assert.match(await alert.innerText(), /app\/main\.c:2:\d+: error: .*sise/);
  assert.equal(await page.getByText("two", { exact: true }).count(), 1, "the last good page is still there");
  assert.match(output.stderr, /^app\/main\.c:2:\d+: error: .*sise/m);
  const late = await open(t, url);
  await late.getByText("two", { exact: true }).waitFor();
  await late.getByRole("alert").waitFor();

  // As most editors save: a new file takes the old one's place.
  writeFileSync(join(cwd, "app/main.c.new"), '#include "text.h"\n' + program("TEXT"));
  renameSync(join(cwd, "app/main.c.new"), join(cwd, "app/main.c"));
  await page.getByText("one", { exact: true }).waitFor();
  assert.equal(await alert.count(), 0);

  writeFileSync(join(cwd, "app/text.h"), '#define TEXT "four"\n');
  await page.getByText("four", { exact: true }).waitFor();
  await late.getByText("four", { exact: true }).waitFor();

  const reloaded = page.waitForEvent("load");
  writeFileSync(join(cwd, "app/assets/note.txt"), "second");
  await reloaded;
  assert.equal(await page.evaluate(async () => (await fetch("assets/note.txt")).text()), "second");

  child.kill("SIGINT");
  const { code, stderr } = await ended;
  assert.equal(code, 0, stderr);
  assert.ok(!existsSync(join(cwd, "dist")));
  assert.deepEqual(readdirSync(temporary), [], "nothing is left behind");
});

test("each batch of commands is an entry in the performance tools", async (t) => {
  const source = `#include <kapok.h>
static void change(kp_event *e) { kp_set_label(e->control, "changed"); }
int main(void) { kp_add(kp_page, kp_button("change", .on_click = change)); }
`;
  const { url } = await run(t, ["app.c"], folder(t, { "app.c": source }));
  const page = await newPage(t, browser);
  await page.addInitScript(() => {
    const entries = /** @type {any} */ (globalThis.entries = /** @type {PerformanceEntry[]} */ ([]));
    new PerformanceObserver((list) => entries.push(...list.getEntries())).observe({ type: "measure" });
  });
  await page.goto(url);
  await page.getByRole("button", { name: "change" }).click();
  await page.getByText("changed").waitFor();
  const seen = await page.evaluate(async () => {
    const { entries } = /** @type {any} */ (globalThis);
    while (entries.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    return entries.map(({ name, detail }) => ({ name, ...detail }));
  });
  for (const { name, words, bytes } of seen) assert.ok(name.startsWith("Kapok ") && words > 0 && bytes > 0);
  assert.equal(seen.at(-1).bytes, "changed\0".length);
  assert.equal(await page.evaluate(() => performance.getEntriesByType("measure").length), 0, "none is kept");
});

test("a program that never compiled: the compiler's text instead of a page, and the page once it does", async (t) => {
  const cwd = folder(t, { "app.c": program("nothing") });
  const { url } = await run(t, ["app.c"], cwd);
  const page = await open(t, url);
  await page.getByText("app.c:2:").waitFor();
  assert.match(await page.locator("body").innerText(), /error: .*nothing/);
  writeFileSync(join(cwd, "app.c"), program('"at last"'));
  await page.getByText("at last").waitFor();
});

test("a source that is gone, and a new one beside it", async (t) => {
  const cwd = folder(t, { "app/a.c": program('"a"') });
  const { url } = await run(t, ["app"], cwd);
  const page = await open(t, url);
  await page.getByText("a", { exact: true }).waitFor();
  rmSync(join(cwd, "app/a.c"));
  await page.getByRole("alert").waitFor();
  assert.match(await page.getByRole("alert").innerText(), /no \.c file in the folder/);
  writeFileSync(join(cwd, "app/b.c"), program('"b"'));
  await page.getByText("b", { exact: true }).waitFor();
});

test("the app's folder and its assets' are gone, then made anew", async (t) => {
  const cwd = folder(t, { "app/main.c": program('"a"'), "app/assets/note.txt": "a" });
  const { url, printed } = await run(t, ["app"], cwd);
  const page = await open(t, url);
  await page.getByText("a", { exact: true }).waitFor();
  rmSync(join(cwd, "app"), { recursive: true });
  await page.getByRole("alert").waitFor();
  assert.match(await page.getByRole("alert").innerText(), /no file or folder "app"/);
  mkdirSync(join(cwd, "app"));
  await printed(/no \.c file in the folder "app"/);
  writeFileSync(join(cwd, "app/main.c"), program('"b"'));
  await page.getByText("b", { exact: true }).waitFor();

  // At once, as when a branch is switched.
  rmSync(join(cwd, "app"), { recursive: true });
  mkdirSync(join(cwd, "app/assets"), { recursive: true });
  writeFileSync(join(cwd, "app/assets/note.txt"), "c");
  writeFileSync(join(cwd, "app/main.c"), program('"c"'));
  await page.getByText("c", { exact: true }).waitFor();
  const reloaded = page.waitForEvent("load");
  writeFileSync(join(cwd, "app/assets/note.txt"), "d");
  await reloaded;
  assert.equal(await page.evaluate(async () => (await fetch("assets/note.txt")).text()), "d");
  writeFileSync(join(cwd, "app/main.c"), program('"e"'));
  await page.getByText("e", { exact: true }).waitFor();
});

test("a mistake in a script is shown without the terminal's colours", async (t) => {
  const cwd = folder(t, {
    "app/main.c": `#include <kapok.h>\nint main(void) { char *answer; return kp_await("x", "", &answer); }\n`,
    "app/functions.js": "export const x = {\n",
  });
  const { url } = await run(t, ["app"], cwd);
  const page = await open(t, url);
  await page.getByText("app/functions.js:1:20: error: Expected `}` but found `EOF`").waitFor();
  assert.doesNotMatch(await page.locator("body").innerText(), /\x1b|\[\d+m/);
});

test("a page of its own is watched with its scripts and styles", async (t) => {
  const cwd = folder(t, {
    "app/index.html":
      '<!doctype html><title>Mine</title><script type="module" src="./page.js"></script><div id="a">',
    "app/page.js":
      'import "./page.css"; import { mount } from "kapok/runtime"; import { app } from "./lib/app.js";' +
      'mount({ app, root: document.querySelector("#a") });',
    "app/page.css": "h1 { color: red }",
    "app/lib/app.js": 'export { default as app } from "./part.c"; document.title = "first";',
    "app/lib/part.c": program('"part"'),
  });
  const { url } = await run(t, ["app"], cwd);
  const page = await open(t, url);
  await page.getByText("part").waitFor();
  assert.equal(await page.title(), "first");
  writeFileSync(
    join(cwd, "app/lib/app.js"),
    'export { default as app } from "./part.c"; document.title = "second";',
  );
  await page.waitForFunction(() => document.title === "second");
  writeFileSync(join(cwd, "app/lib/part.c"), program('"other"'));
  await page.getByText("other").waitFor();
});

test("the port that is asked for, or the next that is free, and a word of that", async (t) => {
  const cwd = folder(t, { "app.c": program('"a"') });
  const taken = createServer().listen(0, "127.0.0.1");
  t.after(() => taken.close());
  await once(taken, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (taken.address());
  const { child, ended, output, printed } = start(["run", "app.c", "--port", `${port}`], { cwd });
  t.after(() => child.kill("SIGKILL"));
  const [, found] = await printed(/ is at http:\/\/127\.0\.0\.1:(\d+)\/ /);
  assert.ok(Number(found) > port);
  assert.match(output.stderr, new RegExp(`Port ${port} is taken; using ${found}\\.`));
  child.kill("SIGTERM");
  assert.equal((await ended).code, 143);
});
