// SPDX-License-Identifier: MIT
// Puts an app into a part of a page, and takes it out again.
import { ECANCELED, EINVAL, LOG_ERROR, LOG_WARNING } from "./abi.gen.js";
import { createClock } from "./clock.js";
import { describe, KapokError } from "./errors.js";
import { compile } from "./load.js";
import { showFailure } from "./overlay.js";
import { createProgram } from "./program.js";

/**
 * @typedef {object} MountOptions
 * @property {import("./load.js").Source} app the module: its address, its bytes, or compiled
 * @property {HTMLElement} root what the app fills; it is to have no other use until unmount
 * @property {string} [integrity] what the file must hash to, as in HTML
 * @property {import("./clock.js").Clock} [clock] the app's time, default: the browser's
 * @property {Pick<Console, "log" | "info" | "warn" | "error">} [console] where the app writes to
 * @property {AbortSignal} [signal] aborts the loading, and later unmounts the app
 * @property {(error: KapokError) => void} [onFailure] called when the app has crashed for good, instead
 *   of telling the user and offering to restart it
 */

/**
 * @typedef {object} App
 * @property {Promise<number>} exited the exit status, once the program has ended by itself and nothing
 *   of it can run again; rejects when it crashed or was unmounted. After a restart there is a new one.
 * @property {() => Promise<void>} restart starts the program from the beginning
 * @property {() => void} dump logs what every task is doing
 * @property {() => void} unmount ends the app and leaves the page as it was
 */

// Shared by all copies of this runtime on a page.
const used = Symbol.for("kapok.root");

/**
 * Runs an app in an element.
 * @param {MountOptions} options
 * @returns {Promise<App>} when main has waited for the first time
 * @throws {KapokError} when the app cannot be loaded or does not fit
 */
export async function mount(options) {
  const { app, root, integrity, signal } = options;
  const reset = claim(root);
  try {
    const module = await compile(app, { integrity, signal });
    signal?.throwIfAborted();
    return await run(module, options, reset);
  } catch (thrown) {
    reset(true);
    throw thrown;
  }
}

/**
 * Takes an element into use.
 * @param {any} root
 * @returns {(isOver: boolean) => void} gives it back as it was or, when the use is not over, without children
 */
function claim(root) {
  if (root?.nodeType !== 1)
    throw new KapokError(
      EINVAL,
      `root must be an element, not ${describe(root)}. Does the script run before it exists?`,
    );
  if (root[used]) throw new KapokError(EINVAL, "root holds an app already: unmount that one first.");
  root[used] = true;
  const { ownerDocument, childNodes, attributes } = root;
  const { title } = ownerDocument;
  const children = [...childNodes];
  const values = new Map(Array.from(attributes, ({ name, value }) => [name, value]));
  return (isOver) => {
    for (const name of root.getAttributeNames()) if (!values.has(name)) root.removeAttribute(name);
    for (const [name, value] of values)
      if (root.getAttribute(name) === value) continue;
      // A strict Content-Security-Policy has no effect on this way only.
      else if (name === "style") root.style.cssText = value;
      else root.setAttribute(name, value);
    if (root === ownerDocument.body) ownerDocument.title = title;
    root.replaceChildren(...(isOver ? children : []));
    root[used] = !isOver;
  };
}

/**
 * @param {WebAssembly.Module} module
 * @param {MountOptions} options
 * @param {(isOver: boolean) => void} reset
 */
async function run(module, { root, console = globalThis.console, signal, onFailure, ...options }, reset) {
  const clock = options.clock ?? createClock(root.ownerDocument);
  /** @type {import("./program.js").Program} */
  let program;
  let isMounted = true;
  let attempts = 0;
  /** @type {(status: number) => void} */
  let end;
  /** @type {(reason: unknown) => void} */
  let fail;

  /** @type {App} */
  const app = {
    exited: Promise.resolve(0),
    dump: () => program.dump(),
    async restart() {
      if (!isMounted) throw new KapokError(ECANCELED, "The app has been unmounted: mount it anew.");
      stop();
      reset(false);
      await start();
    },
    unmount() {
      if (!isMounted) return;
      isMounted = false;
      stop();
      reset(true);
    },
  };

  function stop() {
    program.stop();
    fail(new KapokError(ECANCELED, "The app has been stopped."));
  }

  /** @param {any} error */
  function crash(error) {
    fail(error);
    console.error(error.message);
    if (onFailure) return onFailure(error);
    const title = "The app has crashed";
    const box = showFailure(root, "alertdialog", title, error.message, "Restart", () =>
      app.restart().catch(crash),
    );
    box.querySelector("button")?.focus();
  }

  async function start() {
    app.exited = new Promise((resolve, reject) => {
      end = resolve;
      fail = reject;
    });
    // Not everyone waits for the end.
    app.exited.catch(() => {});
    const attempt = ++attempts;
    const made = await createProgram({
      module,
      root,
      clock,
      log: (level, text) =>
        console[level === LOG_ERROR ? "error" : level === LOG_WARNING ? "warn" : "info"](text),
      print: (isError, line) => console[isError ? "error" : "log"](line),
      onEnd: (status) => end(status),
      onFailure: crash,
    });
    // Another restart may have overtaken this one.
    if (attempt !== attempts || !isMounted) return made.stop();
    program = made;
    program.start();
  }

  await start();
  signal?.addEventListener("abort", app.unmount, { once: true });
  if (signal?.aborted) app.unmount();
  return app;
}
