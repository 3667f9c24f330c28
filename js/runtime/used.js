// SPDX-License-Identifier: MIT
// What only some apps use. Here is all of it, for pages that may mount any app. The page that Kapok makes for
// one app has in place of this file what that app uses: see js/used.js.
import { abort, call, copy_text, read_number, read_text, request } from "./imports.js";

export { ATTRIBUTES, EVENTS, PROPERTIES, STYLES, TAGS } from "./abi.gen.js";

/** @param {import("./imports.js").ImportHost} host */
export const createUsedImports = (host) => ({
  abort: abort(host),
  call: call(host),
  copy_text: copy_text(host),
  read_number: read_number(host),
  read_text: read_text(host),
  request: request(host),
});

/** @type {Record<string, import("./imports.js").HostFunction>} what kp_await may call: an app's own functions.js */
export const FUNCTIONS = {};

/** Whether it may link to an address or load one. */
export const USES_ADDRESSES = /** @type {boolean} */ (true);

/** Whether it may import from WASI, and so call exit(). */
export const USES_WASI = /** @type {boolean} */ (true);

/** @param {Parameters<typeof import("./wasi.js").createWasi>[0]} host */
export const createWasi = async (host) => (await import("./wasi.js")).createWasi(host);
