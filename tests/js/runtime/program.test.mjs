// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import {
  ECANCELED,
  ECORRUPT,
  EPIPE,
  EVENT_CTRL,
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

  test("a tick is shorter while the user is at it, or about to be heard", async () => {
    /** @type {number[]} */
    const slices = [];
    let isPending = false;
    await start((app) => ({
      kp_start() {
        showButton(app);
        app.window.navigator.scheduling = { isInputPending: () => isPending };
        app.imports.schedule(0);
      },
      kp_tick(slice) {
        slices.push(slice);
        app.imports.schedule(10);
      },
    }));
    const run = (/** @type {number} */ ticks) => {
      for (let i = 0; i < ticks; i++) app.clock.pass(10);
      return slices.splice(0);
    };
    const [long, short] = [8, 5];
    assert.deepEqual(run(2), [long, long]);
    button().click();
    assert.deepEqual(run(12), [...Array(10).fill(short), long, long]);
    isPending = true; // what the browser has not told yet, or tells others
    assert.deepEqual(run(2), [short, short]);
    isPending = false;
    assert.deepEqual(run(11), [...Array(9).fill(short), long, long]);
    delete app.window.navigator.scheduling;
    assert.deepEqual(run(1), [long]);
    app.window.navigator.scheduling = {};
    assert.deepEqual(run(1), [long]);
  });

  test("an event is told, and its text is in the inbox", async () => {
    /** @type {any} */
    let event;
    await start((app) => ({
      kp_start: () => showButton(app),
      kp_deliver(/** @type {number[]} */ ...operands) {
        event = app.event(operands);
        return REPLY_PREVENT_DEFAULT;
      },
    }));
    button().value = "ä🎉";
    const init = { bubbles: true, cancelable: true, clientX: 1.5, clientY: -2, ctrlKey: true };
    const click = new app.window.MouseEvent("click", init);
    button().dispatchEvent(click);
    assert.deepEqual(event, {
      control: 2,
      name: "click",
      text: "ä🎉",
      flags: EVENT_CTRL,
      code: 0,
      sizes: [1.5, -2, 0, 0],
    });
    assert.equal(click.defaultPrevented, true);
  });

  test("an event without text does not ask for the inbox", async () => {
    let asked = 0;
    await start((app) => ({ kp_start: () => showButton(app), kp_inbox: () => ++asked }));
    button().click();
    assert.equal(asked, 0);
    assert.deepEqual(app.calls, ["kp_start", "kp_deliver"]);
  });

  test("an event that finds no memory is told and lost, the next is not", async () => {
    let hasMemory = false;
    await start((app) => ({ kp_start: () => showButton(app), kp_inbox: () => (hasMemory ? 1024 : 0) }));
    button().value = "told";
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
      kp_deliver: (/** @type {number[]} */ ...operands) => void (event = app.event(operands)),
    }));
    button().value = "told";
    button().click();
    assert.equal(event.text, "told");
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
