// SPDX-License-Identifier: MIT
// The public entry `kapok/testing`: runs an app in Node, on a page without a browser (happy-dom), and with a clock
// that stands still until the test lets time pass. What runs is the published module, under this package's
// own runtime; the scripts and stylesheets of the page itself are not loaded.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Window } from "happy-dom";
import { describe } from "../runtime/errors.js";
import { compile, instantiate } from "../runtime/load.js";
import { createProgram } from "../runtime/program.js";
import { createVirtualClock } from "./clock.js";
import { find, visibleTexts } from "./find.js";
import { growing } from "./grow.js";
import { createUser } from "./user.js";

/** @typedef {import("./find.js").Target} Target */

const orders = ["fifo", "reversed", "random"]; // as in wasm/abi.json

/**
 * @typedef {object} TestOptions
 * @property {number} [width] of the window in CSS pixels; default: 1024
 * @property {number} [height] default: 768
 * @property {number} [seed] of the random bytes that the app gets; default: 1
 * @property {Record<string, import("../runtime/imports.js").HostFunction>} [functions] what the app may call by kp_await
 * @property {Rehearsal} [rehearse] runs the tasks of a development build as they might run, but seldom do
 * @property {boolean} [growEveryCall] lets memory grow by a page at each call into and out of the app, as it might
 * @property {"reject" | "collect"} [errors] what an error that the app did not handle does: "reject" makes the
 *   action during which it happened fail (the default); "collect" only adds it to `errors`
 */

/**
 * @typedef {object} Rehearsal
 * @property {"fifo" | "reversed" | "random"} [order] of tasks that are ready at the same time; default: as they became
 *   ready
 * @property {number} [seed] of "random"; default: 1
 * @property {boolean} [switchAlways] what could go on at once waits for its turn all the same
 * @property {number} [cancelAt] the task that is about to wait as number so many, counted from 1, is canceled there
 */

/**
 * @typedef {object} Line
 * @property {"stdout" | "stderr" | "info" | "warning" | "error"} level the last three are messages of the runtime
 * @property {string} text
 */

/**
 * @typedef {object} TestApp
 * @property {(target: Target) => Promise<void>} click with the pointer, on a selector, a text or an element
 * @property {(target: Target, text: string) => Promise<void>} type key by key, at the end of a field; "\n" is Enter
 * @property {(keys: string) => Promise<void>} press where the focus is: "a", "Enter", "Shift+Tab"
 * @property {(target: Target, on?: boolean) => Promise<void>} check ticks a box, or unticks it
 * @property {(width: number, height: number) => Promise<void>} resize the window
 * @property {(milliseconds: number) => Promise<void>} advance lets time pass; all that falls due happens at its moment
 * @property {(selector?: Target) => string} text what a user can read, a line for each piece
 * @property {(selector: string) => Element | null} query the first element that matches
 * @property {() => string} html what the app made of the page
 * @property {Line[]} console all lines so far
 * @property {Error[]} errors that the app did not handle
 * @property {number | undefined} exited the status, when the program has ended and will not run again
 * @property {Window} window of the page
 * @property {() => Promise<void>} close ends the app and the page
 */

/**
 * Runs a published app.
 * @param {string | URL} folder the one that `kapok build` wrote
 * @param {TestOptions} [options]
 * @returns {Promise<TestApp>} when main has waited for the first time
 * @throws {Error} when the folder holds no app, or the app fails
 */
export async function load(folder, options) {
  const path = folder instanceof URL ? fileURLToPath(folder) : folder;
  const html = await readFile(join(path, "index.html"), "utf8").catch((thrown) => {
    throw new Error(`${path} holds no index.html: build the app first, with kapok build.`, { cause: thrown });
  });
  const link = /<link\s[^>]*\bid="?kapok-app\b[^>]*>/.exec(html)?.[0];
  const [, quoted, bare] = /\bhref=(?:"([^"]*)"|([^\s>]*))/.exec(link ?? "") ?? [];
  const address = quoted ?? bare;
  if (!address)
    throw new Error(
      `${join(path, "index.html")} names no app. A page with a script of its own is for a browser; here, give its module to loadWasm.`,
    );
  const file = decodeURIComponent(new URL(address, "http://localhost/").pathname);
  return start(await readFile(join(path, file)), html, options);
}

