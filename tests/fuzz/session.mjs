// SPDX-License-Identifier: MIT
// Compares a run of programs, batch by batch, until one fails.
import { mapLimited } from "../../wasm/process.mjs";
import { createComparison } from "./compare.mjs";
import { generate } from "./generate.mjs";
import { minimise } from "./minimise.mjs";
import { renderProgram } from "./render.mjs";

/** @typedef {import("./compare.mjs").Difference} Difference */

const BATCH = 100;
const AT_ONCE = 2; // one compiles or runs while Binaryen has the other
const SHOWN = 5; // of those that fail
const PATIENCE = 150_000; // for making a program smaller, in milliseconds

/**
 * @param {object} options
 * @param {string} options.folder for all that is built
 * @param {number} options.seed of the first program; the others have those that follow
 * @param {number} options.count
 * @param {string} [options.toolchain]
 * @param {(text: string) => void} [options.onProgress]
 * @returns {Promise<{ waits: number, failure?: string }>} how many lines the traces have
 */
export async function fuzz({ folder, seed, count, toolchain = "wasi", onProgress = () => {} }) {
  const compare = createComparison(folder, toolchain);
  const starts = Array.from({ length: Math.ceil(count / BATCH) }, (_, i) => i * BATCH);
  /** @type {Difference[]} */
  const differences = [];
  let [waits, done] = [0, 0];
  await mapLimited(starts, AT_ONCE, async (start) => {
    if (differences.length > 0) return;
    const length = Math.min(BATCH, count - start);
    const batch = Array.from({ length }, (_, i) => generate(seed + start + i));
    const result = await compare(batch);
    differences.push(...result.differences);
    waits += result.waits;
    done += length;
    onProgress(`${done} of ${count} compared`);
  });
  return {
    waits,
    failure: differences.length > 0 ? await describe(differences, compare, onProgress) : undefined,
  };
}

/**
 * @param {Difference[]} differences
 * @param {ReturnType<typeof createComparison>} compare
 * @param {(text: string) => void} onProgress
 */
async function describe(differences, compare, onProgress) {
  const lines = differences.slice(0, SHOWN).map(({ programs, level, why }) => {
    const replay = `node tests/fuzz/fuzz.mjs --seed ${programs[0].seed}`;
    const together = programs.length > 1 ? ` --programs ${programs.length}` : "";
    return `${level === "native" ? "natively" : `at -O${level}`}: ${replay}${together}\n  ${why}`;
  });
  if (differences.length > SHOWN) lines.push(`and ${differences.length - SHOWN} more`);
  const single = differences.find(({ programs, level }) => programs.length === 1 && level !== "native");
  if (single) {
    onProgress(`Program ${single.programs[0].seed} fails; making it smaller`);
    const levels = [/** @type {import("./compare.mjs").Level} */ (single.level)];
    const smallest = await minimise(
      single.programs[0],
      async (candidate) =>
        (await compare([candidate], levels, [])).differences.some(({ level }) => level !== "native"),
      PATIENCE,
    );
    const stillFails = (await compare([smallest], levels)).differences.some(
      ({ level }) => level !== "native",
    );
    lines.push(stillFails ? "The smallest that fails:" : "It fails as it is:");
    lines.push(renderProgram(stillFails ? smallest : single.programs[0]));
  }
  return lines.join("\n");
}
