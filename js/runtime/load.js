// SPDX-License-Identifier: MIT
// Gets and compiles an app's module. Each way in which that fails has a message of its own.
import { EINVAL, EIO, ENOENT, ENOMEM, ENOTSUP, EXPORTS } from "./abi.gen.js";
import { describe, KapokError } from "./errors.js";

/** @typedef {string | URL | Response | BufferSource | WebAssembly.Module} Source */

/**
 * @param {Source} app
 * @param {{integrity?: string, signal?: AbortSignal}} [options]
 * @returns {Promise<WebAssembly.Module>}
 * @throws {KapokError}
 */
export async function compile(app, options = {}) {
  if (typeof WebAssembly !== "object")
    throw new KapokError(ENOTSUP, "This browser has WebAssembly switched off, and the app needs it.");
  if (app instanceof WebAssembly.Module) return app;
  if (ArrayBuffer.isView(app) || app instanceof ArrayBuffer) return compileBytes(app, "The app");
  const response = app instanceof Response ? app : await request(app, options);
  const { url, headers } = response;
  const type = headers.get("content-type") ?? "";
  const what = url || "The app";
  if (!response.ok)
    throw new KapokError(
      response.status === 404 ? ENOENT : EIO,
      `${what}: the server answered ${response.status}. Is the file where the page looks for it?`,
    );
  try {
    // The browser compiles while it loads, but only when the server names the right type.
    if (type === "application/wasm") return await WebAssembly.compileStreaming(response);
    return await compileBytes(await response.arrayBuffer(), what);
  } catch (thrown) {
    throw explained(thrown, what, options.signal);
  }
}

/**
 * @param {WebAssembly.Module} module
 * @param {WebAssembly.Imports} imports
 * @returns {Promise<WebAssembly.Exports>}
 * @throws {KapokError}
 */
export async function instantiate(module, imports) {
  let cause;
  try {
    const { exports } = await WebAssembly.instantiate(module, imports);
    const missing = EXPORTS.find((name) => !exports[name]);
    if (!missing) return exports;
    cause = `it has no ${missing}`;
  } catch (thrown) {
    cause = describe(thrown);
    if (thrown instanceof RangeError)
      throw new KapokError(ENOMEM, `There is not enough memory: ${cause}.`, thrown);
  }
  throw new KapokError(
    EINVAL,
    `The app was built with another version of Kapok than this runtime: ${cause}. Build and publish it again.`,
  );
}

/**
 * @param {string | URL} url
 * @param {{integrity?: string, signal?: AbortSignal}} options
 */
async function request(url, { integrity, signal }) {
  try {
    return await fetch(url, { integrity, signal });
  } catch (thrown) {
    throw explained(thrown, `${url}`, signal);
  }
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
  if (start === "\0asm") return WebAssembly.compile(source);
  throw new KapokError(
    EINVAL,
    `${what} is not a WebAssembly module${start.trim()[0] === "<" ? " but a web page, which servers send when a file is missing" : ""}. Was everything published?`,
  );
}

/**
 * @param {unknown} thrown
 * @param {string} what
 * @param {AbortSignal} [signal]
 */
function explained(thrown, what, signal) {
  if (thrown instanceof KapokError || signal?.aborted) return thrown;
  const cause = describe(thrown);
  return thrown instanceof WebAssembly.CompileError
    ? new KapokError(EINVAL, `${what} is damaged or cut short: ${cause}. Publish it again.`, thrown)
    : new KapokError(
        EIO,
        `${what} could not be loaded: the network is down, the server refused, or the file is not the one that was published (${cause}).`,
        thrown,
      );
}
