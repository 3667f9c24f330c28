// SPDX-License-Identifier: MIT
// A built site in a real browser, from servers that know nothing but files.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "../../../js/cli/build.js";
import { launchChromium } from "../../support/chromium.mjs";
import { serveFiles } from "../../support/file_server.mjs";
import { folder } from "./folder.mjs";
import { newPage } from "./page.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {string} a site that no test may change */
let original;

before(async () => {
  browser = await launchChromium();
  original = mkdtempSync(join(tmpdir(), "kapok-site-"));
  writeFileSync(
    join(original, "hello.c"),
    '#include <kapok.h>\nint main(void) { kp_add(kp_page, kp_text("Hello from C")); }\n',
  );
  await build(join(original, "hello.c"), { out: join(original, "site"), quiet: true });
});
after(async () => {
  await browser?.close();
  rmSync(original, { recursive: true, force: true });
});

/**
 * @param {import("node:test").TestContext} t
 * @returns {string} a copy of the site
 */
function copySite(t) {
  const path = folder(t);
  cpSync(join(original, "site"), path, { recursive: true });
  return path;
}

/**
 * @param {import("node:test").TestContext} t
 * @param {string} site
 * @param {Parameters<typeof serveFiles>[1]} [options]
 */
async function open(t, site, options) {
  const server = await serveFiles(site, options);
  t.after(() => server.close());
  const page = await newPage(t, browser);
  /** @type {string[]} */
  const troubles = [];
  page.on("console", (message) => message.type() !== "log" && troubles.push(message.text()));
  page.on("pageerror", (error) => troubles.push(String(error)));
  await page.goto(server.url);
  return { page, server, troubles };
}

test("works at the root, below any path, and with any content type", async (t) => {
  const site = copySite(t);
  /** @type {NonNullable<Parameters<typeof serveFiles>[1]>[]} */
  const servers = [{}, { below: "/any/sub/path/" }, { types: { ".wasm": "text/plain" } }];
  for (const options of servers) {
    const { page, server, troubles } = await open(t, site, options);
    await page.getByText("Hello from C").waitFor();
    assert.deepEqual(troubles, []);
    assert.equal(await page.getByText("Loading…").count(), 0);
    const times = server.requests.filter((path) => path.endsWith(".wasm")).length;
    if (!options.types) assert.equal(times, 1, "what was preloaded is what is used");
  }
});

test("shows its title and that it loads before there is a program, and without JavaScript what it needs", async (t) => {
  const site = copySite(t);
  const server = await serveFiles(site);
  t.after(() => server.close());
  const page = await newPage(t, browser, { javaScriptEnabled: false });
  await page.goto(server.url);
  assert.equal(await page.title(), "Hello");
  assert.equal(await page.getByRole("heading").innerText(), "Hello");
  assert.equal(await page.getByRole("status").innerText(), "Loading…");
  assert.match(await page.getByRole("main").innerText(), /needs JavaScript/);
});

