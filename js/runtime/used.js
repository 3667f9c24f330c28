// SPDX-License-Identifier: MIT
// What only some apps use. Here is all of it, for pages that may mount any app. The page that Kapok makes for
// one app has in place of this file what that app uses, so that a bundler drops the rest: see js/used.js.
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

/** Called when these have been loaded, if there are any. @type {(() => void) | null} */
export const functionsAreLoaded = null;

/** @param {Parameters<typeof import("./wasi.js").createWasi>[0]} host */
export const createWasi = async (host) => (await import("./wasi.js")).createWasi(host);

const yes = /** @type {boolean} */ (true);

/** Stands for what there is only if one of the following is true. */
export const unused = /** @type {any} */ (undefined);

/** Whether the app may be one of several in a page of someone else, who may stop it. */
export const IS_EMBEDDED = yes;
/** Whether it may ask to be called again later; whether it may need a clock. */
export const USES_TICKS = yes;
export const USES_CLOCK = yes;
/** Whether it may be a development build, which can list its tasks. */
export const CAN_DUMP = yes;
/** Whether it may import from WASI, and so call exit(). */
export const USES_WASI = yes;
/** Whether it may call functions of the page. */
export const USES_CALLS = yes;
/** Whether it may read properties. */
export const USES_READING = yes;
/** Whether it may listen to events of the page; of these, to keys; to such as do not bubble; to images that cannot
 * be loaded; to a change of the page's size. */
export const USES_EVENTS = yes;
export const USES_KEYS = yes;
export const USES_QUIET_EVENTS = yes;
export const USES_IMAGE_ERRORS = yes;
export const USES_RESIZE = yes;
/** Whether it may set properties of elements, or of their style. */
export const USES_PROPERTIES = yes;
export const USES_STYLES = yes;
/** Whether it may link to an address or load one. */
export const USES_ADDRESSES = yes;
/** Whether it may show items, and so make templates of controls. */
export const USES_ITEMS = yes;
/** Whether it may move the keyboard's focus; whether anything in it may have the focus. */
export const USES_FOCUS = yes;
export const CAN_FOCUS = yes;
