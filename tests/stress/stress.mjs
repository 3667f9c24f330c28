// SPDX-License-Identifier: MIT
// ./build.sh stress: a million random changes of a page against a model of it, then a million mounts and unmounts after
// which nothing is left. With --steps or --seed only the former, with --mounts only the latter.
import { parseArgs } from "node:util";
import { mounts } from "./mounts.mjs";
import { change } from "./session.mjs";

const MILLION = 1_000_000;

const type = "string";
const { values } = parseArgs({ options: { steps: { type }, seed: { type }, mounts: { type } } });

/** @type {(name: "steps" | "seed" | "mounts", otherwise: number) => number} */
function number(name, otherwise) {
  const value = Number(values[name] ?? otherwise);
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value;
  console.error(`--${name} takes a whole number from 0 to ${2 ** 31 - 1}, not "${values[name]}".`);
  process.exit(2);
}

const [seed, steps, count] = [number("seed", 1), number("steps", MILLION), number("mounts", MILLION)];
const isOne = values.mounts !== undefined || values.steps !== undefined || values.seed !== undefined;

if (!isOne || values.steps !== undefined || values.seed !== undefined) {
  console.log(`Random changes from seed ${seed}`);
  const report = await change({ seed, steps, onProgress: console.log });
  console.log(report.failure ?? `After ${report.steps} steps the page was always what the model says.`);
  if (report.failure) process.exitCode = 1;
}
if (!isOne || values.mounts !== undefined) {
  const { counts, failure } = await mounts({ mounts: count, onProgress: console.log });
  console.log(failure ?? `After ${count} mounts all was where it had been: ${JSON.stringify(counts)}`);
  if (failure) process.exitCode = 1;
}
