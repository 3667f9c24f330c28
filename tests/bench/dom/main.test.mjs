// SPDX-License-Identifier: MIT
// The bench's command line, as a user meets it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { folderWith } from "../../support/build.mjs";

/** How long processes may take to end, in milliseconds. */
const PATIENCE = 30_000;

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const main = fileURLToPath(new URL("main.mjs", import.meta.url));

/**
 * @param {string[]} args
 * @param {Record<string, string>} [environment]
 */
function start(args, environment = {}) {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...environment } });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (output += text));
  return {
    child,
    output: () => output,
    ended: once(child, "close").then(([code, signal]) => ({ code, signal, output })),
  };
}

test("a wrong command line: exit code 2, cause and cure", async () => {
  /** @type {[string[], RegExp][]} */
  const cases = [
    [[], /no bench "".*See: .*--help/s],
    [["doom"], /no bench "doom".*See: .*--help/s],
    [["dom", "--rounds", "0"], /--rounds 0 .*Give 1 to/s],
    [["dom", "--rounds", "many"], /--rounds many .*Give 1 to/s],
    [["dom", "--only", "vanilla,react"], /no implementation "react".*vanilla.*preact/s],
    [["dom", "--fast"], /Unknown option `--fast`.*See: .*--help/s],
  ];
  for (const [args, expected] of cases) {
    const { code, output } = await start(args).ended;
    assert.match(output, expected);
    assert.equal(code, 2, args.join(" "));
    assert.doesNotMatch(output, /\n {4}at /, "no stack trace");
  }
  const { code, output } = await start(["picture", "--from", "/none.json"]).ended;
  assert.equal(code, 1);
  assert.match(output, /no "\/none.json".*Measure first/s);
});

test("an implementation that is not there is left out, and named", async () => {
  const { code, output } = await start(["dom", "--only", "kapok"], { KAPOK_ROWS: "/none" }).ended;
  assert.equal(code, 1);
  assert.match(output, /Kapok is left out: there is no \/none.*Nothing is left/s);
});

for (const [signal, expected] of /** @type {const} */ ([
  ["SIGINT", 130],
  ["SIGTERM", 143],
]))
  test(`${signal} leaves no process and no file`, async (t) => {
    const TMPDIR = await folderWith(t, {});
    const { child, output, ended } = start(["dom", "--only", "vanilla", "--rounds", "1"], { TMPDIR });
    while (!output().includes("round 1") && child.exitCode === null) await pause(20);
    assert.ok(browsersOf(TMPDIR).length > 0, output());
    child.kill(signal);
    assert.equal((await ended).code, expected, output());
    const deadline = Date.now() + PATIENCE;
    while (browsersOf(TMPDIR).length && Date.now() < deadline) await pause(20); // they have been told
    assert.deepEqual(browsersOf(TMPDIR), []);
    assert.deepEqual(readdirSync(TMPDIR), []);
  });

/** @param {string} folder @returns {string[]} processes whose profile is in the folder */
const browsersOf = (folder) =>
  readdirSync("/proc").filter((name) => {
    try {
      return (
        /^\d+$/.test(name) &&
        readFileSync(`/proc/${name}/cmdline`, "utf8").includes(`--user-data-dir=${folder}`)
      );
    } catch {
      return false; // it has ended
    }
  });
