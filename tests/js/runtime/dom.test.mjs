// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import fc from "fast-check";
import { COMMAND_SET, EINVAL, EIO, ESTALE } from "../../../js/runtime/abi.gen.js";
import { named, px } from "../../support/batch.mjs";
import { createPage } from "../../support/page.mjs";

const TEXT = "p.kp-text";
const BUTTON = "button.kp-button[type=button](span.kp-label)";
const FIELD = "label.kp-text-field(span.kp-label,input.kp-input[type=text],span.kp-help)";

/** @type {ReturnType<typeof createPage>} */
let page;
const open = (/** @type {any} */ options) => (page = createPage(options));
afterEach(() => page.close());

/** Applies and expects no error. */
function apply() {
  const result = page.apply();
  assert.deepEqual(page.errors, []);
  assert.equal(result, 0);
}

/** Puts controls 2, 3, … of one markup on the page. @param {string} markup @param {number} [count] */
function show(markup, count = 1) {
  for (let control = 2; control < count + 2; control++) page.batch.create(control, markup).insert(control);
  apply();
  return /** @type {any} */ (page.root.firstElementChild);
}

describe("making and showing", () => {
  test("a control is its template, with a class for the stylesheet", () => {
    open();
    show(FIELD);
    assert.equal(
      page.root.innerHTML,
      '<label class="kp-text-field"><span class="kp-label"></span>' +
        '<input class="kp-input" type="text"><span class="kp-help"></span></label>',
    );
  });

  test("a text may be empty, and all that is in its batch", () => {
    open();
    page.batch.create(2, TEXT).setText(2, "full").insert(2);
    apply();
    page.batch.setText(2, "").text = ""; // the NUL is between texts: there is none where the core's buffer was full
    apply();
    assert.equal(page.root.textContent, "");
  });

  test("children go where they are told, in order", () => {
    open();
    const { batch, root } = page;
    batch.create(2, "div.kp-column").insert(2);
    for (const [control, text] of /** @type {const} */ ([
      [3, "a"],
      [4, "b"],
      [5, "c"],
    ]))
      batch.create(control, TEXT).setText(control, text);
    batch.insert(3, 2).insert(5, 2).insert(4, 2, 5);
    apply();
    assert.equal(root.textContent, "abc");
    batch.insert(5, 2, 3);
    apply();
    assert.equal(root.textContent, "cab");
  });

  test("the part with * takes the children, behind its own elements", () => {
    open();
    const { batch, root } = page;
    batch
      .create(2, "div(p,div.kp-slot*(hr),p)")
      .insert(2)
      .create(3, "span")
      .insert(3, 2)
      .create(4, "span")
      .insert(4, 2, 3);
    batch.setText(2, "top", 1).setText(2, "bottom", 4);
    apply();
    assert.equal(
      root.innerHTML,
      '<div><p>top</p><div class="kp-slot"><hr><span></span><span></span></div><p>bottom</p></div>',
    );
    batch.clear(2);
    apply();
    assert.equal(root.querySelector(".kp-slot")?.innerHTML, "<hr>");
  });

  test("what the root held goes when there is something to show, not before", () => {
    open();
    page.root.append("Loading…");
    page.batch.create(2, TEXT).setText(2, "Hello");
    apply();
    assert.equal(page.root.textContent, "Loading…");
    page.batch.insert(2);
    apply();
    assert.equal(page.root.textContent, "Hello");
    page.batch.create(3, TEXT).insert(3);
    apply();
    assert.equal(page.root.childElementCount, 2);
  });

  test("a thousand rows take three operations each", () => {
    open();
    const { batch, window } = page;
    batch.create(2, "div(span,span)").setText(2, "x", 1).setText(2, "y", 2);
    apply();
    /** @type {Record<string, number>} */
    const calls = {};
    const watch = (/** @type {any} */ owner, /** @type {string} */ name) => {
      const original = owner[name];
      owner[name] = function (/** @type {any[]} */ ...operands) {
        calls[name] = (calls[name] ?? 0) + 1;
        return original.apply(this, operands);
      };
    };
    for (const name of ["appendChild", "insertBefore", "removeChild", "normalize"])
      watch(window.Node.prototype, name);
    for (const name of ["append", "prepend", "setAttribute", "cloneNode"])
      watch(window.Element.prototype, name);
    for (const name of ["createElement", "createTextNode"]) watch(page.document, name);
    for (let control = 3; control < 1003; control++)
      batch
        .create(control, "div(span,span)")
        .setText(control, `${control}`, 1)
        .setText(control, "y", 2)
        .insert(control);
    apply();
    assert.equal(page.root.childElementCount, 1000);
    assert.equal(page.root.lastElementChild?.textContent, "1002y");
    assert.equal(calls.createElement, undefined);
    assert.equal(calls.createTextNode, undefined);
    assert.equal(calls.prepend, undefined);
    assert.equal(calls.setAttribute, undefined);
    assert.equal(calls.insertBefore >= 1000, true);
  });
});

