// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import {
  EINVAL,
  EIO,
  EVENT_ALT,
  EVENT_CHECKED,
  EVENT_CTRL,
  EVENT_META,
  EVENT_REPEAT,
  EVENT_SHIFT,
  REPLY_PREVENT_DEFAULT,
  REPLY_STOP_PROPAGATION,
} from "../../../js/runtime/abi.gen.js";
import { createPage } from "../../support/page.mjs";

const BUTTON = "button.kp-button[type=button](span.kp-label)";
const FIELD = "label.kp-text-field(span.kp-label,input.kp-input[type=text])";

/** @type {ReturnType<typeof createPage>} */
let page;
afterEach(() => page.close());

/** Opens a page with a column, 2, and in it a control of the markup, 3. @param {string} markup @param {object} [options] */
function open(markup, options) {
  page = createPage(options);
  page.batch.create(2, "div.kp-column").insert(2).create(3, markup).insert(3, 2);
  apply();
  return /** @type {any} */ (page.root.firstElementChild?.firstElementChild);
}

function apply() {
  assert.equal(page.apply(), 0, page.errors.join());
}

/** @param {any} target @param {string} type @param {any} [init] @param {string} [constructor] */
function dispatch(target, type, init, constructor = "Event") {
  const event = new page.window[constructor](type, { bubbles: true, cancelable: true, ...init });
  target.dispatchEvent(event);
  return event;
}

const heard = () => page.events.splice(0).map(({ control, name }) => `${name} ${control}`);

describe("delegation", () => {
  test("from the inside out, to those that asked", () => {
    const button = open(BUTTON);
    page.batch.listen(2, "click").listen(3, "click").listen(1, "key_down");
    apply();
    button.firstElementChild.click();
    assert.deepEqual(heard(), ["click 3", "click 2"]);
    page.batch.listen(3, "click", false);
    apply();
    button.click();
    assert.deepEqual(heard(), ["click 2"]);
    page.root.click();
    assert.deepEqual(heard(), []);
  });

  test("one pair of listeners for each kind of event, however many controls ask", () => {
    open(BUTTON);
    let count = 0;
    const original = page.root.addEventListener;
    page.root.addEventListener = (/** @type {any[]} */ ...operands) => {
      count++;
      return original.apply(page.root, /** @type {any} */ (operands));
    };
    for (let control = 4; control < 104; control++)
      page.batch.create(control, BUTTON).listen(control, "click");
    apply();
    assert.equal(count, 2);
  });

  test("in what was made from a template of controls, with the part that asked", () => {
    open(BUTTON);
    page.batch.create(4, "div.kp-row").create(5, BUTTON).create(6, FIELD).insert(5, 4).insert(6, 4);
    page.batch.listen(4, "click").listen(5, "click").listen(6, "focus").listen(6, "click");
    const template = page.batch.freeze(4, 5, 6);
    for (const control of [4, 5, 6]) page.batch.forget(control);
    page.batch.createFrom(7, template).createFrom(8, template).insert(7, 2).insert(8, 2);
    apply();
    const [button, label] = page.root.firstElementChild?.lastElementChild?.children ?? [];
    const parts = () =>
      page.events.splice(0).map(({ control, name, part }) => `${name} ${control}.${part ?? 0}`);
    /** @type {any} */ (button.firstElementChild).click();
    assert.deepEqual(parts(), ["click 8.1", "click 8.0"]);
    dispatch(label, "click");
    assert.deepEqual(parts(), ["click 8.3", "click 8.0"]);
    label.querySelector("input")?.dispatchEvent(new page.window.FocusEvent("focus", { bubbles: false }));
    assert.deepEqual(parts(), ["focus 8.3"]);
  });

  test("asked twice, told once", () => {
    const button = open(BUTTON);
    page.batch.listen(3, "click").listen(3, "click");
    apply();
    button.click();
    assert.deepEqual(heard(), ["click 3"]);
  });

  test("what does not bubble is for the control itself, whichever part it happened to", () => {
    const field = open(FIELD);
    page.batch
      .listen(2, "focus")
      .listen(3, "focus")
      .listen(1, "load")
      .create(4, "img")
      .insert(4)
      .listen(4, "load");
    apply();
    dispatch(field.lastElementChild, "focus", { bubbles: false });
    assert.deepEqual(heard(), ["focus 3"]);
    dispatch(page.root.lastElementChild, "load", { bubbles: false });
    assert.deepEqual(heard(), ["load 4"]);
    dispatch(page.root, "load", { bubbles: false });
    assert.deepEqual(heard(), ["load 1"]);
  });

  test("entering is told once a control, not once a part", () => {
    const button = open(BUTTON);
    page.batch.listen(2, "pointer_enter").listen(3, "pointer_enter");
    apply();
    // As a browser does: each element that was entered gets its own event.
    for (const element of [button.parentNode, button, button.firstElementChild])
      dispatch(element, "pointerenter", { bubbles: false });
    assert.deepEqual(heard(), ["pointer_enter 2", "pointer_enter 3"]);
  });

  test("two apps, one in a part of the other's page, do not hear each other", () => {
    const button = open(BUTTON);
    page.batch.listen(3, "click");
    apply();
    const inner = createPage();
    inner.batch.create(3, BUTTON).insert(3).listen(3, "click");
    inner.apply();
    const innerButton = page.document.importNode(/** @type {any} */ (inner.root.firstElementChild), true);
    button.append(innerButton);
    innerButton.click();
    assert.deepEqual(heard(), ["click 3"]);
    assert.deepEqual(inner.events, []);
    inner.close();
  });

  test("an event that there is not is refused", () => {
    open(BUTTON);
    page.batch.listen(3, "tap");
    assert.equal(page.apply(), EINVAL);
    assert.match(page.errors[0], /tap/);
  });
});

