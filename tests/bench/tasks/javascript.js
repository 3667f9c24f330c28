// SPDX-License-Identifier: MIT
// JavaScript's own side of ./build.sh bench tasks: async functions and promises.

const SWITCHES = 300_000;
const SPAWNS = 100_000;
const EVENTS = 1_000_000;
const MESSAGES = 200_000;
const SLEEPERS = 100_000;
const NAPS = 300;

async function awaitOften() {
  for (let i = 0; i < SWITCHES; i++) await undefined;
}

/** @param {number} left @returns {Promise<void>} */
const awaitAtDepth = async (left) => (left === 0 ? await awaitOften() : await awaitAtDepth(left - 1));

const empty = async () => {};

/** One place, as in a kp_chan of capacity 1: who finds it full or empty waits for a promise. */
class Queue {
  /** @type {number[]} */
  items = [];
  /** @type {(() => void) | undefined} */
  wake;
  /** @param {boolean} isEmpty what to wait for */
  async until(isEmpty) {
    while ((this.items.length === 0) !== isEmpty)
      await new Promise((resolve) => (this.wake = () => resolve(undefined)));
  }
  change() {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }
  /** @param {number} item */
  async send(item) {
    if (this.items.length > 0) await this.until(true);
    this.items.push(item);
    this.change();
  }
  async receive() {
    if (this.items.length === 0) await this.until(false);
    const item = /** @type {number} */ (this.items.pop());
    this.change();
    return item;
  }
}

/** @param {Queue} there @param {Queue} back */
async function answer(there, back) {
  for (let i = 0; i < MESSAGES / 2; i++) await back.send(await there.receive());
}

/** @param {any} owner */
const sleeper = (owner) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, 3_600_000);
    owner.cancels.push(() => {
      clearTimeout(timer);
      reject(new Error("canceled"));
    });
  });

const hop = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(undefined);
    };
    port2.postMessage(0);
  });

/** @param {number} milliseconds */
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** @param {() => number} [heap] bytes in use, where that can be asked for */
export function createJavaScript(heap = () => NaN) {
  let total = 0;
  return {
    /** @param {number} frames */
    async switch(frames) {
      const start = performance.now();
      await Promise.all([awaitAtDepth(frames - 2), awaitAtDepth(frames - 2)]); // in turn
      return ((performance.now() - start) * 1e6) / (2 * SWITCHES);
    },
    async spawn() {
      const start = performance.now();
      for (let i = 0; i < SPAWNS; i += 100) await Promise.all(Array.from({ length: 100 }, empty));
      return ((performance.now() - start) * 1e6) / SPAWNS;
    },
    async channel() {
      const [there, back] = [new Queue(), new Queue()];
      const start = performance.now();
      const answering = answer(there, back);
      for (let i = 0; i < MESSAGES / 2; i++) {
        await there.send(i);
        await back.receive();
      }
      await answering;
      return ((performance.now() - start) * 1e6) / MESSAGES;
    },
    async sleepers() {
      const owner = { cancels: /** @type {(() => void)[]} */ ([]) };
      const before = heap();
      const tasks = Array.from({ length: SLEEPERS }, () => sleeper(owner));
      const bytes = (heap() - before) / SLEEPERS;
      const start = performance.now();
      const all = Promise.allSettled(tasks);
      for (const cancel of owner.cancels) cancel();
      await all;
      return { bytes, cancel: performance.now() - start, count: SLEEPERS };
    },
    async naps() {
      const times = [];
      for (let i = 0; i < NAPS; i++) {
        const start = performance.now();
        await sleep(1);
        times.push(performance.now() - start);
      }
      return times;
    },
    /** @param {number} milliseconds */
    async compute(milliseconds) {
      const end = performance.now() + milliseconds;
      for (let work = 1; performance.now() < end; await hop())
        for (let i = 0; i < 20_000; i++) work = Math.imul(work, 1664525) + 1013904223;
    },
    /** Nanoseconds for a call of a function, and what it adds that it is an async one, which does not wait. */
    handler() {
      const time = (/** @type {(event: { x: number }) => unknown} */ handle) => {
        const start = performance.now();
        for (let i = 0; i < EVENTS; i++) handle({ x: i });
        return ((performance.now() - start) * 1e6) / EVENTS;
      };
      const plain = time(({ x }) => void (total += x));
      return { plain, handler: time(async ({ x }) => void (total += x)) - plain };
    },
    /** Nanoseconds for an async listener, in `repeat`: how often. @type {(document: Document, repeat: number) => number} */
    dispatch(document, repeat) {
      const button = document.body.appendChild(document.createElement("button"));
      button.addEventListener("click", async () => void total++);
      const time = timeClicks(button, repeat);
      button.remove();
      return time;
    },
  };
}

/** @type {(button: HTMLElement, repeat: number) => number} nanoseconds */
export function timeClicks(button, repeat) {
  const start = performance.now();
  for (let i = 0; i < repeat; i++) button.click();
  return ((performance.now() - start) * 1e6) / repeat;
}
