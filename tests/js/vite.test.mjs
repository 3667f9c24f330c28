// SPDX-License-Identifier: MIT
// The plugin in a project of its own: Vite's development server and Vite's build.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { build, createServer } from "vite";
import { kapok } from "../../js/vite.js";
import { launchChromium } from "../support/chromium.mjs";
import { serveFiles } from "../support/file_server.mjs";
import { folder } from "./cli/folder.mjs";
import { newPage } from "./cli/page.mjs";

const COUNTER = '#include <kapok.h>\n#include "text.h"\nint main(void) { kp_add(kp_page, kp_text(TEXT)); }\n';

/** @param {import("node:test").TestContext} t */
const project = (t) =>
  folder(t, {
    "index.html":
      '<!doctype html><title>P</title><div id="a"></div><script type="module" src="./main.js"></script>',
    "main.js": `import "kapok/style.css";
      import { mount } from "kapok/runtime";
      import app, { integrity } from "./src/counter.c";
      mount({ app, integrity, root: document.querySelector("#a") });`,
    "src/counter.c": COUNTER,
    "src/text.h": '#define TEXT "one"\n',
    "src/wrong.c": "int main(void) {\n  return none;\n}\n",
  });

test("in the development server: a program runs, is rebuilt at a save, and its mistakes are in Vite's overlay", async (t) => {
  const root = project(t);
  const server = await createServer({
    configFile: false,
    logLevel: "silent",
    root,
    base: "/sub/",
    cacheDir: join(root, ".vite"),
    plugins: [kapok()],
    server: { host: "127.0.0.1", port: 0 },
  });
  t.after(() => server.close());
  await server.listen();
  const browser = await launchChromium();
  t.after(() => browser.close());
  const page = await newPage(t, browser);
  await page.goto(/** @type {any} */ (server.resolvedUrls).local[0]);
  await page.getByText("one", { exact: true }).waitFor();

  writeFileSync(join(root, "src/text.h"), '#define TEXT "two"\n');
  await page.getByText("two", { exact: true }).waitFor();

  writeFileSync(join(root, "src/text.h"), "#define TEXT none\n");
  const overlay = page.locator("vite-error-overlay");
  await overlay.waitFor({ state: "attached" });
  assert.match(await overlay.locator(".message-body").innerText(), /counter\.c:3:\d+: error: .*none/);
  assert.match(await overlay.locator(".file").first().innerText(), /counter\.c:3:\d+/);
  assert.match(await overlay.locator(".message-body").innerText(), /text\.h:1:\d+: note:/);

  writeFileSync(join(root, "src/text.h"), '#define TEXT "three"\n');
  await page.getByText("three", { exact: true }).waitFor();
});

test("in a build: a hashed file, under any base; a mistake ends it and says where it is", async (t) => {
  const root = project(t);
  /** @param {import("vite").InlineConfig} config */
  const bundle = (config) =>
    build({ configFile: false, logLevel: "silent", root, plugins: [kapok()], ...config });
  for (const base of ["./", "/repo/"]) {
    await bundle({ base });
    const name = readdirSync(join(root, "dist/assets")).find((file) => file.endsWith(".wasm")) ?? "";
    assert.match(name, /^counter-[\w-]{8}\.wasm$/);
    assert.ok(WebAssembly.validate(readFileSync(join(root, "dist/assets", name))));
    const server = await serveFiles(join(root, "dist"), { below: "/repo/" });
    t.after(() => server.close());
    const browser = await launchChromium();
    t.after(() => browser.close());
    const page = await newPage(t, browser);
    await page.goto(server.url);
    await page.getByText("one", { exact: true }).waitFor();
  }

  writeFileSync(join(root, "main.js"), 'import "./src/wrong.c";');
  await assert.rejects(bundle({}), (/** @type {any} */ { errors: [error] }) => {
    assert.match(error.message, /wrong\.c:2:10: error: .*none/);
    assert.equal(error.cause.name, "CompileError");
    assert.deepEqual(error.loc, { file: join(root, "src/wrong.c"), line: 2, column: 10 });
    return true;
  });
});
