// SPDX-License-Identifier: MIT
// Imported by ./build.sh test into the process of each test file: names a test that hangs, and ends the process, which
// fails the file. It watches from a thread of its own, since a program under test may never return.
import { afterEach, beforeEach } from "node:test";
import { isMainThread, parentPort, Worker } from "node:worker_threads";

/** Far more than any one test or hook takes on a slow machine, in milliseconds. */
const PATIENCE = 300_000;

if (!isMainThread) watch();
else if (process.env.NODE_TEST_CONTEXT) report();

/** Tells the thread which tests run. */
function report() {
  const worker = new Worker(new URL(import.meta.url), { execArgv: [] });
  worker.unref();
  beforeEach(({ name }) => worker.postMessage({ name, runs: true }));
  afterEach(({ name }) => worker.postMessage({ name, runs: false }));
}

function watch() {
  /** @type {Set<string>} */
  const running = new Set();
  let last = "the start";

  async function bite() {
    const where = running.size ? [...running].map((name) => `"${name}"`).join(", ") : `what follows ${last}`;
    const { writeSync } = await import("node:fs");
    writeSync(2, `Nothing has happened for ${PATIENCE / 1000} s: ${where} hangs.\n`);
    process.kill(process.pid, "SIGKILL");
  }

  let timer = setTimeout(bite, PATIENCE);
  parentPort?.on("message", ({ name, runs }) => {
    if (runs) running.add(name);
    else running.delete(name);
    last = `"${name}"`;
    clearTimeout(timer);
    timer = setTimeout(bite, PATIENCE);
  });
}
