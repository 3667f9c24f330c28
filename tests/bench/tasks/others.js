// SPDX-License-Identifier: MIT
// The sides of ./build.sh bench tasks that run on other people's runtimes.

/**
 * Emscripten's fibers, see fibers.c.
 * @param {() => Promise<any>} create what emcc has made
 */
export async function createFibers(create) {
  const app = await create();
  return {
    /** @param {number} frames */
    async switch(frames) {
      app._measure_switch(frames);
      return app._last_result();
    },
    async spawn() {
      app._measure_spawn();
      return app._last_result();
    },
  };
}

/**
 * asyncio in Pyodide, see coroutines.py.
 * @param {any} python
 * @param {string} source
 */
export function createAsyncio(python, source) {
  python.runPython(source);
  const call = (/** @type {string} */ name, /** @type {any[]} */ ...operands) =>
    python.globals.get(name)(...operands);
  return {
    /** @param {number} frames */
    switch: (frames) => call("measure_switch", frames),
    spawn: () => call("measure_spawn"),
    channel: () => call("measure_channel"),
    async sleepers() {
      const before = python._module.HEAPU8.length;
      const tasks = await call("sleeping");
      const bytes = (python._module.HEAPU8.length - before) / tasks.length;
      return { bytes, cancel: await call("cancel", tasks), count: tasks.length };
    },
    naps: async () => (await call("measure_naps")).toJs(),
    /** @param {number} milliseconds */
    compute: (milliseconds) => call("compute", milliseconds),
  };
}
