// SPDX-License-Identifier: MIT
// The C tests of tests/src/core as they might run, but seldom do: with tasks in other orders, with a switch wherever
// there may be one; and again and again, each time with another wait canceled or another allocation failing. Natively
// under the sanitizers, and as WebAssembly by every toolchain.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { ORDER_RANDOM, ORDER_REVERSED } from "../../js/runtime/abi.gen.js";
import { buildApp } from "../../wasm/toolchain.mjs";
import { missing } from "../support/build.mjs";
import { runModule } from "../support/host.mjs";
import { createNativeBuild, ROOT, SANITIZE, sourcesIn } from "../support/native.mjs";

const run = promisify(execFile);

/** Those that start tasks: the others have nothing to rehearse. */
const sources = [];
for (const source of await sourcesIn("tests/src/core"))
  if ((await readFile(join(ROOT, source), "utf8")).includes("RUN(")) sources.push(source);

const orders = [
  { order: ORDER_REVERSED },
  ...[1, 2, 3, 4].map((seed) => ({ order: ORDER_RANDOM, seed })),
  { switchAlways: true },
  { order: ORDER_REVERSED, switchAlways: true },
  { order: ORDER_RANDOM, seed: 5, switchAlways: true },
];

/** @type {string} */
let folder;
/** @type {ReturnType<typeof createNativeBuild>} */
let buildNatively;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kapok-rehearsals-"));
  buildNatively = createNativeBuild(folder);
});
after(() => rm(folder, { recursive: true, force: true }));

const WRAPPED = ["malloc", "realloc", "kp__main", "kp__rehearse_wait", "kp__slot_take", "kp__wake"];

/**
 * @param {string} source
 * @param {string[]} [appFlags]
 */
async function buildRehearsal(source, appFlags = []) {
  const program = join(folder, `${basename(source, ".c")}${appFlags.length}`);
  await buildNatively([source, "tests/src/native/every.c", "tests/src/native/out_of_memory.c"], program, {
    flags: [...SANITIZE, "-DKP_DEV"],
    appFlags,
    linkFlags: [`-Wl,${WRAPPED.map((name) => `--wrap=${name}`).join(",")}`],
  });
  return program;
}

/**
 * @param {string} program
 * @param {Record<string, string>} settings that it reads from its environment
 */
async function runNatively(program, settings) {
  const env = { ...process.env, ASAN_OPTIONS: "detect_leaks=1", ...settings };
  const { stdout } = await run(program, { env, timeout: 120_000, maxBuffer: 1 << 26 }).catch((error) =>
    assert.fail(`${JSON.stringify(settings)}: ${error.stdout}${error.stderr}${error}`),
  );
  return stdout;
}

describe("natively", () => {
  for (const source of sources) {
    test(`${source} in other orders`, async () => {
      const program = await buildRehearsal(source);
      for (const { order = 0, seed = 1, switchAlways = false } of orders) {
        const settings = { ORDER: `${order}`, SEED: `${seed}`, SWITCH_ALWAYS: switchAlways ? "1" : "0" };
        const stdout = await runNatively(program, settings);
        assert.match(stdout, /^\d+ checks, 0 failed, \d+ out of turn$/m, JSON.stringify(settings) + stdout);
      }
    });

    test(`${source} with every wait canceled, and every allocation failing`, async () => {
      const program = await buildRehearsal(source, ["-DFEW"]);
      for (const what of ["cancel", "malloc", "memory"]) {
        const [, runs] = /^(\d+) runs, 0 failed$/m.exec(await runNatively(program, { EVERY: what })) ?? [];
        assert(Number(runs) > 1, `${what}: ${runs} runs`);
      }
    });
  }
});

for (const toolchain of ["emscripten", "wasi", "embedded"]) {
  describe(`as WebAssembly, ${toolchain}`, { skip: await missing(toolchain) }, () => {
    for (const source of sources) {
      test(source, async () => {
        const options = { toolchain, dev: true, optimize: /** @type {const} */ ("1"), defines: ["FEW"] };
        const { wasm } = await buildApp({ sources: [join(ROOT, source)], ...options });
        const module = await WebAssembly.compile(wasm);
        for (const order of orders) {
          const { stdout } = await runModule(module, order);
          assert.match(stdout, /^\d+ checks, 0 failed, \d+ out of turn$/m, JSON.stringify(order) + stdout);
        }
        await cancelEvery(module);
      });
    }
  });
}

/**
 * Cancels the first task that is about to wait, then the second instead, and so on, until a run has not come so far.
 * @param {WebAssembly.Module} module
 */
async function cancelEvery(module) {
  const { stdout: undisturbed } = await runModule(module);
  let unchanged = 0;
  // What comes after the end of main, and waits that do not mind, make no difference either.
  for (let cancelAt = 1; unchanged < 30; cancelAt++) {
    const { stdout, log } = await runModule(module, { cancelAt }).catch((error) =>
      assert.fail(`canceled at wait ${cancelAt}: ${error.stack}`),
    );
    assert.doesNotMatch(log.join("\n"), /wrote past the end|Out of memory/, `canceled at wait ${cancelAt}`);
    unchanged = stdout === undisturbed ? unchanged + 1 : 0;
    assert(cancelAt < 10_000);
  }
}
