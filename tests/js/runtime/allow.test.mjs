// SPDX-License-Identifier: MIT
// What an app cannot put into a page, whatever it sends.
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { ATTRIBUTES, EVENTS, EINVAL, PROPERTIES, STYLES, TAGS } from "../../../js/runtime/abi.gen.js";
import { isSafeUrl, judgeName } from "../../../js/runtime/allow.js";
import { named } from "../../support/batch.mjs";
import { createPage } from "../../support/page.mjs";

const page = createPage();
afterEach(() => page.errors.splice(0));

const words = (/** @type {string} */ list) => list.split(" ");

const evilTags = words(
  "script style iframe frame frameset object embed applet base meta link svg math template slot portal " +
    "animate set use foreignobject noscript xmp plaintext title head body html SCRIPT Script",
);
const evilAttributes = words(
  "onclick onerror onload onfocus ontoggle onbeforetoggle onpointerdown onanimationend onwheel ONCLICK OnClick " +
    "srcdoc style http-equiv formaction action srcset ping background xlink:href is nonce integrity sandbox " +
    "contenteditable popovertarget attributionsrc form data manifest usemap",
);
const evilProperties = words(
  "innerHTML outerHTML srcdoc onclick onerror onload outerText innerText textContent text cssText style className " +
    "constructor prototype __proto__ insertAdjacentHTML setHTMLUnsafe href src action formAction ownerDocument attributes",
);
const evilUrls = [
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "\u0001javascript:alert(1)",
  " javascript:alert(1)",
  "\t\n\rjava\tscr\nipt\r:alert(1)",
  "\u0001\u001Fjavascript:alert(1)",
  "javascript://example.com/%0Aalert(1)",
  "javascript&colon;alert(1)//".replace("&colon;", ":"),
  "vbscript:msgbox(1)",
  "data:text/html,<script>alert(1)</script>",
  "data:text/html;base64,PHNjcmlwdD4=",
  "data:image/svg+xml,<svg onload=alert(1)>",
  "data:application/xhtml+xml,<x/>",
  "data:,x",
  "DATA:text/html,x",
  "blob:http://localhost/0b0b",
  "filesystem:http://localhost/temporary/x",
  "file:///etc/passwd",
  "ftp://example.com/",
  "about:blank",
  "view-source:http://localhost/",
  "chrome://settings",
  "intent://x#Intent;end",
  "ws://localhost/",
  "http://[",
  "https://exa mple.com/",
  "http://a:99999/",
];
const goodUrls = [
  "",
  "#top",
  "?a=b",
  "page.html",
  "../up",
  "//example.com/x",
  "http://example.com/",
  "HTTPS://example.com/ä?x#y",
  "mailto:a@example.com",
  "tel:+123",
  "javascript",
  "./javascript:alert(1)",
  "path/data:text/html",
];

describe("markup", () => {
  for (const tag of evilTags)
    test(`cannot make <${tag}>`, () => {
      page.batch.create(2, `div(${tag})`).insert(2);
      assert.equal(page.apply(), EINVAL);
      assert.equal(page.root.querySelector("*"), null);
    });

  for (const attribute of evilAttributes)
    test(`cannot set ${attribute}`, () => {
      page.batch.template(`div[${attribute}=x]`);
      assert.equal(page.apply(), EINVAL);
    });

  test("cannot hold an address that runs code", () => {
    page.batch.template("a[href=javascript:alert(1)]");
    assert.equal(page.apply(), EINVAL);
    page.batch.create(2, "a[href=https://example.com/]");
    assert.equal(page.apply(), 0);
  });

  const malformed = [
    "", "1", "DIV", "<div>", "div(", "div)", "div(p", "div(p,)", "div()", "div,p", "div[alt", "div.", "div p", "div*x",
    "p(p))", " div", "div ", "div[]", "div[=x]", "p\x01", "p.a b", "(p)", "*p", "&lt;p",
    "p,", "div(p),", ",p", "p,,p", "div((p)", "div(p)(p)",
  ]; // prettier-ignore
  for (const markup of malformed)
    test(`is refused when it is ${JSON.stringify(markup)}`, () => {
      page.batch.template(markup);
      assert.equal(page.apply(), EINVAL);
      assert.match(page.errors[0], /markup/);
    });
});

