// SPDX-License-Identifier: MIT
// Runs in the page: tells the program how much to do, and what the page knows of its memory. `stress.run` is called
// from outside.

/** @type {{ answer: (count: string) => void, told: () => void }} */
const waiting = { answer() {}, told() {} };
let dumped = "";
/** @type {WebAssembly.Memory} */
let memory;

const { instantiate } = WebAssembly;
/** @type {any} */ (WebAssembly).instantiate = async (/** @type {[any, any]} */ ...given) => {
  const instance = /** @type {any} */ (await instantiate(...given));
  ({ memory } = instance.exports);
  return instance;
};

const { info } = console;
console.info = (line) => {
  if (/^memory: /.test(line)) dumped = line;
  else if (!/^( |task )/.test(line)) info(line);
};

/** How many tasks of the program wait for what never comes. */
let forgotten = 0;

/** @param {string} _argument @param {{ signal: AbortSignal }} options */
export function never(_argument, { signal }) {
  forgotten++;
  signal.addEventListener("abort", () => forgotten--);
  return new Promise(() => {});
}

export function pause() {
  waiting.told();
  return new Promise((resolve) => (waiting.answer = resolve));
}

Object.assign(globalThis, {
  stress: {
    /** @param {number} mounts */
    run: (mounts) =>
      new Promise((resolve) => {
        waiting.told = () => resolve({ dumped, forgotten, wasm: memory.buffer.byteLength });
        waiting.answer(`${mounts}`);
      }),
  },
});
