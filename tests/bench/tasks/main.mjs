// SPDX-License-Identifier: MIT
// ./build.sh bench tasks: Kapok's tasks beside async functions, Emscripten's fibers and asyncio, in Node and
// in Chromium. The sides take turns in one process or page: ratios hold where times do not.
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Window } from "happy-dom";
import { loadPyodide } from "pyodide";
import { which } from "../../../wasm/process.mjs";
import { buildApp } from "../../../wasm/toolchain.mjs";
import { launchChromium } from "../../support/chromium.mjs";
import { serveFiles } from "../../support/file_server.mjs";
import { createJavaScript } from "./javascript.js";
import { createKapok } from "./kapok.js";
import { measure, measureHandlers } from "./measure.js";
import { createAsyncio, createFibers } from "./others.js";
import { table } from "./table.mjs";

/** @typedef {import("./measure.js").Figures} Figures */

const ROUNDS = 5;
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const HERE = fileURLToPath(new URL(".", import.meta.url));
const require = createRequire(import.meta.url);

const folder = await mkdtemp(join(tmpdir(), "kapok-bench-tasks-"));
try {
  const { wasm } = await buildApp({ sources: [join(HERE, "app.c")], embedded: false }); // as it is published
  await writeFile(join(folder, "app.wasm"), wasm);
  const fibers = await buildFibers();
  if (!fibers) console.log("There is no emcc: without Emscripten's fibers.");
  console.log(table(`Node ${process.version}`, await inNode(wasm, fibers)));
  const { version, rounds } = await inChromium();
  console.log(table(`Chromium ${version}`, rounds));
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit(0); // Pyodide leaves something open

/** @returns {Promise<string | undefined>} the script that has it all */
async function buildFibers() {
  const emcc = await which("emcc");
  if (!emcc) return undefined;
  const out = join(folder, "fibers.cjs");
  const settings = [
    "ASYNCIFY",
    "SINGLE_FILE",
    "MODULARIZE",
    "EXPORT_NAME=createEmscripten",
    "ENVIRONMENT=web,node",
  ];
  const flags = ["-O3", "-o", join(folder, "fibers.js"), ...settings.map((setting) => `-s${setting}`)];
  // Where Debian keeps the minifier that its emcc uses; only Debian's own Node looks there by itself.
  const env = { ...process.env, NODE_PATH: process.env.NODE_PATH ?? "/usr/share/nodejs" };
  await promisify(execFile)(emcc, [join(HERE, "fibers.c"), ...flags], { env });
  await copyFile(join(folder, "fibers.js"), out);
  return out;
}

/**
 * @param {Uint8Array} wasm
 * @param {string | undefined} fibers
 */
async function inNode(wasm, fibers) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const heap = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const window = /** @type {any} */ (new Window());
  const sides = {
    kapok: await createKapok(window.document, await WebAssembly.compile(/** @type {BufferSource} */ (wasm))),
    javascript: createJavaScript(heap),
    ...(fibers && { fibers: await createFibers(require(fibers)) }),
    asyncio: createAsyncio(await loadPyodide(), await readFile(join(HERE, "coroutines.py"), "utf8")),
  };
  /** @type {Figures[]} */
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) {
    const handlers = await measureHandlers(sides);
    rounds.push({ ...handlers, ...(await measure(sides, { isFirst: i === 0 })) });
  }
  await window.happyDOM.close();
  return rounds;
}

async function inChromium() {
  await mkdir(join(folder, "source"));
  await symlink(join(ROOT, "js"), join(folder, "source", "js"));
  await symlink(join(ROOT, "tests"), join(folder, "source", "tests"));
  await symlink(join(ROOT, "node_modules", "pyodide"), join(folder, "pyodide"));
  await copyFile(join(HERE, "page.html"), join(folder, "index.html"));
  const server = await serveFiles(folder, {
    types: { ".cjs": "text/javascript", ".mjs": "text/javascript", ".zip": "application/zip" },
  });
  const browser = await launchChromium();

  /** @param {string} [search] */
  async function open(search = "") {
    const page = await browser.newPage();
    page.on("pageerror", (error) => console.error(error));
    page.on("console", (line) => line.type() === "error" && console.error(line.text()));
    await page.goto(server.url + search);
    while ((await page.title()) !== "ready") await new Promise((resolve) => setTimeout(resolve, 100));
    return page;
  }

  try {
    const page = await open();
    /** @type {Figures[]} */
    const rounds = [];
    for (let i = 0; i < ROUNDS; i++) {
      const fresh = await open("?handlers");
      const handlers = await fresh.evaluate("measureHandlers()");
      await fresh.close();
      rounds.push({ ...handlers, ...(await page.evaluate(`measureRound(${i === 0})`)) });
    }
    return { version: browser.version(), rounds };
  } finally {
    await browser.close();
    await server.close();
  }
}
