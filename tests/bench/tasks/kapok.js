// SPDX-License-Identifier: MIT
// Kapok's side of ./build.sh bench tasks: runs app.c on the runtime's real clock, in a browser or not.
import { createClock } from "../../../js/runtime/clock.js";
import { instantiate } from "../../../js/runtime/load.js";
import { createProgram } from "../../../js/runtime/program.js";
import { timeClicks } from "./javascript.js";

const TURNS = 20;

/**
 * @param {any} app
 * @param {number} repeat
 * @param {number[]} event as kp_deliver is told
 * @returns {number} nanoseconds for all
 */
function timeEvents(app, repeat, [control, target, bytes, flags, code, x, y, width, height]) {
  const start = performance.now();
  for (let i = 0; i < repeat; i++) app.kp_deliver(control, target, bytes, flags, code, x, y, width, height);
  return (performance.now() - start) * 1e6;
}

/**
 * @param {Document} document
 * @param {WebAssembly.Module} module of app.c
 */
export async function createKapok(document, module) {
  /** @type {(line: string) => void} */
  let onLine = () => {};
  /** @type {any} */
  let app;
  /** @type {number[]} what kp_deliver was told last */
  let event;

  const program = await createProgram({
    module,
    root: document.body.appendChild(document.createElement("div")),
    clock: createClock(document),
    log: (level, text) => level > 0 && console.error(text),
    print: (_, line) => onLine(line),
    onEnd: () => {},
    onFailure: (error) => console.error(error),
    async link(...operands) {
      app = await instantiate(...operands);
      return { ...app, kp_deliver: (/** @type {number[]} */ ...told) => app.kp_deliver(...(event = told)) };
    },
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

  button("count").click();
  const heard = event;
  button("count once").click();
  const unheard = event;

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
    /**
     * Nanoseconds that an event takes whose handler has been taken away, and what a handler adds. By turns, as a
     * difference suffers most from what disturbs one side alone.
     * @param {number} repeat
     */
    deliver(repeat) {
      const turn = repeat / TURNS;
      let [entry, both] = [0, 0];
      for (let i = 0; i < TURNS; i++) {
        entry += timeEvents(app, turn, unheard);
        both += timeEvents(app, turn, heard);
      }
      return { entry: entry / repeat, deliver: (both - entry) / repeat };
    },
  };
}
