// SPDX-License-Identifier: MIT
// Runs an app in an element, again when it has crashed and the user wants it back.
import { createClock } from "./clock.js";
import { writeTo } from "./output.js";
import { showFailure } from "./overlay.js";
import { createProgram } from "./program.js";

/** @typedef {import("./output.js").Output} Output */

/** @typedef {import("./errors.js").KapokError} KapokError */

/** @typedef {ReturnType<typeof createRunner>} Runner */

/**
 * Gives the element the attributes it had.
 * @param {HTMLElement} root
 * @param {Attr[]} attributes
 */
function restoreAttributes(root, attributes) {
  for (const { name } of [...root.attributes]) root.removeAttribute(name);
  for (const { name, value } of attributes)
    // A strict Content-Security-Policy has no effect on this way only.
    if (name === "style") root.style.cssText = value;
    else root.setAttribute(name, value);
}

/**
 * @param {object} host
 * @param {WebAssembly.Module} host.module
 * @param {HTMLElement} host.root
 * @param {import("./clock.js").Clock} [host.clock]
 * @param {Output} [host.console]
 * @param {Record<string, import("./imports.js").HostFunction>} [host.functions]
 * @param {() => void} [host.onStart] told each time that the program is about to start
 * @param {(status: number) => void} [host.onEnd] told that the program has ended by itself
 * @param {(error: KapokError, tellUser: () => void) => void} [host.onFailure] told that it has crashed for good;
 *   `tellUser` offers to restart it
 */
export function createRunner({
  module,
  root,
  clock = createClock(root.ownerDocument),
  console = globalThis.console,
  functions,
  onStart = () => {},
  onEnd = () => {},
  onFailure = (_, tellUser) => tellUser(),
}) {
  const attributes = [...root.attributes].map((attribute) => /** @type {Attr} */ (attribute.cloneNode()));
  /** @type {import("./program.js").Program | undefined} */
  let program;
  let starts = 0;

  /** @param {KapokError} error */
  function fail(error) {
    console.error(error.message);
    onFailure(error, () =>
      showFailure(root, "The app has crashed", error.message, "Restart", () => restart().catch(fail)),
    );
  }

  async function start() {
    const number = ++starts;
    onStart();
    const made = await createProgram({
      ...writeTo(console),
      module,
      root,
      clock,
      functions,
      onEnd,
      onFailure: fail,
    });
    // Meanwhile it may have been started anew, or stopped.
    if (number !== starts) return;
    program = made;
    made.start();
  }

  /** Ends the program and takes it out of the page. */
  function stop() {
    starts++;
    program?.stop();
    restoreAttributes(root, attributes);
    root.replaceChildren();
  }

  async function restart() {
    stop();
    await start();
  }

  return { start, stop, restart, dump: () => program?.dump() };
}
