// SPDX-License-Identifier: MIT
// Kapok's side of ./build.sh bench tasks: runs app.c on the runtime's real clock, in a browser or not.
import { createClock } from "../../../js/runtime/clock.js";
import { instantiate } from "../../../js/runtime/load.js";
import { createProgram } from "../../../js/runtime/program.js";
import { timeClicks } from "./javascript.js";

/**
 * @param {Document} document
 * @param {WebAssembly.Module} module of app.c
 */
export async function createKapok(document, module) {
  /** @type {(line: string) => void} */
  let onLine = () => {};
  /** @type {any} */
  let app;
  /** @type {Uint8Array} the last event */
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
      let [at, size] = [0, 0];
      const inbox = (/** @type {number} */ bytes) => ((size = bytes), (at = app.kp_inbox(bytes)));
      const deliver = () => {
        event = new Uint8Array(app.memory.buffer).slice(at, at + size);
        return app.kp_deliver();
      };
      return { ...app, kp_inbox: inbox, kp_deliver: deliver };
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
     * Nanoseconds that the app takes for an event, without the browser and without writing it into memory.
     * @param {number} repeat
     */
    deliver(repeat) {
      button("count").click();
      const time = (/** @type {() => void} */ after) => {
        const start = performance.now();
        for (let i = 0; i < repeat; i++) {
          const at = app.kp_inbox(event.length);
          new Uint8Array(app.memory.buffer).set(event, at);
          after();
        }
        return ((performance.now() - start) * 1e6) / repeat;
      };
      return time(app.kp_deliver) - time(() => {});
    },
  };
}
