// SPDX-License-Identifier: MIT
// The decoder of commands on a page of its own, with an app that is a list of what it was told.
import { Window } from "happy-dom";
import { createDom } from "../../js/runtime/dom.js";
import { createMemory } from "../../js/runtime/memory.js";
import { Batch } from "./batch.mjs";

/** @param {{ own?: boolean, html?: string }} [options] own: the page is the app's own, so the root is the body */
export function createPage({ own = false, html = "" } = {}) {
  const window = /** @type {any} */ (
    new Window({ url: "http://localhost/folder/", width: 800, height: 600 })
  );
  const { document } = window;
  document.body.innerHTML = html;
  const root = own ? document.body : document.createElement("div");
  if (!own) document.body.append(root);
  const memory = new WebAssembly.Memory({ initial: 1 });
  /** @type {string[]} */
  const errors = [];
  /** @type {any[]} */
  const events = [];
  const page = {
    window,
    document,
    root: /** @type {HTMLElement} */ (root),
    memory,
    errors,
    events,
    batch: new Batch(),
    /** What a handler asks for. */
    reply: 0,
    /** How the app is entered. @param {() => void} entry */
    enter: (entry) => entry(),
    dom: /** @type {import("../../js/runtime/dom.js").Dom} */ (/** @type {unknown} */ (null)),
    /** Applies what the batch holds. */
    apply: () => page.dom.apply(...page.batch.write(memory)),
    close: () => window.happyDOM.abort(),
  };
  page.dom = createDom({
    root,
    memory: createMemory(() => memory),
    onError: (message) => errors.push(message),
    enter: (entry) => page.enter(entry),
    raise(control, target, detail) {
      const [name] = [...page.batch.numbers].find(([, number]) => number === (target & 0xffff)) ?? [];
      events.push({ control, name, ...(target >> 16 && { part: target >> 16 }), ...detail });
      return page.reply;
    },
  });
  return page;
}
