// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Window } from "happy-dom";
import { parseTemplate } from "../../../js/runtime/template.js";

const window = new Window({ url: "http://localhost/" });
after(() => window.happyDOM.abort());
const parse = (/** @type {string} */ markup) => parseTemplate(markup, /** @type {any} */ (window.document));

test("elements, classes and attributes", () => {
  const { element } = parse(
    "label.kp-a.kp-b(span.kp-label,input[type=text][required][title=a b, (c) ä.*],p)",
  );
  assert.equal(
    element.outerHTML,
    '<label class="kp-a kp-b"><span class="kp-label"></span>' +
      '<input type="text" required="" title="a b, (c) ä.*"><p></p></label>',
  );
});

test("parts are found where they were written", () => {
  const { element, paths } = parse("div(h1,div(h2,div(h3),h4),h5)");
  const tags = paths.map(
    (path) =>
      path.reduce(
        (at, down) => /** @type {any} */ (down ? at.firstElementChild : at.nextElementSibling),
        element,
      ).localName,
  );
  assert.deepEqual(tags, ["div", "h1", "div", "h2", "div", "h3", "h4", "h5"]);
});

test("the container is the part with *, else the root", () => {
  const facts = (/** @type {string} */ markup) => (({ container, kept }) => [container, kept])(parse(markup));
  assert.deepEqual(facts("div"), [0, 0]);
  assert.deepEqual(facts("div(p,p)"), [0, 2]);
  assert.deepEqual(facts("div*(p)"), [0, 1]);
  assert.deepEqual(facts("div(p,div*,p)"), [2, 0]);
  assert.deepEqual(facts("div(p,div(p(p),div.kp-slot*(hr,hr)))"), [5, 2]);
});
