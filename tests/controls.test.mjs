// SPDX-License-Identifier: MIT
// Every control of src/controls, in a real browser: each property reaches the page when the control is
// made and later, and leaves it again; each event reaches its handler. The table is the definitions.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "../js/cli/build.js";
import { readDefinitions } from "../wasm/generate/definitions.mjs";
import { launchChromium } from "./support/chromium.mjs";
import { controlsProgram, sample, settable } from "./support/controls_program.mjs";
import { serveFiles } from "./support/file_server.mjs";

/**
 * @typedef {import("../wasm/generate/definitions.mjs").Control} Control
 * @typedef {import("../wasm/generate/definitions.mjs").Prop} Prop
 * @typedef {import("../wasm/generate/definitions.mjs").Target} Target
 */

const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const model = readDefinitions(path("src/controls"), readFileSync(path("src/include/kapok.h"), "utf8"));
const constructible = model.controls.filter((control) => control.constructible);
const pageControl = /** @type {Control} */ (model.controls.find((control) => !control.constructible));

/** @type {string} */
let folder;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("playwright-core").Page} */
let page;
/** @type {{url: string, close: () => Promise<void>}} */
let server;
/** @type {string[]} what the program has printed */
const lines = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "kapok-controls-"));
  const source = join(folder, "controls.c");
  writeFileSync(source, controlsProgram(model));
  [browser] = await Promise.all([
    launchChromium(),
    build(source, { out: join(folder, "site"), quiet: true }),
  ]);
  server = await serveFiles(join(folder, "site"));
  page = await browser.newPage();
  // But for what the browser advises by itself, as one type or another.
  page.on("console", (message) => !message.text().startsWith("[DOM] ") && lines.push(message.text()));
  await page.goto(server.url);
  await printed("ready");
});

