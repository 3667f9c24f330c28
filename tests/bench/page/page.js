// SPDX-License-Identifier: MIT
// Both sides of each comparison, in one page and taking turns, so that what disturbs one disturbs
// the other. tests/bench/bench.mjs calls these and prints.
import "kapok/style.css";
import { mount } from "kapok/runtime";
import rowsUrl from "./rows.c";
import switchUrl from "./switch.c";
import { mountRows } from "./rows.js";

const $ = (selector) => document.querySelector(selector);
/** Until the page has been drawn: what is changed before that costs a browser next to nothing. */
const drawn = () =>
  new Promise((resolve) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve();
      port2.postMessage(0);
    }),
  );

async function awaitOften(count) {
  for (let i = 0; i < count; i++) await undefined;
}

/** Nanoseconds for one `await` of two functions that take turns. */
async function measureAwait() {
  const count = 1_000_000;
  const both = (each) => Promise.all([awaitOften(each), awaitOften(each)]);
  await both(count / 10);
  const start = performance.now();
  await both(count);
  return ((performance.now() - start) * 1e6) / (2 * count);
}

/** Nanoseconds a switch, by frames, as the app prints them. */
function measureSwitch(lines, button) {
  return new Promise((resolve) => {
    lines.length = 0;
    const poll = setInterval(() => {
      if (lines.filter((line) => line.startsWith("switch")).length < 3) return;
      clearInterval(poll);
      resolve(Object.fromEntries(lines.map((line) => line.split(" ").slice(1).map(Number))));
    }, 20);
    button.click();
  });
}

const lines = [];
await mount({
  app: switchUrl,
  root: $("#switch"),
  console: { log: (line) => lines.push(line), error: console.error },
});
await mount({ app: rowsUrl, root: $("#rows") });

const button = (label) => [...document.querySelectorAll("button")].find((b) => b.textContent === label);

globalThis.measureSwitches = async () => ({
  switch: await measureSwitch(lines, button("measure")),
  await: await measureAwait(),
});

/** Milliseconds of script for each operation, both sides, one round. */
globalThis.measureRows = async () => {
  const time = (work) => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  const list = $("#rows").querySelector(".kp-column");
  button("create").click();
  const sample = list.firstElementChild;
  globalThis.byHand ??= mountRows($("#by-hand"), sample, list.className);
  button("clear").click();
  await drawn();
  const times = {};
  for (const operation of ["clone", "create", "update", "clear"]) {
    times[operation] = {};
    for (const side of Math.random() < 0.5 ? ["kapok", "hand"] : ["hand", "kapok"]) {
      const pressed =
        side === "kapok"
          ? button(operation === "clone" ? "create" : operation)
          : globalThis.byHand[operation];
      times[operation][side] = time(() => pressed.click());
      await drawn();
    }
    if (operation === "clone") {
      button("clear").click();
      globalThis.byHand.clear.click();
    }
  }
  return times;
};
document.title = "ready";
