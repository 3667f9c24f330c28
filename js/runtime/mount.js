// SPDX-License-Identifier: MIT
// Puts an app into a part of a page, and takes it out again.
import { ECANCELED, EINVAL } from "./abi.gen.js";
import { describe, KapokError } from "./errors.js";
import { compile } from "./load.js";
import { createRunner } from "./runner.js";

/**
 * @typedef {object} MountOptions
 * @property {import("./load.js").Source} app the module: its address, its bytes, or compiled
 * @property {HTMLElement} root what the app fills; it is to have no other use until unmount
 * @property {string} [integrity] what the file must hash to, as in HTML
 * @property {import("./clock.js").Clock} [clock] the app's time; default: the browser's
 * @property {import("./runner.js").Output} [console] where the app writes to
 * @property {Record<string, import("./imports.js").HostFunction>} [functions] what the app may call by kp_await: each is
 *   given a text and an AbortSignal, and what it returns, or promises, is the answer
 * @property {AbortSignal} [signal] aborts the loading, and later unmounts the app
 * @property {(error: KapokError) => void} [onFailure] told that the app has crashed for good; without it
 *   the user is told, and can restart the app
 */

/**
 * @typedef {object} App
 * @property {Promise<number>} exited the exit status, once the program has ended by itself and nothing
 *   of it can run again; rejects when it crashes or is unmounted. A restart makes a new one.
 * @property {() => Promise<void>} restart starts the program from the beginning
 * @property {() => void} dump logs what every task is doing; throws the reason if it does not run any more
 * @property {() => void} unmount ends the app and leaves the page as it was
 */

// Shared by all copies of this runtime on a page.
const used = Symbol.for("kapok.root");

/**
 * @param {any} root
 * @param {boolean} isUsed
 */
const mark = (root, isUsed) => (root[used] = isUsed);

/** @param {any} root */
function check(root) {
  if (root?.nodeType !== 1)
    throw new KapokError(
      EINVAL,
      `root is ${describe(root)}, not an element. Does the script run before it exists?`,
    );
  if (root[used]) throw new KapokError(EINVAL, "root holds an app already. Unmount that one first.");
}

/**
 * Runs an app in an element. What the element holds is shown until the app has something to show.
 * @param {MountOptions} options
 * @returns {Promise<App>} when main has waited for the first time
 * @throws {KapokError} when the app cannot be loaded or does not fit
 */
export async function mount({ app, root, integrity, clock, console, functions, signal, onFailure }) {
  check(root);
  const { ownerDocument, childNodes } = root;
  const { title } = ownerDocument;
  const before = [...childNodes];
  const stopped = new KapokError(ECANCELED, "The app has been stopped.");
  /** @type {import("./runner.js").Runner | undefined} */
  let runner;
  let isMounted = true;
  let end = (/** @type {number} */ _status) => {};
  let fail = (/** @type {KapokError} */ _error) => {};

  /** @type {App} */
  const handle = {
    exited: Promise.resolve(0),
    async restart() {
      if (!isMounted) throw stopped;
      await runner?.restart();
    },
    dump: () => runner?.dump(),
    unmount() {
      if (!isMounted) return;
      isMounted = false;
      runner?.stop();
      fail(stopped);
      if (root === ownerDocument.body) ownerDocument.title = title;
      root.replaceChildren(...before);
      mark(root, false);
    },
  };

  function onStart() {
    fail(stopped);
    handle.exited = new Promise((resolve, reject) => {
      [end, fail] = [resolve, reject];
    });
    // Not everyone waits for the end.
    handle.exited.catch(() => {});
  }

  mark(root, true);
  try {
    const module = await compile(app, { integrity, signal });
    runner = createRunner({
      module,
      root,
      clock,
      console,
      functions,
      onStart,
      onEnd: (status) => end(status),
      onFailure(error, tellUser) {
        fail(error);
        if (onFailure) onFailure(error);
        else tellUser();
      },
    });
    await runner.start();
    signal?.throwIfAborted();
    signal?.addEventListener("abort", handle.unmount, { once: true });
    return handle;
  } catch (thrown) {
    handle.unmount();
    throw thrown;
  }
}
