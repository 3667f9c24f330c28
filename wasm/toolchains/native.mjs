// SPDX-License-Identifier: MIT
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run, withFolder } from '../process.mjs';

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
    const object = join(folder, 'object.o');
    const result = await run(compiler, [...flags, ...job.flags, '-c', job.source, '-o', object]);
    return { object: result.ok ? await readFile(object) : null, output: result.stderr };
  });
}

/**
 * Writes the inputs of a link into a folder and runs `link` in there.
 * @param {import('../archive.mjs').Member[]} inputs
 * @param {(names: string[], output: string, folder: string) => Promise<void>} link
 * @returns {Promise<Uint8Array>} what it has written to `output`
 */
export function linkNatively(inputs, link) {
  return withFolder(async (folder) => {
    await Promise.all(inputs.map(({ name, bytes }) => writeFile(join(folder, name), bytes)));
    await link(
      inputs.map(({ name }) => name),
      'linked.wasm',
      folder,
    );
    return readFile(join(folder, 'linked.wasm'));
  });
}