after(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits until the program has printed a line. @param {string | RegExp} line */
async function printed(line) {
  const isIt = (/** @type {string} */ text) => (typeof line === "string" ? text === line : line.test(text));
  for (let tries = 0; tries < 2000; tries++) {
    const at = lines.findIndex(isIt);
    if (at >= 0) return lines.splice(at, 1)[0];
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.fail(`The program has not printed ${line}, but:\n${lines.join("\n")}`);
}

/**
 * What the page holds in the place of a target, and what it would hold by the definition.
 * @param {string} selector of the control's root
 * @param {Target} target
 * @param {unknown} value of the right type; null for none
 * @returns {Promise<{actual: unknown, expected: unknown}>}
 */
const look = (selector, target, value) =>
  page.evaluate(
    ({ selector, target: { place, name, part }, value }) => {
      const root = /** @type {HTMLElement} */ (document.querySelector(selector));
      /** @type {any} */
      const element = part ? root.querySelectorAll("*")[part - 1] : root;
      const attribute = value === null || value === false ? null : value === true ? "" : String(value);
      if (place === "text") return { actual: element.firstChild?.nodeValue ?? "", expected: value ?? "" };
      if (place === "attribute") return { actual: element.getAttribute(name), expected: attribute };
      if (place === "data") return { actual: element.getAttribute(`data-${name}`), expected: attribute };
      if (place === "class") return { actual: element.classList.contains(name), expected: value ?? false };
      if (place === "style") {
        const probe = document.createElement("div").style;
        probe.setProperty(name, String(value ?? ""));
        return { actual: element.style.getPropertyValue(name), expected: probe.getPropertyValue(name) };
      }
      return { actual: (name === "title" ? document : element)[name], expected: value };
    },
    { selector, target, value },
  );

/**
 * What a property puts into a target.
 * @param {Prop} prop
 * @param {Target} target
 * @param {string | number | boolean} value
 */
function shown(prop, target, value) {
  if (prop.type === "enum") return prop.values[Number(value)][1];
  if (target.set !== undefined) return target.set;
  return prop.type === "length" ? `${value}px` : value;
}

/**
 * @param {string} selector
 * @param {Prop} prop
 * @param {string | number | boolean} value
 */
async function assertShown(selector, prop, value) {
  for (const target of prop.targets) {
    const { actual, expected } = await look(selector, target, shown(prop, target, value));
    const where = `${prop.name} as ${target.place} ${target.name} of ${selector}`;
    assert.deepEqual(actual, expected, where);
    if (target.place === "style" && prop.type !== "enum")
      assert.notEqual(actual, "", `${where} is no valid CSS`);
  }
}

test("no call of the program has failed", () => {
  assert.deepEqual(
    lines.filter((line) => !line.startsWith("mount of")),
    [],
  );
});

for (const control of constructible) {
  const { name } = control;
  const props = settable(model, control);

  describe(`kp_${name}`, () => {
    for (const way of ["made", "set"])
      for (const prop of props)
        test(`${prop.name} when it is ${way}`, async () => {
          await assertShown(`#${way}_${name}`, prop, sample(prop));
        });

    test("all properties can be taken back", async () => {
      const html = (/** @type {string} */ id) =>
        page.evaluate(
          (id) =>
            document
              .getElementById(id)
              ?.outerHTML.replace(/ style=""/g, "")
              .replace(/id="\w+"/, ""),
          `${id}_${name}`,
        );
      assert.equal(await html("reset"), await html("bare"));
    });

    for (const prop of props.filter(({ type }) => type === "enum"))
      test(`every value of ${prop.name}`, async () => {
        for (const index of prop.values.keys())
          await assertShown(`#${prop.name}${index}_${name}`, prop, index);
      });

    test("its element", async () => {
      const ids = control.markups.map((_, index) => `${index ? `markup${index}` : "bare"}_${name}`);
      const tags = await page.evaluate((ids) => ids.map((id) => document.getElementById(id)?.localName), ids);
      assert.deepEqual(
        tags,
        control.parts.map(([root]) => root.tag),
      );
    });

    for (const event of control.events)
      test(`on_${event.name}`, async () => {
        const main = control.parts[0][control.main];
        const root = page.locator(`#live_${name}`);
        await RAISE[event.name](control.main ? root.locator(`.${main.classes[0]}`) : root);
        const detail = DETAILS[`${name}.${event.name}`] ?? "";
        await printed(new RegExp(`^${event.name} of ${name}: ${detail}`));
      });

    test("on_mount", () => printed(new RegExp(`^mount of ${name}: `)));
  });
}

/**
 * How a user, or the browser, makes it happen.
 * @type {Record<string, (element: import("playwright-core").Locator) => Promise<unknown>>}
 */
const RAISE = {
  click: (element) => element.evaluate((e) => /** @type {HTMLElement} */ (e).click()),
  input: (element) => element.fill("typed"),
  async change(element) {
    if ((await element.getAttribute("type")) === "checkbox") return element.check();
    await element.fill("left");
    await element.blur();
  },
  async submit(element) {
    await element.fill("sent");
    await element.press("Enter");
  },
  focus: (element) => element.focus(),
  async blur(element) {
    await element.focus();
    await element.blur();
  },
  key_down: (element) => element.press("k"),
  pointer_enter: (element) => element.dispatchEvent("pointerenter"),
  pointer_leave: (element) => element.dispatchEvent("pointerleave"),
  load: (element) => element.dispatchEvent("load"),
  error: (element) => element.dispatchEvent("error"),
};

/** @type {Record<string, string>} what the handler is told */
const DETAILS = {
  "checkbox.change": '"on" 1 ',
  "text_field.change": '"left"',
  "text_field.input": '"typed"',
  "text_field.submit": '"sent"',
  "text_field.key_down": '"k"',
};

describe("while_busy", () => {
  /** Clicks twice. @param {string} id @returns {Promise<boolean[]>} whether the browser may follow the link */
  const click = (id) =>
    page.evaluate((id) => {
      const link = /** @type {HTMLElement} */ (document.getElementById(id));
      const follows = () => link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
      const all = [follows(), follows()];
      history.replaceState(null, "", location.pathname);
      return all;
    }, id);
  let number = 0;
  /** @param {string} id @param {[handler: number, what: string][]} told */
  async function expectTold(id, told) {
    for (const [handler, what] of told) {
      const line = await printed(new RegExp(`^${id} handler`));
      assert.equal(line, `${id} handler ${number + handler}${what && `: ${what}`}`);
    }
    number += Math.max(...told.map(([handler]) => handler));
  }

  test("parallel", async () => {
    assert.deepEqual(await click("parallel"), [false, false]);
    await expectTold("parallel", [[1, ""], [2, ""], [1, "no error"], [2, "no error"]]); // prettier-ignore
  });

  test("drop", async () => {
    assert.deepEqual(await click("drop"), [false, true]);
    await expectTold("drop", [[1, ""], [1, "no error"]]); // prettier-ignore
  });

  test("queue", async () => {
    assert.deepEqual(await click("queue"), [false, true]);
    await expectTold("queue", [[1, ""], [1, "no error"], [2, ""], [2, "no error"]]); // prettier-ignore
  });

  test("restart: the new handler starts at once, after the old has ended", async () => {
    assert.deepEqual(await click("restart"), [false, false]);
    await expectTold("restart", [[1, ""], [1, "canceled"], [2, ""], [2, "no error"]]); // prettier-ignore
  });
});

describe("kp_page", () => {
  const props = settable(model, pageControl);

  test("every property", async () => {
    await page.getByRole("button", { name: "set", exact: true, includeHidden: true }).evaluate(click);
    for (const prop of props) await assertShown(".kp-page", prop, sample(prop));
  });

  test("all properties can be taken back", async () => {
    await page.getByRole("button", { name: "reset", exact: true, includeHidden: true }).evaluate(click);
    for (const prop of props)
      for (const target of prop.targets.filter(({ place }) => place !== "property")) {
        const { actual, expected } = await look(".kp-page", target, null);
        assert.equal(actual, expected, `${prop.name} as ${target.place}`);
      }
  });

  test("on_key_down and on_key_up", async () => {
    await page.keyboard.press("q");
    await printed(/^key_down of page: "q"/);
    await printed(/^key_up of page: "q"/);
  });

  test("on_resize", async () => {
    await page.setViewportSize({ width: 555, height: 444 });
    await printed(/^resize of page: "" 0 555$/);
  });

  test("on_error hears of an image that nobody asked about", async () => {
    await page.locator("#bare_image").dispatchEvent("error");
    await printed(/^error of page: "image failed to load/);
  });

  test("every control hears that it is unmounted", async () => {
    await page.getByRole("button", { name: "clear", exact: true, includeHidden: true }).evaluate(click);
    for (const { name } of constructible) await printed(new RegExp(`^unmount of ${name}: `));
  });
});

const click = (/** @type {Element} */ element) => /** @type {HTMLElement} */ (element).click();