describe("names", () => {
  const set = (/** @type {any} */ place, /** @type {string} */ name, /** @type {any} */ value) => {
    page.batch.create(3, "img.kp-image").insert(3).set(3, place, name, value);
    const result = page.apply();
    const element = /** @type {Element} */ (page.root.lastElementChild);
    page.batch.detach(3).forget(3);
    page.apply();
    return { result, element };
  };

  for (const attribute of evilAttributes)
    test(`the attribute ${attribute} cannot be set`, () => {
      const { result, element } = set("attribute", attribute, "alert(1)");
      assert.equal(result, EINVAL);
      assert.deepEqual(element.getAttributeNames(), ["class"]);
    });

  for (const property of evilProperties)
    test(`the property ${property} cannot be set`, () => {
      const { result, element } = set("property", property, "<img src=x onerror=alert(1)>");
      assert.equal(result, EINVAL);
      assert.equal(element.outerHTML, '<img class="kp-image">');
    });

  for (const style of words("behavior -moz-binding background-image content cssText filter src"))
    test(`the style ${style} cannot be set`, () => {
      assert.equal(set("style", style, "url(javascript:alert(1))").result, EINVAL);
    });

  for (const event of words("onclick beforeunload message DOMContentLoaded readystatechange"))
    test(`the event ${event} cannot be listened for`, () => {
      page.batch.create(4, "div").listen(4, event);
      assert.equal(page.apply(), EINVAL);
    });

  test("data attributes are only that", () => {
    assert.notEqual(set("data", 'x="" onclick', "y").result, 0);
    const { element } = set("data", "onclick", "y");
    assert.deepEqual(element.getAttributeNames(), ["class", "data-onclick"]);
  });

  test("a name cannot be made harmless first and be used elsewhere", () => {
    const name = page.batch.name("srcdoc");
    page.batch.create(5, "img").set(5, "class", "srcdoc", true);
    assert.equal(page.apply(), 0);
    page.batch.set(5, "attribute", "srcdoc", named(name));
    assert.equal(page.apply(), EINVAL);
  });
});

describe("addresses", () => {
  const image = page.document.createElement("img");
  const link = page.document.createElement("a");

  for (const url of evilUrls)
    test(`${JSON.stringify(url)} is refused, and what was there is gone`, () => {
      for (const [control, markup, attribute] of /** @type {const} */ ([
        [6, "a", "href"],
        [7, "img", "src"],
      ])) {
        if (url.startsWith("blob:") && markup === "img") continue;
        page.batch.create(control, markup).insert(control).set(control, "attribute", attribute, "good.png");
        page.batch.set(control, "attribute", attribute, url);
        assert.equal(page.apply(), EINVAL);
        assert.equal(page.root.lastElementChild?.hasAttribute(attribute), false);
      }
    });

  for (const url of goodUrls)
    test(`${JSON.stringify(url)} is not`, () => {
      page.batch.create(8, "a").insert(8).set(8, "attribute", "href", url);
      assert.equal(page.apply(), 0);
      assert.equal(page.root.lastElementChild?.getAttribute("href"), url);
    });

  test("a picture may be in the address itself, a page may not", () => {
    for (const url of ["data:image/png;base64,AA", "data:image/webp,x", "blob:http://localhost/1"]) {
      assert.equal(isSafeUrl(url, image), true);
      assert.equal(isSafeUrl(url, link), false);
    }
    assert.equal(isSafeUrl("data:image/pngx,", image), false);
    assert.equal(isSafeUrl("data:image/svg+xml;image/png,", image), false);
  });

  test("as a name's number it is judged too", () => {
    const name = page.batch.name("javascript:alert(1)");
    page.batch.create(9, "a").set(9, "attribute", "href", named(name));
    assert.equal(page.apply(), EINVAL);
  });
});

describe("the lists themselves", () => {
  const none = (/** @type {string} */ list, /** @type {RegExp} */ evil) =>
    assert.deepEqual(
      words(list).filter((word) => evil.test(word)),
      [],
    );

  test("hold nothing that runs code or loads a page", () => {
    none(TAGS, /^(script|style|i?frame|frameset|object|embed|base|meta|link|svg|math|template|portal)$/i);
    none(ATTRIBUTES, /^(on.*|srcdoc|style|http-equiv|is|nonce|sandbox)$/i);
    none(PROPERTIES, /^(on.*|.*html.*|srcdoc|style|text|cssText|constructor|prototype|__proto__)$/i);
    none(STYLES, /^(behavior|-moz-binding)$/i);
    none(EVENTS, /^(before)?unload|message/i);
  });

  test("judge every address that they hold", () => {
    const known = words(
      "action background cite data formaction href longdesc manifest ping poster src srcset usemap xlink:href",
    );
    for (const word of [...words(ATTRIBUTES), ...words(PROPERTIES)])
      assert.equal(judgeName(word, 1).isAddress, known.includes(word), word);
  });
});