describe("values", () => {
  test("text of every kind", () => {
    open();
    const texts = ["", "plain", "äöü", "漢字", "🎉👩‍👩‍👧", "\uFEFFmark", "a\x01b", "<b>not bold</b>", "﷽\u202E"];
    texts.forEach((text, i) =>
      page.batch
        .create(i + 2, TEXT)
        .setText(i + 2, text)
        .insert(i + 2),
    );
    apply();
    assert.deepEqual(
      [...page.root.children].map((child) => child.textContent),
      texts,
    );
    assert.equal(page.root.querySelector("b"), null);
  });

  test("text that changes again is the same node, unless that has left the page", () => {
    open();
    const element = show(TEXT);
    const texts = ["one", "two", "three"].map((text) => {
      page.batch.setText(2, text);
      apply();
      assert.equal(element.textContent, text);
      return element.firstChild;
    });
    assert.equal(texts[2], texts[0]);
    element.replaceChildren("put there by a translator");
    page.batch.setText(2, "four");
    apply();
    assert.equal(element.textContent, "four");
    page.batch.detach(2).forget(2).create(2, TEXT).setText(2, "another").insert(2);
    apply();
    assert.equal(page.root.textContent, "another");
    assert.equal(texts[2].data, "three");
  });

  test("text goes in front of what the part contains", () => {
    open();
    const button = show("button*(hr)");
    page.batch.create(3, "img").insert(3, 2).setText(2, "Save");
    apply();
    assert.equal(button.outerHTML, "<button>Save<hr><img></button>");
    page.batch.setText(2, "Saved").clear(2);
    apply();
    assert.equal(button.outerHTML, "<button>Saved<hr></button>");
  });

  test("attributes", () => {
    open();
    const image = show("img");
    page.batch
      .set(2, "attribute", "alt", "x")
      .set(2, "attribute", "title", 7)
      .set(2, "attribute", "hidden", true);
    apply();
    assert.equal(image.outerHTML, '<img alt="x" title="7" hidden="">');
    page.batch
      .set(2, "attribute", "alt", null)
      .set(2, "attribute", "title", false)
      .set(2, "attribute", "hidden", false);
    apply();
    assert.equal(image.outerHTML, "<img>");
  });

  test("properties, and back to what they are in a new control", () => {
    open();
    show(FIELD);
    const input = /** @type {any} */ (page.root.querySelector("input"));
    page.batch.set(2, "property", "value", "typed", 2).set(2, "property", "disabled", true, 2);
    apply();
    assert.equal(input.value, "typed");
    assert.equal(input.disabled, true);
    page.batch.set(2, "property", "value", null, 2).set(2, "property", "disabled", null, 2);
    apply();
    assert.equal(input.value, "");
    assert.equal(input.disabled, false);
  });

  test("a property that is so already is not set again", () => {
    open();
    show(FIELD);
    const input = page.root.querySelector("input");
    let writes = 0;
    Object.defineProperty(input, "value", { get: () => "same", set: () => writes++ });
    page.batch.set(2, "property", "value", "same", 2);
    apply();
    assert.equal(writes, 0);
    page.batch.set(2, "property", "value", "other", 2);
    apply();
    assert.equal(writes, 1);
  });

  test("styles: lengths are pixels, numbers are not", () => {
    open();
    const { style } = show("div");
    page.batch.set(2, "style", "width", px(12.5)).set(2, "style", "flex", 2).set(2, "style", "color", "red");
    apply();
    assert.equal(style.getPropertyValue("width"), "12.5px");
    assert.equal(style.getPropertyValue("color"), "red");
    assert.match(style.getPropertyValue("flex"), /^2/);
    page.batch.set(2, "style", "width", null).set(2, "style", "color", null);
    apply();
    assert.equal(style.getPropertyValue("width"), "");
    assert.equal(style.getPropertyValue("color"), "");
  });

  test("classes and data", () => {
    open();
    const element = show("div.kp-a");
    page.batch.set(2, "class", "kp-b", true).set(2, "data", "variant", named(page.batch.name("tonal")));
    apply();
    assert.equal(element.className, "kp-a kp-b");
    assert.equal(element.getAttribute("data-variant"), "tonal");
    page.batch.set(2, "class", "kp-b", false).set(2, "data", "variant", null);
    apply();
    assert.equal(element.className, "kp-a");
    assert.equal(element.hasAttribute("data-variant"), false);
  });

  test("numbers arrive exactly", () => {
    open();
    const element = show("div");
    const numbers = [0, -1, 2 ** 31 - 1, -(2 ** 31), 0.1, -1e300, 5e-324, 2 ** 53];
    for (const number of numbers) {
      const isLarge = Number.isInteger(number) && Math.abs(number) > 2 ** 31;
      page.batch.set(2, "data", "n", isLarge ? px(number) : number);
      apply();
      assert.equal(element.getAttribute("data-n"), isLarge ? `${number}px` : `${number}`);
    }
  });

  test("the page's title is the document's, if the app owns the page", () => {
    open({ own: true });
    page.batch.set(1, "attribute", "title", "a tooltip").set(1, "property", "title", "Mine");
    apply();
    assert.equal(page.document.title, "Mine");
    page.batch.set(1, "property", "title", null);
    apply();
    assert.equal(page.document.title, "");
    page.close();
    open();
    page.batch.set(1, "property", "title", "Not mine");
    apply();
    assert.equal(page.document.title, "");
  });
});

