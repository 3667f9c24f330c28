// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import {
  ECANCELED,
  ECORRUPT,
  EINVAL,
  EIO,
  ENOTSUP,
  EPIPE,
  EVENT_CHECKED,
  EVENT_CODE,
  EVENT_HEIGHT,
  EVENT_MODIFIERS,
  EVENT_WIDTH,
  EVENT_X,
  EVENT_Y,
  REPLY_PREVENT_DEFAULT,
} from "../../../js/runtime/abi.gen.js";
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

/** What an app does first: shows a button, 2, that tells of clicks. @param {Fake} app */
function showButton({ batch, apply }) {
  batch.create(2, "button.kp-button[type=button]").insert(2).listen(2, "click");
  apply();
}
const button = () => app.window.document.querySelector("button");

describe("entries", () => {
  test("start, tick and stop", async () => {
    await start((app) => ({
      kp_start: () => app.imports.schedule(5),
      kp_stop: () => app.imports.schedule(1),
    }));
    app.clock.pass(4);
    assert.deepEqual(app.calls, ["kp_start"]);
    app.clock.pass(1);
    assert.deepEqual(app.calls, ["kp_start", "kp_tick"]);
    app.program.dump();
    app.program.stop();
    app.program.stop();
    app.clock.pass(100);
    assert.throws(() => app.program.dump(), { code: ECANCELED, message: /stopped/ });
    assert.deepEqual(app.calls, ["kp_start", "kp_tick", "kp_dump", "kp_stop"]);
  });

  test("a published app, which cannot list its tasks, says so", async () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const link = async () => /** @type {any} */ ({ memory, kp_start() {} });
    await start(() => ({}), { link });
    app.program.dump();
    assert.deepEqual(app.lines, ["info: Only a development build can list its tasks: use `kapok run`."]);
  });

  test("a new wish for a tick replaces the old one, a negative one withdraws it", async () => {
    await start((app) => ({
      kp_start() {
        for (const delay of [5, 0, 3, -1, NaN, 7]) app.imports.schedule(delay);
      },
      kp_tick: () => app.imports.schedule(-1),
    }));
    assert.deepEqual(
      app.clock.wishes.map(({ due }) => due),
      [7],
    );
    app.clock.pass(7);
    assert.deepEqual(app.clock.wishes, []);
    assert.deepEqual(app.calls, ["kp_start", "kp_tick"]);
  });

  test("an event is a record in the inbox", async () => {
    /** @type {any} */
    let record;
    await start((app) => ({
      kp_start: () => showButton(app),
      kp_deliver() {
        const view = new DataView(app.memory.buffer, 1024);
        const float = (/** @type {number} */ at) => view.getFloat64(at, true);
        const word = (/** @type {number} */ at) => view.getInt32(at, true);
        record = {
          ...app.event(),
          floats: [EVENT_X, EVENT_Y, EVENT_WIDTH, EVENT_HEIGHT].map(float),
          words: [EVENT_MODIFIERS, EVENT_CHECKED, EVENT_CODE].map(word),
        };
        return REPLY_PREVENT_DEFAULT;
      },
    }));
    button().value = "ä🎉";
    const init = { bubbles: true, cancelable: true, clientX: 1.5, clientY: -2, ctrlKey: true };
    const click = new app.window.MouseEvent("click", init);
    button().dispatchEvent(click);
    assert.deepEqual(record, {
      control: 2,
      name: "click",
      text: "ä🎉",
      floats: [1.5, -2, 0, 0],
      words: [2, 0, 0],
    });
    assert.equal(click.defaultPrevented, true);
  });

  test("an event that finds no memory is told and lost, the next is not", async () => {
    let hasMemory = false;
    await start((app) => ({ kp_start: () => showButton(app), kp_inbox: () => (hasMemory ? 1024 : 0) }));
    button().click();
    assert.match(app.lines[0], /^error: Out of memory/);
    hasMemory = true;
    button().click();
    assert.deepEqual(app.calls, ["kp_start", "kp_deliver"]);
  });

  test("memory that grows while the inbox is made is seen", async () => {
    /** @type {any} */
    let event;
    await start((app) => ({
      kp_start: () => showButton(app),
      kp_inbox: () => (app.memory.grow(1), 1024),
      kp_deliver: () => void (event = app.event()),
    }));
    button().click();
    assert.equal(event.control, 2);
  });
});

