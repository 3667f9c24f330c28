// SPDX-License-Identifier: MIT
// ./build.sh fuzz: random programs must do natively and as WebAssembly the same. `--seed N` alone replays one.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fuzz } from "./session.mjs";

const type = "string";
const { values } = parseArgs({ options: { programs: { type }, seed: { type }, toolchain: { type } } });

/** @type {(name: "programs" | "seed", otherwise: number) => number} */
function number(name, otherwise) {
  const value = Number(values[name] ?? otherwise);
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value;
  console.error(`--${name} takes a whole number from 0 to ${2 ** 31 - 1}, not "${values[name]}".`);
  process.exit(2);
}

const seed = number("seed", Date.now() % 1e9);
const count = number("programs", values.seed === undefined ? 10_000 : 1);
const folder = await mkdtemp(join(tmpdir(), "kapok-fuzz-"));
try {
  console.log(`Programs ${seed} to ${seed + count - 1}`);
  const report = await fuzz({ folder, seed, count, toolchain: values.toolchain, onProgress: console.log });
  console.log(report.failure ?? `All ${count} do the same everywhere, in ${report.waits} lines of trace.`);
  if (report.failure) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