describe("taking away", () => {
  test("clear takes all children at once", () => {
    open();
    show(TEXT, 3);
    const element = page.root;
    const calls = [];
    const original = Object.getOwnPropertyDescriptor(page.window.Element.prototype, "textContent");
    Object.defineProperty(element, "textContent", {
      get: original?.get,
      set(value) {
        calls.push(value);
        original?.set?.call(this, value);
      },
    });
    page.batch.clear(1);
    apply();
    assert.equal(element.childNodes.length, 0);
    assert.deepEqual(calls, [""]);
  });

  test("a command forgets as many as it says, and no more", () => {
    open();
    show(TEXT, 3);
    page.batch.detach(2).detach(3).forget(2, 2).setText(4, "still there");
    apply();
    page.batch.setText(2, "gone").setText(3, "gone").setText(4, "there to the end");
    assert.equal(page.apply(), ESTALE);
    assert.match(page.errors.splice(0).join(), /control 2: .*gone.*control 3: .*gone/);
    assert.equal(page.root.innerHTML, '<p class="kp-text">there to the end</p>');
  });

  test("detach, forget, and the number is free for another control", () => {
    open();
    show(TEXT);
    page.batch.setText(2, "first").detach(2).forget(2).create(2, BUTTON).setText(2, "second", 1).insert(2);
    apply();
    assert.equal(
      page.root.innerHTML,
      '<button class="kp-button" type="button"><span class="kp-label">second</span></button>',
    );
  });
});

describe("moving without moveBefore", () => {
  test("keeps focus and selection, and tells the app nothing", () => {
    open();
    show(FIELD, 2);
    page.batch.listen(2, "focus").listen(2, "blur");
    apply();
    const input = /** @type {any} */ (page.root.querySelector("input"));
    input.value = "some text";
    input.focus();
    input.setSelectionRange(2, 5);
    page.events.length = 0;
    page.batch.insert(2, 1);
    apply();
    assert.equal(page.root.lastElementChild?.contains(input), true);
    assert.equal(page.document.activeElement, input);
    assert.deepEqual([input.selectionStart, input.selectionEnd], [2, 5]);
    assert.deepEqual(page.events, []);
  });
});

describe("focus", () => {
  test("goes to the part", () => {
    open();
    show(FIELD);
    page.batch.focus(2, 2);
    apply();
    assert.equal(page.document.activeElement, page.root.querySelector("input"));
  });

  test("that cannot be is told", () => {
    open();
    page.batch.create(2, "input").focus(2);
    assert.equal(page.apply(), EINVAL);
    assert.match(page.errors[0], /cannot take the focus/);
  });
});

