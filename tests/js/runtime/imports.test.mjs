// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { EIO, ENOENT, ENOMEM, ENOTSUP, MOMENT_FRAME, MOMENT_IDLE } from "../../../js/runtime/abi.gen.js";
import { startFake, trap } from "../../support/fake_app.mjs";

/** @typedef {Awaited<ReturnType<typeof startFake>>} Fake */

/** @type {Fake} */
let app;
afterEach(() => app.close());

/** @param {Parameters<typeof startFake>[0]} exports @param {object} [host] */
async function start(exports, host) {
  app = await startFake(exports, host);
  app.program.start();
  return app;
}

/** What JavaScript may throw, or reject with. */
const weird = [
  null,
  undefined,
  "",
  "text",
  0,
  NaN,
  10n,
  Symbol("s"),
  {},
  Object.create(null),
  () => {},
  [],
  new Error(""),
  { toString: () => trap() },
  new Proxy({}, { get: () => trap() }),
  { get message() { return trap(); } }, // prettier-ignore
  { get code() { return trap(); } }, // prettier-ignore
];

/** Lets promises that are answered tell so. */
const settled = () => new Promise(setImmediate);

describe("the imports", () => {
  for (const [index, thrown] of weird.entries())
    test(`nothing that JavaScript throws goes through the app (${index})`, async () => {
      await start((app) => ({
        kp_start() {
          app.window.document.createElement = () => {
            throw thrown;
          };
          app.batch.create(2, "div");
          app.calls.push(app.apply());
        },
      }));
      assert.deepEqual(app.calls, ["kp_start", EIO]);
      assert.equal(app.lines.length, 2);
      assert.match(app.lines[0], /^error: command 2 .*: ./);
    });

  test("each of them returns a code and says which it was, whatever it is that was thrown", async () => {
    for (const thrown of weird) {
      const broken = () => {
        throw thrown;
      };
      await start((app) => ({
        kp_start() {
          const { imports } = app;
          app.memory.grow(1); // so that views are made anew
          Object.defineProperty(app.memory, "buffer", { get: broken });
          app.calls.push(
            imports.apply(0, 1, 0, 0),
            imports.now(),
            imports.schedule(1),
            imports.read_text(9, 0, 0, 0),
            imports.read_number(9, 0),
            imports.copy_text(0, 0, 1),
            imports.call(0, 1, 0, 0, 1),
            imports.request(MOMENT_FRAME),
            imports.request(MOMENT_IDLE),
          );
        },
      }), { clock: { now: broken, schedule: broken, frame: broken, idle: broken } }); // prettier-ignore
      assert.deepEqual(app.calls.slice(1), [EIO, EIO, EIO, EIO, NaN, EIO, EIO, EIO, EIO]);
      assert.deepEqual(
        app.lines.map((line) => /^error: (\w+): ./.exec(line)?.[1]),
        ["apply", "now", "schedule", "read_text", "read_number", "copy_text", "call", "request", "request"],
      );
      app.close();
    }
  });

  test("a console that throws does not stop the app", async () => {
    const log = () => {
      throw new Error("console");
    };
    await start((app) => ({ kp_start: () => app.calls.push(app.imports.log(2, ...app.put("x"))) }), { log });
    assert.deepEqual(app.calls, ["kp_start", undefined]);
  });

  test("log, at its level", async () => {
    await start((app) => ({
      kp_start() {
        for (const level of [0, 1, 2]) app.imports.log(level, ...app.put("ä"));
      },
    }));
    assert.deepEqual(app.lines, ["info: ä", "warning: ä", "error: ä"]);
  });

  test("read_text gives what fits and the length of all", async () => {
    await start((app) => ({
      kp_start() {
        app.batch.create(2, "label(span,input.kp-input)");
        const value = app.batch.name("value") | (1 << 17);
        app.apply();
        const read = (/** @type {number} */ capacity) => {
          new Uint8Array(app.memory.buffer, 100, 16).fill(0x2e);
          const length = app.imports.read_text(2, value, 100, capacity);
          const text = new TextDecoder().decode(new Uint8Array(app.memory.buffer, 100, 12));
          app.calls.push(`${length} ${text}`);
        };
        app.batch.set(2, "property", "value", "aä🎉", 2);
        app.apply();
        for (const capacity of [12, 7, 6, 3, 2, 0]) read(capacity);
      },
    }));
    assert.deepEqual(app.calls.slice(1), [
      "7 aä🎉.....", "7 aä🎉.....", "7 aä.........", "7 aä.........", "7 a...........", "7 ............",
    ]); // prettier-ignore
  });

  test("read_number: true is 1, no number is NaN", async () => {
    await start((app) => ({
      kp_start() {
        app.batch.create(2, "input[type=checkbox]").create(3, "input.kp-input");
        const [checked, value] = [app.batch.name("checked"), app.batch.name("value")];
        app.batch.set(2, "property", "checked", true);
        app.apply();
        app.calls.push(app.imports.read_number(2, checked), app.imports.read_number(3, value));
        app.batch.set(3, "property", "value", "12.5");
        app.apply();
        app.calls.push(app.imports.read_number(3, value), app.imports.read_number(3, checked));
      },
    }));
    assert.deepEqual(app.calls.slice(1), [1, NaN, 12.5, 0]);
  });

  test("copy_text answers the task later, once", async () => {
    /** @type {any} */
    let answer;
    /** @type {string[]} */
    const copied = [];
    const copy = (/** @type {Fake} */ app) => ({
      kp_start() {
        app.window.navigator.clipboard.writeText = (/** @type {string} */ text) => {
          copied.push(text);
          return new Promise((resolve, reject) => (answer = { resolve, reject }));
        };
        app.imports.copy_text(...app.put("ä"), 77);
      },
    });
    await start(copy);
    answer.resolve();
    answer.reject("late");
    await settled();
    assert.deepEqual(app.calls, ["kp_start", "kp_settle 77 0 0"]);
    assert.deepEqual(copied, ["ä"]);
    app.close();
    await start(copy);
    answer.reject(Object.create(null));
    await settled();
    assert.deepEqual(app.calls, ["kp_start", `kp_settle 77 ${EIO} 0`]);
    app.close();
    await start(copy);
    app.program.stop();
    answer.resolve();
    await settled();
    assert.deepEqual(app.calls, ["kp_start", "kp_stop"]);
  });

  test("copy_text with a clipboard that is broken", async () => {
    await start((app) => ({
      kp_start() {
        app.window.navigator.clipboard.writeText = undefined;
        app.imports.copy_text(...app.put("x"), 5);
      },
    }));
    await settled();
    assert.deepEqual(app.calls, ["kp_start", `kp_settle 5 ${EIO} 0`]);
    assert.match(app.lines[0], /^error: copy_text: .*not a function/);
  });

  test("copy_text where there is no clipboard", async () => {
    await start((app) => ({
      kp_start() {
        Object.defineProperty(app.window.navigator, "clipboard", { value: undefined });
        app.imports.copy_text(...app.put("x"), 5);
        app.calls.push("waits");
      },
    }));
    assert.deepEqual(app.calls, ["kp_start", "waits", `kp_settle 5 ${ENOTSUP} 0`]);
  });
});

