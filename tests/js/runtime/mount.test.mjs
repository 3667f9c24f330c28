// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { Window } from "happy-dom";
import { KapokError, mount } from "../../../js/runtime/index.js";
import { ECANCELED, ECORRUPT, EINVAL, EPIPE, EXPORTS } from "../../../js/runtime/abi.gen.js";
import { createFakeClock } from "../../support/fake_clock.mjs";
import { assemble, crashing, ending, printing } from "../../support/wat_app.mjs";

const app = new WebAssembly.Module(crashing());

/** @type {any} */
let window;
/** @type {any} */
let root;
/** @type {string[]} */
let lines;
/** @type {any} */
let options;

beforeEach(() => {
  window = new Window({ url: "http://localhost/" });
  window.document.body.innerHTML =
    '<p id="before">Around</p><div id="app" class="mine" style="margin: 1px;"><b>Loading…</b> <i>a while</i></div>';
  root = window.document.getElementById("app");
  lines = [];
  const say = (/** @type {string} */ level) => (/** @type {string} */ text) =>
    lines.push(`${level}: ${text}`);
  const console = { log: say("log"), info: say("info"), warn: say("warn"), error: say("error") };
  options = { app, root, clock: createFakeClock(), console };
});
afterEach(() => window.happyDOM.abort());

const button = () => root.querySelector("button");
const crash = () => [1, 2, 3].forEach(() => button().click());

describe("mounting", () => {
  test("runs the app in its element, in place of what was there", async () => {
    await mount(options);
    assert.equal(root.textContent, "fresh");
    button().click();
    assert.equal(root.textContent, "clicked");
    assert.equal(window.document.getElementById("before").textContent, "Around");
  });

  test("and taking it out leaves the page as it was", async () => {
    window.document.title = "Mine";
    const before = window.document.documentElement.outerHTML;
    const children = [...root.childNodes];
    const handle = await mount(options);
    assert.equal(root.getAttribute("data-theme"), "dark");
    assert.equal(root.className, "mine kp-page");
    assert.notEqual(window.document.documentElement.outerHTML, before);
    handle.unmount();
    handle.unmount();
    assert.equal(window.document.documentElement.outerHTML, before);
    assert.deepEqual([...root.childNodes], children);
    assert.deepEqual(options.clock.wishes, []);
    await assert.rejects(handle.exited, { code: ECANCELED });
    await assert.rejects(handle.restart(), { code: ECANCELED });
    assert.throws(() => handle.dump(), { code: ECANCELED });
  });

  test("even if it was published with a page of its own, and has nothing by which it is stopped", async () => {
    const own = new WebAssembly.Module(assemble(() => ({}), { exports: EXPORTS }));
    const handle = await mount({ ...options, app: own });
    handle.unmount();
    assert.match(root.textContent, /Loading/);
    assert.deepEqual(lines, []);
  });

  test("in the body of a page of its own, the title is the app's until then", async () => {
    window.document.title = "Mine";
    const handle = await mount({ ...options, root: window.document.body });
    assert.equal(window.document.title, "App");
    handle.unmount();
    assert.equal(window.document.title, "Mine");
    assert.match(window.document.body.textContent, /Around/);
  });

  test("again and again, and several at once", async () => {
    const other = window.document.createElement("div");
    root.before(other);
    for (let i = 0; i < 3; i++) {
      const [first, second] = await Promise.all([mount(options), mount({ ...options, root: other })]);
      other.querySelector("button").click();
      assert.equal(root.textContent, "fresh");
      assert.equal(other.textContent, "clicked");
      first.unmount();
      second.unmount();
    }
  });
});

describe("the root", () => {
  for (const wrong of [null, undefined, "#app", {}, 7])
    test(`cannot be ${JSON.stringify(wrong)}`, () =>
      assert.rejects(mount({ ...options, root: wrong }), {
        name: "KapokError",
        code: EINVAL,
        message: /not an element/,
      }));

  test("cannot be text, or the document", async () => {
    for (const wrong of [root.firstChild.firstChild, window.document])
      await assert.rejects(mount({ ...options, root: wrong }), { code: EINVAL });
  });

  test("holds one app at a time, also while it is loading", async () => {
    const loading = mount(options);
    await assert.rejects(mount(options), { code: EINVAL, message: /holds an app already/ });
    const handle = await loading;
    await assert.rejects(mount(options), { code: EINVAL });
    handle.unmount();
    (await mount(options)).unmount();
  });

  test("is free, and as it was, when the app could not be loaded or does not fit", async () => {
    const before = root.outerHTML;
    const misfit = assemble(() => ({}), { imports: '(import "kapok" "teleport" (func))' });
    for (const wrong of [new Uint8Array(8), misfit]) {
      await assert.rejects(mount({ ...options, app: wrong }), { code: EINVAL });
      assert.equal(root.outerHTML, before);
    }
    (await mount(options)).unmount();
  });
});