describe("what a handler asks for", () => {
  test("prevent_default", () => {
    const button = open(BUTTON);
    page.batch.listen(3, "click");
    apply();
    assert.equal(dispatch(button, "click").defaultPrevented, false);
    page.reply = REPLY_PREVENT_DEFAULT;
    assert.equal(dispatch(button, "click").defaultPrevented, true);
  });

  test("stop_propagation, for the app and for the page around it", () => {
    const button = open(BUTTON);
    let outside = 0;
    page.document.addEventListener("click", () => outside++);
    page.batch.listen(2, "click").listen(3, "click");
    apply();
    page.reply = REPLY_STOP_PROPAGATION;
    button.click();
    assert.deepEqual(heard(), ["click 3"]);
    assert.equal(outside, 0);
  });
});

describe("while the app runs", () => {
  test("events wait, with what they said when they happened", () => {
    const field = open(FIELD);
    page.batch.listen(3, "input").listen(2, "input");
    apply();
    /** @type {(() => void)[]} */
    const waiting = [];
    page.enter = (entry) => waiting.push(entry);
    field.lastElementChild.value = "first";
    dispatch(field.lastElementChild, "input");
    field.lastElementChild.value = "second";
    dispatch(field.lastElementChild, "input");
    assert.deepEqual(page.events, []);
    waiting.forEach((entry) => entry());
    assert.deepEqual(
      page.events.map(({ control, text }) => [control, text]),
      [
        [3, "first"],
        [2, "first"],
        [3, "second"],
        [2, "second"],
      ],
    );
  });

  test("stop_propagation holds for those that wait", () => {
    const button = open(BUTTON);
    page.batch.listen(2, "click").listen(3, "click");
    apply();
    /** @type {(() => void)[]} */
    const waiting = [];
    page.enter = (entry) => waiting.push(entry);
    page.reply = REPLY_STOP_PROPAGATION;
    button.click();
    waiting.forEach((entry) => entry());
    assert.deepEqual(heard(), ["click 3"]);
  });

  test("an event never reaches a control that got the number of another", () => {
    const button = open(BUTTON);
    page.batch.listen(3, "click");
    apply();
    /** @type {(() => void)[]} */
    const waiting = [];
    page.enter = (entry) => waiting.push(entry);
    button.click();
    page.batch.detach(3).forget(3).create(3, BUTTON).insert(3, 2).listen(3, "click");
    apply();
    waiting.forEach((entry) => entry());
    assert.deepEqual(heard(), []);
  });
});

