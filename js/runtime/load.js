// SPDX-License-Identifier: MIT
// Gets an app's module: the fast way and, should that fail, the careful way, which knows what can go
// wrong. The latter is loaded only then.
import { EINVAL, EIO, EXPORTS } from "./abi.gen.js";
import { KapokError } from "./errors.js";

/** @typedef {string | URL | Response | BufferSource | WebAssembly.Module} Source */

/** @typedef {{integrity?: string, signal?: AbortSignal}} LoadOptions */

const careful = () =>
  import("./careful.js").catch((thrown) => {
    throw new KapokError(EIO, "The network is down, or not everything was published.", thrown);
  });

/**
 * @param {Source} app
 * @param {LoadOptions} options
 * @returns {Promise<WebAssembly.Module>}
 * @throws {KapokError}
 */
export async function compile(app, options) {
  if (typeof app === "string" || app instanceof URL)
    try {
      return await WebAssembly.compileStreaming(fetch(app, options));
    } catch {
      options.signal?.throwIfAborted();
    }
  return (await careful()).compile(app, options);
}

/**
 * @param {WebAssembly.Module} module
 * @param {WebAssembly.Imports} imports
 * @returns {Promise<WebAssembly.Exports>}
 * @throws {KapokError}
 */
export async function instantiate(module, imports) {
  try {
    const { exports } = await WebAssembly.instantiate(module, imports);
    const missing = EXPORTS.find((name) => !exports[name]);
    if (missing) throw new KapokError(EINVAL, `it lacks ${missing}`);
    return exports;
  } catch (thrown) {
    throw (await careful()).explain(thrown);
  }
}