describe("re-entrancy", () => {
  test("what happens while the app runs is told after it, in order, before the browser goes on", async () => {
    await start((app) => ({
      kp_start: () => showButton(app),
      kp_tick() {
        button().click();
        app.clock.schedule(0, () => {});
        button().click();
        app.calls.push("still in kp_tick");
      },
      kp_deliver: () => void app.calls.push("delivered"),
    }));
    app.imports.schedule(0);
    app.clock.pass(0);
    app.calls.push("browser");
    assert.deepEqual(app.calls.slice(1), [
      "kp_tick", "still in kp_tick", "kp_deliver", "delivered", "kp_deliver", "delivered", "browser",
    ]); // prettier-ignore
  });

  test("focus events of a focus command come after the batch", async () => {
    await start((app) => ({
      kp_start() {
        app.batch
          .create(2, "input.kp-input")
          .insert(2)
          .listen(2, "focus")
          .focus(2)
          .set(2, "data", "late", true);
        app.apply();
      },
      kp_deliver: () => void app.calls.push(app.window.document.querySelector("input").outerHTML),
    }));
    assert.deepEqual(app.calls, ["kp_start", "kp_deliver", '<input class="kp-input" data-late="">']);
  });
});

describe("the imports", () => {
  const weird = [
    null,
    undefined,
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
  ];
  weird.push({ toString: () => trap() }, new Proxy({}, { get: () => trap() }), { get message() { return trap(); } }); // prettier-ignore

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
      assert.deepEqual(app.calls, ["kp_start", EINVAL === 0 ? 0 : EIO]);
      assert.equal(app.lines.length, 2);
      assert.match(app.lines[0], /^error: command 2/);
    });

  test("each of them returns a code and says which it was", async () => {
    const broken = () => {
      throw "no";
    };
    await start((app) => ({
      kp_start() {
        app.window.navigator.clipboard.writeText = broken;
        const { imports } = app;
        app.calls.push(
          imports.read_text(9, 0, 0, 0),
          imports.read_number(9, 0),
          imports.copy_text(0, 0, 1),
          imports.now(),
          imports.schedule(1),
        );
      },
    }), { clock: { now: broken, schedule: broken } }); // prettier-ignore
    assert.deepEqual(app.calls.slice(1), [EIO, NaN, EIO, EIO, EIO]);
    assert.deepEqual(
      app.lines.map((line) => line.split(":")[1].trim()),
      ["read_text", "read_number", "copy_text", "now", "schedule"],
    );
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
    await new Promise(setImmediate);
    assert.deepEqual(app.calls, ["kp_start", "kp_settle 77 0 0"]);
    assert.deepEqual(copied, ["ä"]);
    app.close();
    await start(copy);
    answer.reject(Object.create(null));
    await new Promise(setImmediate);
    assert.deepEqual(app.calls, ["kp_start", `kp_settle 77 ${EIO} 0`]);
    app.close();
    await start(copy);
    app.program.stop();
    answer.resolve();
    await new Promise(setImmediate);
    assert.deepEqual(app.calls, ["kp_start", "kp_stop"]);
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

describe("the end", () => {
  test("ended: when the entry is over, all is", async () => {
    await start((app) => ({
      kp_start: () => showButton(app),
      kp_deliver() {
        app.imports.ended(3);
        app.imports.schedule(0);
        app.batch.setText(2, "bye");
        app.apply();
      },
    }));
    button().click();
    button().click();
    app.clock.pass(10);
    app.program.stop();
    assert.throws(() => app.program.dump(), { code: EPIPE, message: /ended with status 3/ });
    assert.deepEqual(app.calls, ["kp_start", "kp_deliver", "ended 3"]);
    assert.equal(button().textContent, "bye");
  });

  test("what the page showed before goes, even if the program showed nothing", async () => {
    app = await startFake((app) => ({ kp_start: () => app.imports.ended(0) }));
    app.window.document.body.innerHTML = "<p>Loading…</p>";
    app.program.start();
    assert.equal(app.window.document.body.innerHTML, "");
  });
});

describe("a trap", () => {
  test("costs the task, if the app can go on", async () => {
    /** @type {string[]} */
    const reports = [];
    await start((app) => ({
      kp_start: () => showButton(app),
      kp_deliver: () => trap("divide by zero"),
      kp_report: (length) => reports.push(app.inbox(length)),
    }));
    button().click();
    button().click();
    assert.deepEqual(app.calls, [
      "kp_start", "kp_deliver", "kp_recover", "kp_report 14", "kp_deliver", "kp_recover", "kp_report 14",
    ]); // prettier-ignore
    assert.deepEqual(reports, ["divide by zero", "divide by zero"]);
  });

  test("and its report comes before all that waits", async () => {
    await start((app) => ({
      kp_start: () => showButton(app),
      kp_tick() {
        button().click();
        trap();
      },
    }));
    app.imports.schedule(0);
    app.clock.pass(0);
    assert.deepEqual(app.calls, ["kp_start", "kp_tick", "kp_recover", "kp_report 11", "kp_deliver"]);
  });

  test("in the report is a trap like any other", async () => {
    let count = 0;
    await start(() => ({ kp_start: trap, kp_report: () => void (++count < 3 && trap()) }));
    assert.deepEqual(app.calls, [
      "kp_start", "kp_recover", "kp_report 11", "kp_recover", "kp_report 11", "kp_recover", "kp_report 11",
    ]); // prettier-ignore
  });

  test("without memory for its message is reported all the same", async () => {
    await start(() => ({ kp_start: trap, kp_inbox: () => 0 }));
    assert.deepEqual(app.calls, ["kp_start", "kp_recover", "kp_report 0"]);
  });

  test("a stack overflow in JavaScript is one too", async () => {
    const recurse = () => /** @type {any} */ (recurse()) + 1;
    await start(() => ({ kp_start: recurse }));
    assert.equal(app.calls[1], "kp_recover");
  });

  for (const [name, recover] of Object.entries({ code: () => ECORRUPT, trap: () => trap("second") }))
    test(`ends the app when it cannot go on (${name}), and then every entry is refused`, async () => {
      await start((app) => ({
        kp_start: () => showButton(app),
        kp_deliver() {
          app.imports.schedule(1);
          app.imports.log(2, ...app.put("Something wrote over the stack of a task."));
          app.batch.focus(2).setText(2, "before");
          app.apply();
          trap();
        },
        kp_recover: recover,
      }));
      button().click();
      assert.deepEqual(app.calls.slice(3), [
        `failed ${ECORRUPT}: Something wrote over the stack of a task. (unreachable)`,
      ]);
      button().click();
      app.clock.pass(10);
      assert.throws(() => app.program.dump(), { code: ECORRUPT, message: /wrote over the stack/ });
      app.program.start();
      app.program.stop();
      assert.equal(app.calls.length, 4);
      assert.equal(app.imports.apply(0, 0, 0, 0), 0);
    });

  test("without a word of the app's says so", async () => {
    await start((app) => ({
      kp_start: () => app.imports.log(2, ...app.put("an earlier trouble")),
      kp_tick: () => trap(),
      kp_recover: () => ECORRUPT,
    }));
    app.imports.schedule(0);
    app.clock.pass(0);
    assert.match(app.calls[3], /memory is not sound any more\. \(unreachable\)/);
  });

  test("while it is being stopped is nobody's business", async () => {
    await start((app) => ({ kp_start: () => showButton(app), kp_stop: trap, kp_recover: () => ECORRUPT }));
    app.program.stop();
    button().click();
    assert.deepEqual(app.calls, ["kp_start", "kp_stop"]);
  });
});

test("stopped from within, the app's own stop is left out, as it runs", async () => {
  await start((app) => ({
    kp_start: () => showButton(app),
    kp_tick() {
      app.program.stop();
      app.batch.setText(2, "after");
      app.apply();
    },
  }));
  app.imports.schedule(0);
  app.clock.pass(0);
  button().click();
  assert.deepEqual(app.calls, ["kp_start", "kp_tick"]);
  assert.equal(button().textContent, "");
});