test("nothing but the site's own files may run or load", async (t) => {
  const { page } = await open(t, copySite(t));
  await page.getByText("Hello from C").waitFor();
  const refused = await page.evaluate(async () => {
    /** @param {() => unknown} action */
    const isRefused = async (action) => {
      let isViolated = false;
      const listen = () => (isViolated = true);
      addEventListener("securitypolicyviolation", listen);
      try {
        await action();
      } catch {
        // Refused at once; the event follows.
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
      removeEventListener("securitypolicyviolation", listen);
      return isViolated;
    };
    return {
      // Later, since the debugger's own code may do anything.
      eval: await isRefused(() => setTimeout(() => (0, eval)("1"))),
      html: await isRefused(() => (document.body.innerHTML = "<b>x</b>")),
      style: await isRefused(() => document.body.setAttribute("style", "color: red")),
      base: await isRefused(() => {
        const base = document.createElement("base");
        base.href = "https://example.org/";
        document.head.append(base);
      }),
      frame: await isRefused(() =>
        document.body.append(Object.assign(document.createElement("iframe"), { src: "/x" })),
      ),
      connect: await isRefused(() => fetch("http://127.0.0.2/")),
    };
  });
  assert.deepEqual(refused, { eval: true, html: true, style: true, base: true, frame: true, connect: true });
});

/** @type {[string, (file: string) => void, RegExp][]} */
const damages = [
  ["deleted", (file) => renameSync(file, file + ".gone"), /is not on the server/],
  [
    "truncated",
    (file) => writeFileSync(file, readFileSync(file).subarray(0, 1000)),
    /not the one that was published|cut short|could not be loaded/,
  ],
  ["replaced", (file) => writeFileSync(file, "<!doctype html>"), /is not an app but a web page/],
];
for (const [what, damage, message] of damages)
  test(`a program that was ${what}: a readable error, and a retry that works once the file is back`, async (t) => {
    const site = copySite(t);
    const file = join(site, /** @type {string} */ (readdirSync(site).find((name) => name.endsWith(".wasm"))));
    const whole = readFileSync(file);
    damage(file);
    const { page } = await open(t, site);
    const alert = page.getByRole("alertdialog");
    await alert.waitFor();
    assert.match(await alert.innerText(), message);
    const retry = page.getByRole("button", { name: "Retry" });
    await retry.click();
    await retry.waitFor();
    writeFileSync(file, whole);
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByText("Hello from C").waitFor();
    assert.equal(await alert.count(), 0);
  });

test("functions.js that fails as it is loaded: its own words, and a retry", async (t) => {
  const app = folder(t, {
    "main.c":
      '#include <kapok.h>\nint main(void) { char *text; kp_await("greet", NULL, &text); kp_add(kp_page, kp_text(text)); }\n',
    "functions.js":
      'export const greet = () => "Hello";\nif (!window.isRight) throw new Error("the key is missing");\n',
  });
  const site = join(folder(t), "site");
  await build(app, { out: site, quiet: true });
  const { page } = await open(t, site);
  const alert = page.getByRole("alertdialog", { name: "The app could not be started" });
  await alert.getByText("the key is missing").waitFor();
  assert.equal(await page.getByText("Loading…").count(), 0);
  await page.addInitScript("isRight = true");
  await alert.getByRole("button", { name: "Retry" }).click();
  await page.getByText("Hello").waitFor();
  // What fails later is not the app's start.
  await page.evaluate("setTimeout(() => { throw new Error('later') })");
  await page.evaluate("new Promise((resolve) => setTimeout(resolve, 50))");
  assert.equal(await alert.count(), 0);
});

test("a script that was changed is not run", async (t) => {
  const site = copySite(t);
  const html = readFileSync(join(site, "index.html"), "utf8");
  const script = join(site, /** @type {RegExpExecArray} */ (/src=([^ ]+)/.exec(html))[1]);
  writeFileSync(script, `document.title = "owned";\n${readFileSync(script, "utf8")}`);
  const { page, troubles } = await open(t, site);
  await page.waitForLoadState("load");
  assert.equal(await page.title(), "Hello");
  assert.match(troubles.join("\n"), /integrity/);
});

test("without its script: what is wrong is said after a while, and a retry works once the file is back", async (t) => {
  const site = copySite(t);
  const [name] = /** @type {RegExpExecArray} */ (
    /[\w-]+\.js(?= )/.exec(readFileSync(join(site, "index.html"), "utf8"))
  );
  renameSync(join(site, name), join(site, "gone"));
  const { page } = await open(t, site);
  await page.emulateMedia({ reducedMotion: "reduce" });
  const retry = page.getByRole("link", { name: "Retry" });
  assert.equal(await retry.isVisible(), false);
  await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
  assert.match(await page.getByRole("main").innerText(), /Perhaps a file is missing/);
  renameSync(join(site, "gone"), join(site, name));
  await retry.click();
  await page.getByText("Hello from C").waitFor();
});
