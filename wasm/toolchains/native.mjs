// SPDX-License-Identifier: MIT
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { run, withFolder } from "../process.mjs";

/** How many compilers to run at once. */
export const jobs = availableParallelism();

/**
 * Compiles with a program of this machine.
 * @param {string} compiler
 * @param {string[]} flags of the driver
 * @param {import('./wasm-ld.mjs').CompileJob} job
 * @returns {Promise<import('./wasm-ld.mjs').CompileResult>}
 */
export function compileNatively(compiler, flags, job) {
  return withFolder(async (folder) => {
    const object = join(folder, "object.o");
    const result = await run(compiler, [...flags, ...job.flags, "-c", job.source, "-o", object]);
    return { object: result.ok ? await readFile(object) : null, output: result.stderr };
  });
}

/**
 * Links with a program of this machine, in a folder of its own.
 * @param {string} linker
 * @param {import('../archive.mjs').Member[]} inputs
 * @param {(names: string[]) => string[]} argumentsFor gives the arguments for inputs of these names
 * @returns {Promise<{ module: Uint8Array | null, stdout: string, output: string }>}
 */
export function linkNatively(linker, inputs, argumentsFor) {
  return withFolder(async (cwd) => {
    await Promise.all(inputs.map(({ name, bytes }) => writeFile(join(cwd, name), bytes)));
    const args = [...argumentsFor(inputs.map(({ name }) => name)), "-o", "linked.wasm"];
    const { ok, stdout, stderr } = await run(linker, args, { cwd });
    return { module: ok ? await readFile(join(cwd, "linked.wasm")) : null, stdout, output: stderr };
  });
}