describe("a template of controls", () => {
  /** A row of a text and a field, as control 2, is frozen; 5 is made from it. */
  function frozen() {
    open();
    page.batch.create(2, "div.kp-row").create(3, TEXT).create(4, FIELD);
    page.batch.setText(3, "first").set(4, "property", "value", "typed", 2).set(3, "class", "loud", true);
    page.batch.listen(3, "click").listen(4, "change");
    page.batch.insert(3, 2).insert(4, 2);
    const template = page.batch.freeze(2, 3, 4);
    for (const control of [2, 3, 4]) page.batch.forget(control);
    page.batch.createFrom(5, template).insert(5);
    apply();
    const [text, label] = page.root.firstElementChild?.children ?? [];
    return { text, field: /** @type {any} */ (label?.querySelector("input")) };
  }

  test("holds what was set, and its parts are theirs in their order", () => {
    const { text, field } = frozen();
    assert.equal(page.root.innerHTML.includes("first"), true);
    assert.equal(text.className, "kp-text loud");
    page.batch.setText(5, "other", 1).set(5, "class", "loud", false, 1).set(5, "property", "value", "new", 4);
    apply();
    assert.equal(text.textContent, "other");
    assert.equal(text.className, "kp-text");
    assert.equal(field.value, "new");
  });

  test("goes back to what the markup says, not to what was set in the template", () => {
    const { field } = frozen();
    assert.equal(field.value, "typed");
    page.batch.set(5, "property", "value", null, 4);
    apply();
    assert.equal(field.value, "");
  });

  test("is cloned each time, and the clones are apart", () => {
    frozen();
    const template = page.batch.freeze(5);
    page.batch.createFrom(6, template).insert(6).setText(6, "six", 1);
    apply();
    const [a, b] = page.root.children;
    assert.equal(a.textContent?.includes("first"), true);
    assert.equal(b.textContent?.includes("six"), true);
  });
});

describe("failure", () => {
  test("a note stands behind the control, moves with it and goes with it", () => {
    open();
    show("hr", 2);
    page.batch.fail(2, "division by zero").fail(2, "and again");
    apply();
    const note = '<p class="kp-failure" role="alert">and again</p>';
    assert.equal(page.root.innerHTML, `<hr class="kp-failed">${note}<hr>`);
    page.batch.insert(2);
    apply();
    assert.equal(page.root.innerHTML, `<hr><hr class="kp-failed">${note}`);
    page.batch.detach(2).forget(2);
    apply();
    assert.equal(page.root.innerHTML, "<hr>");
    page.batch.create(2, "hr").insert(2);
    apply();
    assert.equal(page.root.innerHTML, "<hr><hr>");
  });

  test("of the page itself stands at its end", () => {
    open();
    show("hr");
    page.batch.fail(1, "no");
    apply();
    assert.equal(page.root.lastElementChild?.textContent, "no");
    page.batch.clear(1);
    apply();
    assert.equal(page.root.childNodes.length, 0);
  });

  test("a bad command costs itself only", () => {
    open();
    show(TEXT);
    const { batch } = page;
    batch
      .setText(9, "gone")
      .insert(2, 9)
      .insert(9, 2)
      .detach(9)
      .clear(9)
      .fail(9, "gone")
      .focus(9)
      .listen(9, "click");
    batch.setText(2, "lost", 7).setText(2, "good");
    assert.equal(page.apply(), ESTALE);
    assert.equal(page.root.textContent, "good");
    assert.equal(page.errors.length, 9);
    assert.match(page.errors[0], /gone/);
  });

  test("what the browser throws is EIO", () => {
    open();
    show(TEXT);
    page.batch.insert(2, 2).setText(2, "good");
    assert.equal(page.apply(), EIO);
    assert.equal(page.root.textContent, "good");
  });

  test("an unknown command or type ends the batch, as its length is not known", () => {
    open();
    show(TEXT);
    for (const word of [99, 0]) {
      page.batch.add(word, 2, 4, 4).setText(2, "not reached");
      assert.equal(page.apply(), EINVAL);
    }
    page.batch.add(COMMAND_SET, 2, 15 << 28).setText(2, "not reached");
    assert.equal(page.apply(), EINVAL);
    assert.equal(page.root.textContent, "");
    assert.match(page.errors[2], /another version/);
  });

  test("random words do no harm", () => {
    open();
    fc.assert(
      fc.property(
        fc.array(fc.nat(0xffffffff), { maxLength: 40 }),
        fc.array(fc.nat(12)),
        (words, commands) => {
          page.batch.words = words.map((word, i) => (i % 3 ? word : (commands[i] ?? 4) | ((word & 7) << 8)));
          page.batch.text = "href";
          assert.equal(typeof page.apply(), "number");
        },
      ),
    );
  });

  test("stop ends it in the middle of a batch", () => {
    open();
    show(FIELD, 2);
    page.batch.listen(2, "focus");
    apply();
    page.enter = () => page.dom.stop();
    page.batch.focus(2, 2).setText(3, "too late", 1);
    page.apply();
    assert.equal(page.root.textContent, "");
  });
});