describe("details", () => {
  test("value of a field", () => {
    const input = open(FIELD).lastElementChild;
    page.batch.listen(3, "input").listen(3, "change").listen(3, "blur");
    apply();
    input.value = "ä🎉";
    for (const type of ["input", "change", "blur"]) dispatch(input, type);
    assert.deepEqual(
      page.events.map(({ text }) => text),
      ["ä🎉", "ä🎉", "ä🎉"],
    );
  });

  test("state of a checkbox", () => {
    const box = open("label.kp-checkbox(input[type=checkbox],span)").firstElementChild;
    page.batch.listen(3, "change");
    apply();
    box.click();
    box.click();
    assert.deepEqual(
      page.events.map(({ flags }) => flags),
      [EVENT_CHECKED, 0],
    );
  });

  test("keys and what is held down", () => {
    const input = open(FIELD).lastElementChild;
    page.batch.listen(3, "key_down").listen(3, "key_up");
    apply();
    input.value = "not this";
    dispatch(input, "keydown", { key: "a" }, "KeyboardEvent");
    const all = { shiftKey: true, ctrlKey: true, altKey: true, metaKey: true, repeat: true };
    dispatch(input, "keyup", { key: "ArrowLeft", ...all }, "KeyboardEvent");
    assert.deepEqual(
      page.events.map(({ text, flags }) => [text, flags]),
      [
        ["a", 0],
        ["ArrowLeft", EVENT_SHIFT | EVENT_CTRL | EVENT_ALT | EVENT_META | EVENT_REPEAT],
      ],
    );
  });

  test("one key only, and then it is the value that counts", () => {
    const input = open(FIELD).lastElementChild;
    page.batch.listen(3, "submit").listen(3, "key_down");
    apply();
    input.value = "sent";
    for (const key of ["x", "Enter"]) dispatch(input, "keydown", { key }, "KeyboardEvent");
    assert.deepEqual(
      page.events.map(({ name, text }) => `${name} ${text}`),
      ["key_down x", "submit sent", "key_down Enter"],
    );
  });

  test("the keys that compose a character are not told", () => {
    const input = open(FIELD).lastElementChild;
    page.batch.listen(3, "submit").listen(3, "key_down").listen(3, "input");
    apply();
    for (const type of ["keydown", "input"]) {
      const event = new page.window.KeyboardEvent(type, {
        bubbles: true,
        key: type === "input" ? "" : "Enter",
      });
      Object.defineProperty(event, "isComposing", { value: true });
      input.dispatchEvent(event);
    }
    assert.deepEqual(heard(), ["input 3"]);
  });

  test("a key event without a key, as filling in a form makes", () => {
    const input = open(FIELD).lastElementChild;
    page.batch.listen(3, "key_down").listen(3, "submit");
    apply();
    dispatch(input, "keydown");
    assert.deepEqual(
      page.events.map(({ name, text }) => [name, text]),
      [["key_down", ""]],
    );
  });

  test("where the pointer is", () => {
    const button = open(BUTTON);
    page.batch.listen(3, "click");
    apply();
    dispatch(button, "click", { clientX: 12.5, clientY: 7 }, "MouseEvent");
    assert.deepEqual([page.events[0].x, page.events[0].y], [12.5, 7]);
  });
});

describe("the size of the page", () => {
  test("is the window's when the app owns the page, and told when it changes", () => {
    open(BUTTON, { own: true });
    page.batch.listen(1, "resize");
    apply();
    page.window.dispatchEvent(new page.window.Event("resize"));
    assert.deepEqual(heard(), []);
    page.window.happyDOM.setViewport({ width: 320, height: 200 });
    page.window.dispatchEvent(new page.window.Event("resize"));
    assert.deepEqual(
      page.events.map(({ control, width, height }) => [control, width, height]),
      [[1, 320, 200]],
    );
    page.events.length = 0;
    page.batch.listen(1, "resize", false);
    apply();
    page.window.happyDOM.setViewport({ width: 100, height: 100 });
    assert.deepEqual(heard(), []);
  });

  test("is the root's own otherwise", () => {
    page = createPage();
    const { root, window } = page;
    /** @type {any} */
    let observer;
    window.ResizeObserver = class {
      /** @param {() => void} callback */
      constructor(callback) {
        observer = { callback, disconnected: false };
      }
      observe(/** @type {any} */ target) {
        observer.target = target;
      }
      disconnect() {
        observer.disconnected = true;
      }
    };
    page.batch.listen(1, "resize");
    apply();
    assert.equal(observer.target, root);
    observer.callback();
    assert.deepEqual(heard(), []);
    Object.defineProperty(root, "clientWidth", { value: 50 });
    observer.callback();
    assert.deepEqual(
      page.events.map(({ width, height }) => [width, height]),
      [[50, 0]],
    );
    page.dom.stop();
    assert.equal(observer.disconnected, true);
  });
});

describe("a picture that cannot be loaded", () => {
  const fail = () => dispatch(page.root.querySelector("img"), "error", { bubbles: false });

  test("is told to its own handler", () => {
    open("img.kp-image").src = "missing.png";
    page.batch.listen(3, "error").listen(1, "error");
    apply();
    fail();
    assert.deepEqual(
      page.events.map(({ control, text, code }) => [control, text, code]),
      [[3, "image failed to load: http://localhost/folder/missing.png", EIO]],
    );
  });

  test("else, with its number, to the page's", () => {
    open("div(p,img.kp-image)");
    page.batch.listen(1, "error");
    apply();
    fail();
    assert.deepEqual(heard(), ["error 3"]);
  });

  test("else to nobody, nor when the control is not known", () => {
    const image = open("img.kp-image");
    page.batch.listen(3, "error").listen(3, "error", false).listen(2, "error");
    apply();
    fail();
    assert.deepEqual(heard(), []);
    page.batch.listen(1, "error");
    apply();
    const foreign = page.document.createElement("img");
    image.after(foreign);
    dispatch(foreign, "error", { bubbles: false });
    assert.deepEqual(heard(), []);
  });
});

test("after the end nothing is told", () => {
  const button = open(BUTTON, { own: true });
  page.batch.listen(3, "click").listen(1, "resize");
  apply();
  page.dom.stop();
  button.click();
  page.window.happyDOM.setViewport({ width: 1, height: 1 });
  assert.deepEqual(heard(), []);
});