describe("a call of the page's JavaScript", () => {
  /** @type {[string, ...number[]][]} */
  let answers;

  /**
   * Calls functions of the page, with tickets from 1.
   * @param {Record<string, any>} functions
   * @param {string[]} names
   * @param {object} [exports]
   */
  async function call(functions, names, exports) {
    answers = [];
    await start((app) => ({
      kp_start() {
        names.forEach((name, i) =>
          app.imports.call(...app.put(name, 4096), ...app.put(`${i}`, 8192), i + 1),
        );
      },
      kp_settle: (ticket, code, length) => answers.push([app.inbox(length), ticket, code]),
      ...exports,
    }), { functions }); // prettier-ignore
    await settled();
  }

  test("is given its argument, and answers with a text", async () => {
    const functions = {
      echo: (/** @type {string} */ text) => `(${text})`,
      later: async (/** @type {string} */ text) => Number(text) * 10,
      nothing: () => {},
      empty: () => null,
      thenable: () => ({
        then(/** @type {(text: string) => void} */ resolve) {
          resolve("once");
          resolve("twice");
          throw new Error("thrice");
        },
      }),
    };
    await call(functions, Object.keys(functions));
    answers.sort((a, b) => a[1] - b[1]);
    assert.deepEqual(answers, [["(0)", 1, 0], ["10", 2, 0], ["", 3, 0], ["", 4, 0], ["once", 5, 0]]); // prettier-ignore
    assert.deepEqual(app.lines, []);
  });

  test("of what there is not says what to do", async () => {
    await call({ here: 7 }, ["toString", "__proto__", "", "here"]);
    assert.deepEqual(
      answers.map(([, , code]) => code),
      [ENOENT, ENOENT, ENOENT, EIO],
    );
    assert.match(answers[0][0], /no function toString.*functions\.js/);
  });

  test("has a code and a message for whatever is thrown or rejected", async () => {
    for (const thrown of weird) {
      const functions = {
        throws() {
          throw thrown;
        },
        rejects: () => Promise.reject(thrown),
      };
      await call(functions, ["throws", "rejects"]);
      assert.deepEqual(
        answers.map(([text, ticket, code]) => [!!text, ticket, code]),
        [
          [true, 1, EIO],
          [true, 2, EIO],
        ],
      );
      app.close();
    }
  });

  test("that answers with an object or an array answers with JSON", async () => {
    await call({ object: () => ({ a: [1, "ä"] }), array: async () => [], none: () => null }, [
      "object",
      "array",
      "none",
    ]);
    assert.deepEqual(
      answers.map(([text, , code]) => [text, code]),
      [
        ['{"a":[1,"ä"]}', 0],
        ["[]", 0],
        ["", 0],
      ],
    );
  });

  test("that answers with what is no text has failed", async () => {
    /** @type {any} */
    const ring = {};
    ring.ring = ring;
    await call({ ring: () => ring, symbol: () => Symbol("s") }, ["ring", "symbol"]);
    assert.deepEqual(
      answers.map(([text, , code]) => [!!text, code]),
      [
        [true, EIO],
        [true, EIO],
      ],
    );
  });

  test("may fail with a code of Kapok's, and with no other", async () => {
    const codes = [-3, 0, 1, -1.5, -(2 ** 32), NaN, -Infinity, "-3", -3n, null, undefined];
    const functions = Object.fromEntries(
      codes.map((code, i) => [`f${i}`, () => Promise.reject({ code, message: "no" })]),
    );
    await call(functions, Object.keys(functions));
    assert.deepEqual(
      answers.map(([text, , code]) => `${text} ${code}`),
      codes.map((code) => `no ${code === -3 ? -3 : EIO}`),
    );
  });

  test("that nobody waits for any more is told so, and its answer is ignored", async () => {
    /** @type {AbortSignal[]} */
    const signals = [];
    /** @type {((text: string) => void)[]} */
    const resolves = [];
    const slow = (/** @type {string} */ _, /** @type {{ signal: AbortSignal }} */ { signal }) => {
      signals.push(signal);
      return new Promise((resolve) => resolves.push(resolve));
    };
    const state = () => signals.map(({ aborted }) => aborted);
    await call({ slow }, ["slow", "slow", "slow"]);
    for (const ticket of [1, 1, 77]) app.imports.abort(ticket);
    assert.deepEqual(state(), [true, false, false]);
    for (const resolve of resolves.slice(0, 2)) resolve("late");
    await settled();
    assert.deepEqual(answers, [["late", 2, 0]]);
    app.imports.abort(2);
    assert.deepEqual(state(), [true, false, false]); // it has answered
    app.program.stop();
    assert.deepEqual(state(), [true, false, true]);
    resolves[2]("after the end");
    await settled();
    assert.equal(answers.length, 1);
  });

  test("that aborts by rejecting is not told twice", async () => {
    const waits = (/** @type {string} */ _, /** @type {{ signal: AbortSignal }} */ { signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    await call({ waits }, ["waits"]);
    app.imports.abort(1);
    await settled();
    assert.deepEqual(answers, []);
  });

  test("whose answer finds no memory says so", async () => {
    await call({ echo: () => "text" }, ["echo"], { kp_inbox: () => 0 });
    assert.deepEqual(app.calls, ["kp_start", `kp_settle 1 ${ENOMEM} 0`]);
  });
});
