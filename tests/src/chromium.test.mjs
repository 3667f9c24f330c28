// SPDX-License-Identifier: MIT
// Some of the C tests in a real browser, on the virtual clock: its engine must do with fibers, traps and growing memory
// what Node's does.
import assert from "node:assert/strict";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { buildApp } from "../../wasm/toolchain.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { serveFiles } from "../support/file_server.mjs";
import { ROOT } from "../support/native.mjs";

const sources = [
  ...["cancel", "ends", "groups", "programs", "select", "shields", "time"].map(
    (name) => `core/conformance_${name}`,
  ),
  ...["core/task", "core/tree", "wasm/trap", "wasm/overflow"],
];

/** @type {string} */
let folder;
/** @type {Awaited<ReturnType<typeof serveFiles>>} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kapok-core-chromium-"));
  for (const part of ["runtime", "testing"])
    await cp(join(ROOT, "js", part), join(folder, part), { recursive: true });
  await writeFile(join(folder, "index.html"), '<!doctype html><link rel="icon" href="data:,"><body></body>');
  server = await serveFiles(folder);
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs an app in the page until nothing of it waits. @param {string} app the name of its file */
async function runInPage(app) {
  const modules = /** @type {any} */ (["load", "program"].map((name) => `./runtime/${name}.js`));
  const { port1, port2 } = new MessageChannel();
  /** @type {(() => void)[]} what Node has, and the virtual clock uses */
  const waiting = [];
  port1.onmessage = () => waiting.shift()?.();
  Object.assign(globalThis, {
    setImmediate: (/** @type {() => void} */ f) => port2.postMessage(waiting.push(f)),
  });
  const [{ compile, instantiate }, { createProgram }] = await Promise.all(
    modules.map((/** @type {string} */ path) => import(path)),
  );
  const { createVirtualClock } = await import(/** @type {any} */ ("./testing/clock.js"));
  const clock = createVirtualClock();
  /** @type {string[]} */
  const printed = [];
  /** @type {number | string | undefined} */
  let end;
  const program = await createProgram({
    module: await compile(app, {}),
    root: document.body,
    clock,
    random: (/** @type {Uint8Array} */ bytes) => void bytes.fill(7),
    functions: {
      echo: (/** @type {string} */ text) => text,
      fail: () => Promise.reject(new Error("it failed")),
      never: () => new Promise(() => {}),
    },
    link: instantiate,
    log() {},
    print: (/** @type {boolean} */ _isError, /** @type {string} */ text) => printed.push(text),
    onEnd: (/** @type {number} */ status) => (end = status),
    onFailure: (/** @type {Error} */ error) => (end = String(error)),
  });
  program.start(0, 1, 0, 0);
  await clock.advance(3600_000);
  program.stop();
  return { printed: printed.join("\n"), end };
}

for (const source of sources)
  test(source, async () => {
    const { wasm } = await buildApp({ sources: [join(ROOT, `tests/src/${source}.c`)] });
    const name = `${basename(source)}.wasm`;
    await writeFile(join(folder, name), wasm);
    const page = await browser.newPage();
    await page.goto(server.url);
    const { printed, end } = await page.evaluate(runInPage, name);
    assert.match(printed, /^\d+ checks, 0 failed, 0 out of turn$/m, `${printed}\n${end}`);
    assert.equal(end, 0);
    await page.close();
  });
