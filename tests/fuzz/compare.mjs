// SPDX-License-Identifier: MIT
// Runs programs natively and as WebAssembly, and tells which of them do not do the same.
import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { buildApp } from "../../wasm/toolchain.mjs";
import { createNativeBuild, SANITIZE } from "../support/native.mjs";
import { render } from "./render.mjs";

/** @typedef {import("./generate.mjs").Program} Program */
/** @typedef {"1" | "2" | "z"} Level */

/**
 * @typedef {object} Difference
 * @property {Program[]} programs one, or all of a batch when none of them fails by itself
 * @property {Level | "native"} level of optimisation; "native" when the native program itself fails
 * @property {string} why
 */

/** @type {Level[]} */
export const LEVELS = ["1", "2", "z"];

const run = promisify(execFile);
const HERE = fileURLToPath(new URL(".", import.meta.url));
const HARNESS = join(HERE, "harness.c");
const RUN = join(HERE, "run.mjs");
const LARGEST = 2 ** 28; // bytes of output
/** A product and a sum may be rounded once or twice: each platform as it likes, unless it is told. */
const FLAGS = ["-w", "-ffp-contract=off"];
const TIMEOUT = 120_000; // for a batch that takes a second

/**
 * @param {string} folder for all that is built
 * @param {string} toolchain
 */
export function createComparison(folder, toolchain) {
  const buildNatively = createNativeBuild(folder);
  let batches = 0;

  /** @param {Program[]} programs */
  async function write(programs) {
    const place = join(folder, `batch-${++batches}`);
    await mkdir(place);
    const source = join(place, "programs.c");
    await writeFile(source, render(programs));
    return { place, sources: [HARNESS, source] };
  }

  /**
   * @param {{ place: string, sources: string[] }} batch
   * @param {string[]} flags
   */
  async function runNatively({ place, sources }, flags) {
    const program = join(place, "native");
    await buildNatively(sources, program, { flags, appFlags: [...FLAGS, `-I${HERE}`] });
    const { stdout } = await run(program, { maxBuffer: LARGEST, timeout: TIMEOUT });
    return tracesIn(stdout);
  }

  /**
   * @param {{ place: string, sources: string[] }} batch
   * @param {Level} level
   * @returns {Promise<{ traces: Map<number, string>, error: string }>}
   */
  async function runAsWasm({ place, sources }, level) {
    const { wasm } = await buildApp({
      sources,
      includeDirs: [HERE],
      flags: FLAGS,
      optimize: level,
      toolchain,
    });
    const path = join(place, `${level}.wasm`);
    await writeFile(path, wasm);
    const options = { maxBuffer: LARGEST, timeout: TIMEOUT };
    const { stdout, error = "" } = await run(process.execPath, [RUN, path], options).catch((failure) => ({
      stdout: failure.stdout,
      error: failure.killed ? `It did not end within ${TIMEOUT / 1000} s.` : messageOf(failure),
    }));
    return { traces: tracesIn(stdout), error };
  }

  /**
   * @param {Program[]} programs
   * @param {Level[]} [levels]
   * @param {string[]} [flags] of the native build
   * @returns {Promise<{ differences: Difference[], waits: number }>} and how many lines the native traces have
   */
  async function compare(programs, levels = LEVELS, flags = SANITIZE) {
    const batch = await write(programs);
    /** @type {Map<number, string>} */
    let expected;
    const native = runNatively(batch, flags).then(
      (traces) => void (expected = traces),
      (error) => messageOf(error),
    );
    /** @type {Difference[]} */
    const differences = [];
    const results = [];
    for (const level of levels) results.push({ level, ...(await runAsWasm(batch, level).catch(failed)) });
    const nativeError = await native;
    await rm(batch.place, { recursive: true });
    if (nativeError) return { differences: await alone(programs, "native", nativeError), waits: 0 };
    for (const { level, traces, error } of results) {
      const wrong = programs.filter(({ seed }) => traces.get(seed) !== expected.get(seed));
      const suspects = wrong.length > 0 ? wrong : programs;
      if (error && wrong.length !== 1) differences.push(...(await alone(suspects, level, error)));
      else
        for (const program of wrong)
          differences.push({
            programs: [program],
            level,
            why: error || firstDifference(expected.get(program.seed), traces.get(program.seed)),
          });
    }
    const waits = [...expected.values()].reduce((sum, trace) => sum + trace.split("\n").length - 1, 0);
    return { differences, waits };
  }

  /**
   * Something is wrong with one of these: finds those that fail by themselves.
   * @param {Program[]} programs
   * @param {Level | "native"} level
   * @param {string} why
   * @returns {Promise<Difference[]>}
   */
  async function alone(programs, level, why) {
    if (programs.length === 1) return [{ programs, level, why }];
    /** @type {Difference[]} */
    const found = [];
    for (const program of programs) {
      found.push(...(await compare([program], level === "native" ? [] : [level])).differences);
      if (found.length > 2) return found;
    }
    return found.length > 0 ? found : [{ programs, level, why }];
  }

  return compare;
}

/** @param {unknown} error */
const failed = (error) => ({ traces: new Map(), error: messageOf(error) });

/** @param {any} error @returns {string} */
const messageOf = (error) => error.stderr || error.message;

/**
 * The traces by seed.
 * @param {string} output
 */
function tracesIn(output) {
  const parts = output.split(/^program (\d+)\n/m).slice(1);
  /** @type {Map<number, string>} */
  const traces = new Map();
  for (let i = 0; i < parts.length; i += 2) traces.set(Number(parts[i]), parts[i + 1]);
  return traces;
}

/**
 * @param {string | undefined} expected
 * @param {string} [actual]
 */
function firstDifference(expected = "", actual) {
  if (actual === undefined) return "It left no trace.";
  const [wanted, got] = [expected.split("\n"), actual.split("\n")];
  const at = wanted.findIndex((line, i) => line !== got[i]);
  return `Line ${at + 1} of the trace is "${got[at] ?? ""}" and natively "${wanted[at]}".`;
}
