// SPDX-License-Identifier: MIT
// Gets an app's module from whatever holds it, and explains why it cannot be had or used.
import { EINVAL, EIO, ENOENT, ENOMEM, ENOTSUP } from "./abi.gen.js";
import { describe, KapokError } from "./errors.js";

/**
 * @param {import("./load.js").Source} app
 * @param {import("./load.js").LoadOptions} options
 * @returns {Promise<WebAssembly.Module>}
 * @throws {KapokError}
 */
export async function compile(app, options) {
  if (typeof WebAssembly === "undefined")
    throw new KapokError(
      ENOTSUP,
      "The app needs WebAssembly, which this browser has switched off. Some do in a lockdown or strict mode: exempt this page.",
    );
  if (app instanceof WebAssembly.Module) return app;
  if (ArrayBuffer.isView(app) || app instanceof ArrayBuffer) return compileBytes(app, "The app");
  let what = `${app}`;
  try {
    const response = app instanceof Response ? app : await request(app, options);
    what = response.url || "The app";
    if (!response.ok) throw refused(what, response.status);
    return await compileBytes(await response.arrayBuffer(), what);
  } catch (thrown) {
    options.signal?.throwIfAborted();
    if (thrown instanceof KapokError) throw thrown;
    throw new KapokError(
      EIO,
      `${what} could not be loaded: the network is down, or the server refused (${describe(thrown)}).`,
      thrown,
    );
  }
}

/**
 * @param {string | URL} url
 * @param {import("./load.js").LoadOptions} options
 */
async function request(url, options) {
  try {
    return await fetch(url, options);
  } catch (thrown) {
    if (!options.integrity) throw thrown;
    // Browsers do not tell a wrong hash from no answer, nor from an answer that says why there is no file.
    const response = await fetch(url, { signal: options.signal });
    if (!response.ok) return response;
    await compileBytes(await response.arrayBuffer(), response.url);
    throw new KapokError(
      EIO,
      `${response.url} is not the file that was published with this page: one of them is older. Publish the whole folder anew.`,
      thrown,
    );
  }
}

/**
 * @param {string} what
 * @param {number} status
 */
function refused(what, status) {
  return status === 404
    ? new KapokError(ENOENT, `${what} is not on the server. Publish the whole folder.`)
    : new KapokError(EIO, `${what} could not be loaded: the server answered ${status}.`);
}

/**
 * @param {BufferSource} source
 * @param {string} what
 */
async function compileBytes(source, what) {
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  if (start !== "\0asm")
    throw new KapokError(
      EINVAL,
      start.trim().startsWith("<")
        ? `${what} is not an app but a web page, which some servers send when a file is missing. Publish the whole folder.`
        : `${what} is not a WebAssembly module. Publish the folder anew.`,
    );
  try {
    return await WebAssembly.compile(bytes);
  } catch (thrown) {
    const cause = describe(thrown);
    if (/unsafe-eval|Content.Security.Policy/i.test(cause))
      throw new KapokError(
        EINVAL,
        "The page's Content-Security-Policy forbids WebAssembly. Add 'wasm-unsafe-eval' to its script-src.",
        thrown,
      );
    throw new KapokError(
      EINVAL,
      `${what} is damaged or cut short: ${cause}. Publish the folder anew.`,
      thrown,
    );
  }
}

/**
 * @param {unknown} thrown by WebAssembly.instantiate
 * @returns {KapokError}
 */
export function explain(thrown) {
  return thrown instanceof RangeError
    ? new KapokError(ENOMEM, `There is not enough memory for the app: ${describe(thrown)}.`, thrown)
    : new KapokError(
        EINVAL,
        `The app was built with another version of Kapok than this runtime: ${describe(thrown)}. Build and publish it anew.`,
        thrown,
      );
}

/**
 * As the function of that name in load.js.
 * @param {string} url
 * @param {import("./load.js").LoadOptions} options
 * @param {WebAssembly.Imports} imports
 * @returns {Promise<WebAssembly.Exports>}
 * @throws {KapokError}
 */
export async function instantiateAt(url, options, imports) {
  const module = await compile(url, options);
  try {
    return (await WebAssembly.instantiate(module, imports)).exports;
  } catch (thrown) {
    throw explain(thrown);
  }
}
