// SPDX-License-Identifier: MIT
// Gets an app's module: the fast way and, should that fail, the careful way, which knows what can go
// wrong. The latter is loaded only then.
import { EIO, EXPORTS } from "./abi.gen.js";
import { KapokError } from "./errors.js";

/** @typedef {string | URL | Response | BufferSource | WebAssembly.Module} Source */

/** @typedef {{integrity?: string, signal?: AbortSignal}} LoadOptions */

const careful = () =>
  import("./careful.js").catch((thrown) => {
    throw new KapokError(EIO, "The network is down, or not everything was published.", thrown);
  });

/**
 * @param {string | URL} url
 * @param {LoadOptions} options
 * @returns {Promise<WebAssembly.Module>}
 * @throws {KapokError}
 */
export async function compileAt(url, options) {
  try {
    return await WebAssembly.compileStreaming(fetch(url, options));
  } catch {
    options.signal?.throwIfAborted();
    return (await careful()).compile(url, options);
  }
}

/**
 * For modules from anywhere, which may not fit this runtime.
 * @param {Source} app
 * @param {LoadOptions} options
 * @returns {Promise<WebAssembly.Module>}
 * @throws {KapokError}
 */
export async function compile(app, options) {
  const isAddress = typeof app === "string" || app instanceof URL;
  const module = isAddress ? await compileAt(app, options) : await (await careful()).compile(app, options);
  const exported = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
  const missing = EXPORTS.find((name) => !exported.has(name));
  if (missing) throw (await careful()).explain(`it lacks ${missing}`);
  return module;
}

/**
 * @param {WebAssembly.Module} module
 * @param {WebAssembly.Imports} imports
 * @returns {Promise<WebAssembly.Exports>}
 * @throws {KapokError}
 */
export async function instantiate(module, imports) {
  try {
    return (await WebAssembly.instantiate(module, imports)).exports;
  } catch (thrown) {
    throw (await careful()).explain(thrown);
  }
}

/**
 * Both at once, for the page's own app.
 * @param {string} url
 * @param {LoadOptions} options
 * @param {WebAssembly.Imports} imports
 * @returns {Promise<WebAssembly.Exports>}
 * @throws {KapokError}
 */
export async function instantiateAt(url, options, imports) {
  try {
    return (await WebAssembly.instantiateStreaming(fetch(url, options), imports)).instance.exports;
  } catch {
    return (await careful()).instantiateAt(url, options, imports);
  }
}
