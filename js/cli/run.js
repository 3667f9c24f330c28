// SPDX-License-Identifier: MIT
// kapok run: builds an app, serves it on this machine, and does so again at every save.
import { rmSync } from "node:fs";
import { mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findApp } from "./app.js";
import { explained, Failure, report, showProgress, showWarnings, styled } from "./failure.js";
import { writeSite } from "./output.js";
import { serve } from "./server.js";
import { buildSite } from "./site.js";
import { Watcher } from "./watch.js";

/**
 * @param {string} path the app
 * @param {{ port?: string, toolchain?: string }} options
 */
export async function run(path, { port, toolchain }) {
  if (port !== undefined && (!/^\d{1,5}$/.test(port) || Number(port) > 65535))
    throw new Failure(`--port ${JSON.stringify(port)} is not a port.`, "Give a number from 0 to 65535.");
  const { title } = await findApp(path);
  const folder = await temporaryFolder();
  process.prependOnceListener("SIGINT", () => process.exit(0));

  const watcher = new Watcher(rebuild);
  /** @type {string | null} why there is no site yet */
  let trouble = null;
  let firstBuilt = () => {};
  const first = new Promise((resolve) => (firstBuilt = () => resolve(null)));
  const wanted = Number(port ?? 4173);
  const server = await serve(folder, { port: wanted, ready: () => first.then(() => trouble) });
  if (port !== undefined && wanted !== 0 && server.port !== wanted)
    showProgress(`Port ${wanted} is taken; using ${server.port}.`);
  let built = false;
  let stale = true;
  let building = false;
  await rebuild();
  console.log(`${styled("bold", title)} is at ${styled("cyan", server.url)} (Ctrl-C ends it)`);

  /** One build at a time; whatever is saved meanwhile leads to one more. */
  async function rebuild() {
    stale = true;
    if (building) return;
    building = true;
    while (stale) {
      stale = false;
      await buildOnce();
    }
    building = false;
  }

  async function buildOnce() {
    const started = performance.now();
    try {
      const app = await findApp(path);
      for (const path of [app.page, app.assets]) if (path) watcher.add(path);
      const site = await buildSite(app, {
        dev: true,
        live: true,
        toolchain,
        onProgress: showProgress,
        onDependency: (path) => watcher.add(path),
        onWarning: showWarnings,
      });
      await writeSite(folder, site, app.assets);
      built = true;
      trouble = null;
      server.tell({ type: "reload" });
      showProgress(`ready after ${((performance.now() - started) / 1000).toFixed(1)} s, watching`);
    } catch (thrown) {
      const error = explained(thrown);
      // No save will bring a compiler.
      if (!built && error.name === "ToolchainError") throw error;
      report(error);
      const { output, message, cure = "" } = error;
      const text = output ?? `${message}\n${cure}`;
      if (!built) trouble = text;
      server.tell({ type: "error", text });
      showProgress("watching for a change");
    }
    firstBuilt();
  }
}

/** @returns {Promise<string>} a folder's path inside a folder of its own, which is gone when the process ends */
async function temporaryFolder() {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "kapok-")));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "site");
}