describe("reading", () => {
  test("gives what the user sees", () => {
    open();
    show(FIELD);
    const value = page.batch.name("value");
    apply();
    /** @type {any} */ (page.root.querySelector("input")).value = "typed";
    assert.equal(page.dom.read(2, value | (2 << 16)), "typed");
    assert.throws(() => page.dom.read(9, value), { code: ESTALE });
  });

  test("sizes", () => {
    open({ own: true });
    const width = page.batch.name("width");
    const height = page.batch.name("height");
    show("div").getBoundingClientRect = () => ({ width: 12.5, height: 3 });
    assert.equal(page.dom.read(2, width), 12.5);
    assert.equal(page.dom.read(2, height), 3);
    assert.equal(page.dom.read(1, width), 800);
    assert.equal(page.dom.read(1, height), 600);
  });
});

test("memory that has grown is seen", () => {
  open();
  show(TEXT);
  page.memory.grow(1);
  page.batch.setText(2, "after growth");
  apply();
  assert.equal(page.root.textContent, "after growth");
});

test("any sequence of inserts, moves and removals gives the tree of a model", () => {
  const step = fc.record({ kind: fc.nat(9), control: fc.nat(11), parent: fc.nat(11), before: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      open();
      const { batch } = page;
      /** @type {Map<number, number[]>} children by control */
      const tree = new Map([[1, []]]);
      const parentOf = (/** @type {number} */ control) =>
        [...tree.keys()].find((key) => tree.get(key)?.includes(control));
      const isIn = (/** @type {number | undefined} */ control, /** @type {number} */ root) => {
        while (control && control !== root) control = parentOf(control);
        return control === root;
      };
      const unlink = (/** @type {number} */ control) => {
        const siblings = tree.get(parentOf(control) ?? 0);
        siblings?.splice(siblings.indexOf(control), 1);
      };
      const drop = (/** @type {number} */ control) => {
        tree.get(control)?.forEach(drop);
        tree.delete(control);
        batch.forget(control);
      };
      for (const { kind, control: c, parent: p, before } of steps) {
        const [control, parent] = [c + 2, p + 1];
        if (!tree.has(control)) {
          tree.set(control, []);
          batch.create(control, "div.kp-box").set(control, "attribute", "id", `c${control}`);
        }
        if (kind === 0) {
          batch.detach(control);
          unlink(control);
          drop(control);
        } else if (kind === 1 && tree.has(parent)) {
          batch.clear(parent);
          tree.get(parent)?.forEach(drop);
          tree.set(parent, []);
        } else if (tree.has(parent) && !isIn(parent, control)) {
          unlink(control);
          const siblings = /** @type {number[]} */ (tree.get(parent));
          const next = siblings[before];
          batch.insert(control, parent, next ?? 0);
          siblings.splice(next ? before : siblings.length, 0, control);
        }
        if (kind % 2) apply();
      }
      apply();
      const show = (/** @type {number} */ control) =>
        /** @type {string} */ (`${control}(${tree.get(control)?.map(show) ?? ""})`);
      const shown = (/** @type {Element} */ element) =>
        /** @type {string} */ (`${element.id.slice(1)}(${[...element.children].map(shown)})`);
      assert.equal(shown(page.root), show(1).slice(1));
      page.close();
    }),
    { numRuns: 60 },
  );
});
