// SPDX-License-Identifier: MIT
// One round of ./build.sh bench tasks: every side measures everything, by turns, in this very process or page.

/** @typedef {Record<string, Record<string, number>>} Figures by measurement and side */

const CLICKS = 20_000;
const COMPUTING = 1500; // milliseconds

/** @param {number[]} values @param {number} share */
const quantile = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

/** What one side has left behind, such as garbage to collect, is not to be the next one's. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 50));

/** Frames that the browser draws in a second while `work` goes on. @param {() => Promise<unknown>} work */
async function framesDuring(work) {
  let [frames, isOver] = [0, false];
  const count = () => {
    if (isOver) return;
    frames++;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  const start = performance.now();
  await work();
  isOver = true;
  return (frames * 1000) / (performance.now() - start);
}

/**
 * @param {Record<string, any>} sides by name
 * @param {{ document?: Document, isFirst: boolean }} options document: of a real browser; isFirst: whether also to
 *   measure what takes long and varies little
 * @returns {Promise<Figures>}
 */
export async function measure(sides, { document, isFirst }) {
  /** @type {Figures} */
  const figures = {};
  const note = (/** @type {string} */ name, /** @type {string} */ side, /** @type {number} */ value) => {
    (figures[name] ??= {})[side] = value;
  };
  for (const frames of [2, 7, 22])
    for (const [name, side] of Object.entries(sides)) {
      await rest();
      note(`switch ${frames}`, name, await side.switch(frames));
    }
  for (const measurement of ["spawn", "channel"])
    for (const [name, side] of Object.entries(sides)) {
      await rest();
      if (side[measurement]) note(measurement, name, await side[measurement]());
    }
  for (const name of ["kapok", "javascript"])
    if (document) note("dispatch", name, sides[name].dispatch(document, CLICKS));
  if (!isFirst) return figures;
  for (const [name, side] of Object.entries(sides)) {
    if (!side.sleepers) continue;
    const { bytes, cancel, count } = await side.sleepers();
    note("sleeper bytes", name, bytes);
    note("sleeper cancel", name, (cancel * 1e6) / count);
    const naps = document ? await side.naps() : [];
    if (!document) continue;
    note("nap median", name, quantile(naps, 0.5));
    note("nap p99", name, quantile(naps, 0.99));
    note("frames", name, await framesDuring(() => side.compute(COMPUTING)));
  }
  return figures;
}

/**
 * What a handler costs, which is so little that it shows what else has run there: to be measured in a fresh page, as
 * a page of Kapok's is. The first time is for the engine to get to know the code.
 * @param {Record<string, any>} sides by name: Kapok and JavaScript
 * @returns {Promise<Figures>}
 */
export async function measureHandlers({ kapok, javascript }) {
  /** @type {Figures} */
  const figures = {};
  for (const [name, side] of Object.entries({ kapok, javascript })) {
    await side.handler();
    for (const [part, value] of Object.entries(await side.handler())) (figures[part] ??= {})[name] = value;
  }
  return figures;
}