describe("the end", () => {
  test("exited is the status, and the page stays", async () => {
    const handle = await mount({ ...options, app: ending() });
    assert.equal(await handle.exited, 7);
    assert.equal(root.textContent, "Bye");
    assert.throws(() => handle.dump(), { name: "KapokError", code: EPIPE, message: /status 7/ });
    handle.unmount();
    assert.equal(await handle.exited, 7);
  });

  test("by exit(), with all that was printed", async () => {
    const handle = await mount({ ...options, app: printing() });
    assert.equal(await handle.exited, 5);
    assert.deepEqual(lines, ["log: Hello", "log: sh!", "warn: The program has called exit(5)."]);
  });

  test("an app that has ended can be started again", async () => {
    const handle = await mount({ ...options, app: printing() });
    await handle.exited;
    await handle.restart();
    await handle.exited;
    assert.equal(lines.length, 6);
  });
});

describe("a crash", () => {
  test("is told to the user, who can start the app anew", async () => {
    const handle = await mount(options);
    crash();
    await assert.rejects(handle.exited, (error) => error instanceof KapokError && error.code === ECORRUPT);
    assert.throws(() => handle.dump(), { code: ECORRUPT });
    const alert = root.querySelector("[role=alert]");
    assert.match(alert.textContent, /crashed.*memory.*unreachable.*Restart/);
    assert.equal(lines.length, 1);
    button().click();
    assert.equal(button().textContent, "clicked");
    alert.querySelector("button").click();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    assert.equal(root.textContent, "fresh");
    assert.equal(root.querySelector("[role=alert]"), null);
    button().click();
    assert.equal(root.textContent, "clicked");
    handle.unmount();
    await assert.rejects(handle.exited, { code: ECANCELED });
  });

  test("is told to the page instead, if it wants", async () => {
    /** @type {any[]} */
    const errors = [];
    const handle = await mount({ ...options, onFailure: (/** @type {any} */ error) => errors.push(error) });
    crash();
    assert.equal(errors.length, 1);
    assert.equal(errors[0].code, ECORRUPT);
    assert.equal(root.querySelector("[role=alert]"), null);
    await handle.restart();
    assert.equal(root.textContent, "fresh");
  });
});

describe("restarting", () => {
  test("starts from the beginning, in a clean element", async () => {
    const handle = await mount(options);
    const { exited } = handle;
    button().click();
    root.append("foreign");
    root.setAttribute("data-foreign", "");
    await handle.restart();
    assert.equal(root.textContent, "fresh");
    assert.equal(root.hasAttribute("data-foreign"), false);
    await assert.rejects(exited, { code: ECANCELED });
    handle.dump();
  });

  test("twice at once starts one app", async () => {
    const handle = await mount(options);
    await Promise.all([handle.restart(), handle.restart()]);
    assert.equal(root.textContent, "fresh");
    handle.unmount();
  });

  test("and unmounting meanwhile leaves nothing", async () => {
    const before = root.outerHTML;
    const handle = await mount(options);
    const restarting = handle.restart();
    handle.unmount();
    await restarting;
    assert.equal(root.outerHTML, before);
  });
});

describe("a signal", () => {
  test("unmounts", async () => {
    const before = root.outerHTML;
    const aborting = new AbortController();
    await mount({ ...options, signal: aborting.signal });
    aborting.abort();
    assert.equal(root.outerHTML, before);
    (await mount(options)).unmount();
  });

  test("stops the loading, at any time", async () => {
    const before = root.outerHTML;
    await assert.rejects(mount({ ...options, signal: AbortSignal.abort() }), { name: "AbortError" });
    for (let turns = 0; turns < 6; turns++) {
      const aborting = new AbortController();
      const loading = mount({ ...options, signal: aborting.signal });
      for (let i = 0; i < turns; i++) await null;
      aborting.abort();
      await loading.then(() => {}, () => {}); // prettier-ignore
      assert.equal(root.outerHTML, before);
    }
    (await mount(options)).unmount();
  });
});
