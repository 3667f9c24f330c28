// SPDX-License-Identifier: MIT
// Runs in the page: gives the program its steps and compares what comes of them. `stress.run` is called from outside.
import { compare } from "./compare.js";
import { createModel } from "./model.js";
import { encode, USERS } from "./protocol.js";
import { draw } from "./steps.js";
import { perform } from "./user.js";

/** @typedef {import("./protocol.js").Step} Step */

/**
 * @typedef {object} Outcome
 * @property {number} steps how many steps of the app were taken
 * @property {string} [why] it failed
 * @property {Step[]} [history] of the episode that failed
 */

/**
 * @param {import("../program.mjs").Definitions} definitions
 * @returns {(report: string) => Promise<string>} what main.c awaits
 */
export function serve(definitions) {
  const model = createModel(definitions);
  /** @type {string[]} */
  const errors = [];
  /** @type {IterableIterator<Step> | undefined} */
  let steps;
  /** @type {Step[]} of this episode */
  let history = [];
  let count = 0;
  let isFirst = true;
  /** @type {(why?: string) => void} */
  let finish = () => {};
  /** @type {() => void} */
  let begin = () => {};

  // What scrolls is not to be scrolled by the browser, and a link is not to leave the page.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { overflow-anchor: none; }");
  document.adoptedStyleSheets.push(sheet);
  document.body.replaceChildren(); // what is shown until the app shows something
  document.title = "";
  addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("a")) event.preventDefault();
  });
  let told = 0;
  let placed = 0;
  const countPlaced = (/** @type {MutationRecord[]} */ records) => {
    for (const { addedNodes } of records)
      for (const node of addedNodes)
        placed += Number(/** @type {Element} */ (node).getAttribute?.("title") === "item");
  };
  const observer = new MutationObserver(countPlaced);
  observer.observe(document.body, { childList: true, subtree: true });
  console.error = (/** @type {any[]} */ ...words) => {
    errors.push(words.join(" "));
    if (errors.length > 1000) errors.shift();
    told++;
  };

  /** @param {string} report */
  function judge(report) {
    const expected = model.expected();
    const found = report.split("\n").slice(0, -1);
    for (let i = 0; i < Math.max(expected.length, found.length); i++)
      if (found[i] !== expected[i])
        return `The app reports ${JSON.stringify(found[i])}, not ${JSON.stringify(expected[i])}, as line ${i} of its last batch.`;
    if (told !== model.refusals)
      return `${model.refusals} refusals should have been told of, and ${told} errors were: ${errors.at(-1)}`;
    countPlaced(observer.takeRecords());
    if (placed !== model.placed)
      return `${placed} items were placed or moved, where ${model.placed} would have been enough`;
    return compare(model);
  }

  /** @returns {string | undefined} the next batch, or nothing when there are no more steps */
  function next() {
    let batch = "";
    for (;;) {
      const { value: step, done } = /** @type {IterableIterator<Step>} */ (steps).next();
      if (done) return batch || undefined;
      history.push(step);
      if (step[0] === "check") {
        if (batch) return batch;
        continue;
      }
      if (USERS.has(/** @type {string} */ (step[0]))) {
        const control = model.find(step[1]);
        // What a shortened list has left of the user's doings may be impossible.
        if (batch || !model.can(/** @type {string} */ (step[0]), control) || !control?.elements) continue;
        model.apply(step);
        perform(control, step);
      } else {
        model.apply(step);
        batch += encode(step, definitions);
        count++;
      }
    }
  }

  Object.assign(globalThis, {
    stress: {
      /**
       * @param {{ seed?: number, count?: number, list?: Step[] }} what an episode's seed and length, or its steps
       * @returns {Promise<Outcome>}
       */
      run({ seed = 0, count: wanted = 0, list }) {
        history = [];
        count = 0;
        steps = list ? list.values() : draw(model, definitions, seed, wanted);
        return new Promise((resolve) => {
          finish = (why) => resolve({ steps: count, why, history: why ? history : undefined });
          begin();
        });
      },
    },
  });

  return async (report) => {
    await null; // the changes are applied once the app has suspended
    const why = isFirst ? undefined : judge(report);
    isFirst = false;
    if (why) {
      finish(why);
      return new Promise(() => {});
    }
    for (;;) {
      if (steps) {
        if (model.focus === undefined) {
          /** @type {HTMLElement} */ (document.activeElement).blur();
          // A field that became one of date or time while it had the focus keeps it for a while.
          if (document.activeElement === document.body) model.blur();
        }
        const batch = next();
        if (batch) return batch;
        steps = undefined;
        finish();
      }
      await new Promise((resolve) => (begin = () => resolve(undefined)));
    }
  };
}