/**
 * Runs a module on an empty page.
 * @param {import("../runtime/load.js").Source} app
 * @param {TestOptions} [options]
 * @returns {Promise<TestApp>} when main has waited for the first time
 * @throws {Error} when it is no app, the app fails, or cannot be rehearsed
 */
export const loadWasm = (app, options) => start(app, "<!doctype html><body></body>", options);

/**
 * @param {string} html
 * @param {TestOptions} options
 * @returns {any}
 */
function createWindow(html, { width = 1024, height = 768 }) {
  const window = new Window({
    url: "http://localhost/",
    width,
    height,
    settings: {
      disableCSSFileLoading: true,
      disableJavaScriptFileLoading: true,
      handleDisabledFileLoadingAsSuccess: true,
      navigation: { disableMainFrameNavigation: true },
    },
  });
  window.document.write(html);
  return window;
}

/**
 * Bytes that are as good as random and the same every time (mulberry32).
 * @param {number} seed
 */
function createRandom(seed) {
  return (/** @type {Uint8Array} */ bytes) => {
    for (let i = 0; i < bytes.length; i++) {
      seed = (seed + 0x6d2b79f5) | 0;
      let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      bytes[i] = mixed ^ (mixed >>> 14);
    }
  };
}

/**
 * @param {import("../runtime/load.js").Source} source
 * @param {string} html
 * @param {TestOptions} [options]
 * @returns {Promise<TestApp>}
 */
async function start(source, html, options = {}) {
  const module = await compile(source, {});
  if (options.rehearse && !WebAssembly.Module.exports(module).some(({ name }) => name === "kp_dump"))
    throw new Error("Only a development build can be rehearsed: build the app with kapok build --dev.");
  const window = createWindow(html, options);
  const { body } = window.document;
  const clock = createVirtualClock();
  /** @type {Error[]} those that no action has rejected with yet */
  const unseen = [];
  /** @type {Error | undefined} */
  let failure;

  /** @param {Error} error */
  function report(error) {
    app.errors.push(error);
    if (options.errors !== "collect") unseen.push(error);
  }

  function check() {
    if (failure) throw failure;
    const [first, ...others] = unseen.splice(0);
    if (first)
      throw others.length
        ? new AggregateError([first, ...others], [first, ...others].map(describe).join("\n"))
        : first;
  }

  async function rest() {
    await clock.advance(0);
    check();
  }

  const user = createUser(window, rest);
  /** @type {TestApp} */
  const app = {
    ...user,
    async advance(milliseconds) {
      await clock.advance(milliseconds);
      check();
    },
    async resize(width, height) {
      window.happyDOM.setViewport({ width, height });
      window.dispatchEvent(new window.Event("resize"));
      await rest();
    },
    text: (selector) => visibleTexts(selector === undefined ? body : find(body, selector)).join("\n"),
    query: (selector) => body.querySelector(selector),
    html: () => body.innerHTML,
    console: [],
    errors: [],
    exited: undefined,
    window,
    async close() {
      program.stop();
      await window.happyDOM.close();
    },
  };

  const program = await createProgram({
    module,
    root: body,
    clock,
    random: createRandom(options.seed ?? 1),
    functions: options.functions,
    link: options.growEveryCall ? growing(instantiate) : instantiate,
    log(level, text) {
      app.console.push({ level: /** @type {const} */ (["info", "warning", "error"])[level], text });
      if (level === 2) report(new Error(text));
    },
    print: (isError, text) => app.console.push({ level: isError ? "stderr" : "stdout", text }),
    onEnd: (status) => (app.exited = status),
    onFailure(error) {
      app.errors.push(error);
      failure = error;
    },
  });
  try {
    const { order = "fifo", seed = 1, switchAlways = false, cancelAt = 0 } = options.rehearse ?? {};
    program.start(orders.indexOf(order), seed, +switchAlways, cancelAt);
    await rest();
    return app;
  } catch (thrown) {
    await app.close();
    throw thrown;
  }
}
