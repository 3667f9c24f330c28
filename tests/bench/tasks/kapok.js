// SPDX-License-Identifier: MIT
// Kapok's side of ./build.sh bench tasks: runs app.c on the runtime's real clock, in a browser or not.
import { createClock } from "../../../js/runtime/clock.js";
import { createProgram } from "../../../js/runtime/program.js";
import { timeClicks } from "./javascript.js";

/**
 * @param {Document} document
 * @param {WebAssembly.Module} module of app.c
 */
export async function createKapok(document, module) {
  /** @type {(line: string) => void} */
  let onLine = () => {};
  const program = await createProgram({
    module,
    root: document.body.appendChild(document.createElement("div")),
    clock: createClock(document),
    log: (level, text) => level > 0 && console.error(text),
    print: (_, line) => onLine(line),
    onEnd: () => {},
    onFailure: (error) => console.error(error),
  });
  program.start();

  /** @param {string} label */
  const button = (label) => {
    const found = [...document.querySelectorAll("button")].find((each) => each.textContent === label);
    if (!found) throw new Error(`The app has no button "${label}".`);
    return found;
  };

  /**
   * @param {string} label
   * @returns {Promise<number[]>}
   */
  const press = (label) =>
    new Promise((resolve) => {
      /** @type {number[]} */
      const figures = [];
      onLine = (line) => (line === "done" ? resolve(figures) : figures.push(Number(line)));
      button(label).click();
    });

  return {
    /** @param {number} frames */
    switch: async (frames) => (await press(`switch ${frames}`))[0],
    spawn: async () => (await press("spawn"))[0],
    channel: async () => (await press("channel"))[0],
    async sleepers() {
      const [bytes, cancel, count] = await press("sleepers");
      return { bytes, cancel, count };
    },
    naps: () => press("naps"),
    compute: () => press("compute"),
    /** @type {(document: Document, repeat: number) => number} */
    dispatch: (_, repeat) => timeClicks(button("count"), repeat),
    /** Nanoseconds of a call with an event, and what it adds that it is of a handler, which is a task. */
    async handler() {
      const [plain, handler] = await press("handler");
      return { plain, handler };
    },
  };
}
