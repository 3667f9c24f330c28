// SPDX-License-Identifier: MIT
// The harness, on programs in C.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ECORRUPT } from "../../../js/runtime/abi.gen.js";
import { load, loadWasm } from "../../../js/testing/index.js";
import { buildApp } from "../../../wasm/toolchain.mjs";
import { assemble, ending, printing } from "../../support/wat_app.mjs";

const example = (/** @type {string} */ name) =>
  fileURLToPath(new URL(`../../../web/examples/${name}/main.c`, import.meta.url));

const PROGRAM = `
#include <kapok.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static kp_control *said;

static void say(kp_event *e)
{
    kp_set_valuef(said, "%s: %s", e->type, e->value);
    printf("%s %s\\n", e->type, e->value);
}
static void ticked(kp_event *e) { kp_set_value(said, e->checked ? "ticked" : "not ticked"); }
static void resized(kp_event *e) { kp_set_valuef(said, "%d by %d", (int)e->width, (int)e->height); }
static void leave(kp_event *e) { (void)e; fprintf(stderr, "bye"); exit(4); }
static void spin(kp_event *e) { (void)e; while (kp_yield() == 0) {} }
static void crash(kp_event *e) { (void)e; __builtin_trap(); }
static void copy(kp_event *e) { (void)e; kp_set_valuef(said, "copied %d", kp_copy_text("text")); }
static void read_it(kp_event *e)
{
    char buffer[64];
    memset(buffer, '#', sizeof buffer);
    kp_get_value(kp_state(e->control) ? *(kp_control **)kp_state(e->control) : said, buffer, sizeof buffer);
    kp_set_valuef(said, "read %s", buffer);
}
static void write_much(kp_event *e)
{
    static char text[30001];
    kp_control *box = kp_column(.id = "much");
    (void)e;
    kp_add(kp_page, box);
    for (int room = 8190; room <= 8194; room++) { // the buffer for texts holds 8192 bytes
        memset(text, 'x', sizeof text - 1);
        text[room] = 0;
        kp_add(box, kp_text(text));
        kp_add(box, kp_text("\\xE2\\x82|")); // no character
        kp_set_value(said, "");
    }
    text[sizeof text - 1] = 0;
    text[8194] = 'x';
    kp_add(box, kp_text(text));
}

int main(void)
{
    kp_control *name = kp_text_field("Name", .id = "name", .on_input = say, .on_change = say, .on_submit = say);
    kp_on_resize(kp_page, resized);
    kp_add(kp_page, said = kp_text("nothing yet", .id = "said"));
    kp_add(kp_page, name);
    kp_add(kp_page, kp_text_field("Locked", .disabled = true));
    kp_add(kp_page, kp_text_field("Notes", .multiline = true, .max_length = 6, .on_input = say));
    kp_add(kp_page, kp_text_field("Amount", .type = KP_TYPE_NUMBER, .on_change = say));
    kp_add(kp_page, kp_checkbox("I agree", .on_change = ticked));
    kp_add(kp_page, kp_button("Read", .on_click = read_it, .state = KP_STATE(kp_control *, name)));
    kp_add(kp_page, kp_button("Twice"));
    kp_add(kp_page, kp_button("Twice"));
    kp_add(kp_page, kp_button("Hidden", .hidden = true));
    kp_add(kp_page, kp_button("Leave", .on_click = leave));
    kp_add(kp_page, kp_button("Spin", .on_click = spin));
    kp_add(kp_page, kp_button("Crash", .on_click = crash));
    kp_add(kp_page, kp_button("Copy", .on_click = copy));
    kp_add(kp_page, kp_button("Write", .on_click = write_much));
    return 0;
}
`;

/** @type {string} */
let folder;
/** @type {Record<string, WebAssembly.Module>} */
const modules = {};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kapok-testing-"));
  await writeFile(join(folder, "program.c"), PROGRAM);
  const sources = {
    program: join(folder, "program.c"),
    countdown: example("countdown"),
    on_error: example("on_error"),
  };
  for (const [name, source] of Object.entries(sources)) {
    const { wasm } = await buildApp({ sources: [source] });
    await writeFile(join(folder, `${name}.wasm`), wasm);
    modules[name] = await WebAssembly.compile(/** @type {any} */ (wasm));
  }
});
after(() => rm(folder, { recursive: true, force: true }));

/** Runs the program with these options, once plain and once with memory that grows all the time. */
for (const growEveryCall of [false, true]) {
  const options = { growEveryCall };
  const open = () => loadWasm(modules.program, options);

  describe(growEveryCall ? "with memory that grows" : "a user", () => {
    test("clicks on what a text says", async () => {
      const app = await open();
      await app.type("#name input", "Ada");
      await app.click({ text: "Read" });
      assert.equal(app.text("#said"), "read Ada");
      await app.close();
    });

    test("writes more than a buffer holds, and it is cut at a whole character", async () => {
      const app = await open();
      await app.type("#name input", `${"x".repeat(62)}é`);
      await app.click({ text: "Read" });
      assert.equal(app.text("#said"), `read ${"x".repeat(62)}`);
      await app.close();
    });

    test("reads texts of any length and of any bytes", async () => {
      const app = await open();
      await app.click({ text: "Write" });
      const shown = app.query("#much")?.children ?? [];
      const lengths = Array.from(shown, ({ textContent }) => textContent?.length);
      assert.deepEqual(lengths, [8190, 2, 8191, 2, 8192, 2, 8193, 2, 8194, 2, 30000]);
      assert.equal(app.text("#said"), "");
      await app.close();
    });

    test("types key by key, and a field tells of its change when it is left", async () => {
      const app = await open();
      await app.type({ text: "Name" }, "Ä🎉");
      assert.equal(app.text("#said"), "input: Ä🎉");
      await app.press("Backspace");
      assert.equal(app.text("#said"), "input: Ä");
      await app.press("Tab");
      assert.equal(app.text("#said"), "change: Ä");
      await app.type({ text: "Name" }, "da\n");
      assert.deepEqual(
        app.console.map(({ text }) => text),
        ["input Ä", "input Ä🎉", "input Ä", "change Ä", "input Äd", "input Äda", "submit Äda", "change Äda"],
      );
      await app.close();
    });

    test("writes several lines, up to the limit", async () => {
      const app = await open();
      await app.type({ text: "Notes" }, "ab\ncdef");
      assert.equal(app.console.at(-1)?.text, "cde");
      assert.equal(/** @type {any} */ (app.query("textarea")).value, "ab\ncde");
      await app.close();
    });

    test("writes a number", async () => {
      const app = await open();
      await app.type({ text: "Amount" }, "-1.5");
      await app.press("Enter");
      assert.equal(app.text("#said"), "change: -1.5");
      await app.close();
    });

    test("ticks a box by its label, and again changes nothing", async () => {
      const app = await open();
      await app.check({ text: "I agree" });
      assert.equal(app.text("#said"), "ticked");
      await app.check({ text: "I agree" });
      assert.equal(app.text("#said"), "ticked");
      await app.check({ text: "I agree" }, false);
      assert.equal(app.text("#said"), "not ticked");
      await app.click({ text: "I agree" });
      assert.equal(app.text("#said"), "ticked");
      await app.close();
    });

    test("goes about with the keyboard", async () => {
      const app = await open();
      await app.press("Tab");
      assert.equal(app.window.document.activeElement?.closest("label")?.textContent, "Name");
      for (let i = 0; i < 4; i++) await app.press("Tab");
      await app.press("Enter");
      assert.equal(app.text("#said"), "read");
      await app.press("Shift+Tab");
      await app.press(" ");
      assert.equal(app.text("#said"), "ticked");
      await app.close();
    });

    test("resizes the window", async () => {
      const app = await open();
      await app.resize(320, 200);
      assert.equal(app.text("#said"), "320 by 200");
      await app.close();
    });

    test("has a clipboard", async () => {
      const app = await open();
      await app.click({ text: "Copy" });
      assert.equal(app.text("#said"), "copied 0");
      assert.equal(await app.window.navigator.clipboard.readText(), "text");
      await app.close();
    });

    test("ends the program", async () => {
      const app = await open();
      await app.click({ text: "Leave" });
      assert.equal(app.exited, 4);
      assert.deepEqual(app.console, [
        { level: "stderr", text: "bye" },
        { level: "warning", text: "The program has called exit(4)." },
      ]);
      await app.close();
    });
  });

  test(`time passes to the millisecond (${growEveryCall ? "growing" : "plain"})`, async () => {
    const app = await loadWasm(modules.countdown, options);
    assert.equal(app.window.document.title, "Countdown");
    assert.match(app.text(), /^02:00\n01:00\n/);
    await app.advance(999);
    assert.match(app.text(), /^02:00\n01:00\n/);
    await app.advance(1);
    assert.match(app.text(), /^01:59\n00:59\n/);
    await app.click({ text: "Remove the first" });
    assert.equal(app.text(), "00:59\nRemove the first\nA countdown ended with 119 seconds left.");
    await app.advance(58_999);
    assert.match(app.text(), /^00:01\n/);
    await app.advance(1);
    assert.match(app.text(), /^Time's up\n/);
    await app.advance(3_600_000);
    await app.close();
  });
}

describe("what a user could not do is an error that says what is there", () => {
  /** @type {[name: string, action: (app: import("../../../js/testing/index.js").TestApp) => Promise<void>, message: RegExp][]} */
  const cases = [
    [
      "a text that is not there",
      (app) => app.click({ text: "Save" }),
      /There is no “Save”\. The page shows: “nothing yet”, “Name”.*“Read”/,
    ],
    ["a text that is there twice", (app) => app.click({ text: "Twice" }), /“Twice” is there 2 times/],
    [
      "a selector without a match",
      (app) => app.click("#save"),
      /Nothing matches the selector "#save".*“Read”/,
    ],
    ["a selector with several", (app) => app.click("button"), /matches \d+ elements/],
    ["what is hidden", (app) => app.click("button[hidden]"), /hidden/],
    ["a text that is hidden", (app) => app.click({ text: "Hidden" }), /There is no “Hidden”/],
    ["what is disabled", (app) => app.type({ text: "Locked" }, "x"), /disabled/],
    ["no field", (app) => app.type({ text: "Read" }, "x"), /no field/],
    ["no box to tick", (app) => app.check({ text: "Name" }), /cannot be ticked/],
    ["no key", (app) => app.press(""), /no key/],
    ["time that goes back", (app) => app.advance(-1), /cannot pass by -1/],
  ];
  for (const [name, action, message] of cases)
    test(name, async () => {
      const app = await loadWasm(modules.program);
      await assert.rejects(action(app), { message });
      await app.close();
    });
});

describe("errors of the app", () => {
  test("that nobody handled reject the action that led to them", async () => {
    const app = await loadWasm(modules.program);
    await assert.rejects(app.click({ text: "Crash" }), /click of button failed: the task crashed/);
    assert.equal(app.errors.length, 1);
    await app.click({ text: "Read" });
    assert.equal(app.text("#said"), "read");
    await app.close();
  });

  test("are collected instead, if the test wants", async () => {
    const app = await loadWasm(modules.program, { errors: "collect" });
    await app.click({ text: "Crash" });
    await app.click({ text: "Crash" });
    assert.equal(app.errors.length, 2);
    await app.close();
  });

  test("that the app handled are none", async () => {
    const app = await loadWasm(modules.on_error);
    await app.click({ text: "Crash" });
    await app.click({ text: "Fail in a task" });
    await app.advance(100);
    assert.match(
      app.text(),
      /click of button failed: the task crashed .*\[-10\]\nread_settings of page failed: not found \[-7\]/,
    );
    assert.deepEqual(app.errors, []);
    await app.close();
  });

  test("a task that never rests", async () => {
    const app = await loadWasm(modules.program);
    await assert.rejects(app.click({ text: "Spin" }), /does not come to rest at 0 ms.*kp_yield/);
    await app.close();
  });

  test("after a crash for good every action fails with the reason", async () => {
    const module = new WebAssembly.Module(
      assemble(({ say }) => ({
        kp_start: say((batch) =>
          batch.create(2, "button.kp-button").setText(2, "Go").listen(2, "click").insert(2),
        ),
        kp_deliver: "(unreachable)",
      })),
    );
    const app = await loadWasm(module);
    const crashed = { code: ECORRUPT, message: /unreachable/ };
    await assert.rejects(app.click({ text: "Go" }), crashed);
    await assert.rejects(app.advance(1), crashed);
    await assert.rejects(app.click({ text: "Go" }), crashed);
    await app.close();
    await assert.rejects(loadWasm(assemble(() => ({ kp_start: "(unreachable)" }))), crashed);
  });
});

describe("load", () => {
  const page = (/** @type {string} */ head) =>
    writeFile(join(folder, "index.html"), `<!doctype html><head>${head}</head><body><p>Loading…</p>`);

  test("runs what a published page names", async () => {
    await page(
      '<link rel=stylesheet href="none.css"><link id="kapok-app" rel="preload" href="./countdown.wasm?x"><script src="none.js"></script>',
    );
    const app = await load(folder);
    assert.match(app.text(), /^02:00/);
    assert.equal(app.html().includes("Loading"), false);
    await app.close();
    await (await load(new URL(`file://${folder}/`))).close();
  });

  test("says what is missing", async () => {
    await page("<script src=mine.js></script>");
    await assert.rejects(load(folder), /names no app.*loadWasm/);
    await page('<link id="kapok-app" href="gone.wasm">');
    await assert.rejects(load(folder), /gone\.wasm/);
    await assert.rejects(load(join(folder, "nowhere")), /holds no index\.html.*kapok build/);
  });

  test("other ways to give a module", async () => {
    const app = await loadWasm(ending());
    assert.equal(app.exited, 7);
    assert.equal(app.html(), '<p class="kp-text">Bye</p>');
    await app.close();
    const printed = await loadWasm(printing());
    assert.deepEqual(printed.console, [
      { level: "stdout", text: "Hello" },
      { level: "stdout", text: "sh!" },
      { level: "warning", text: "The program has called exit(5)." },
    ]);
    await printed.close();
    await assert.rejects(loadWasm(new Uint8Array(9)), /not a WebAssembly module/);
  });
});

test("random bytes are the same every time, and others with another seed", async () => {
  const module = assemble(
    () => ({
      kp_start: `(drop (call $random (i32.const 128) (i32.const 8)))
        (i32.store (i32.const 64) (i32.const 128)) (i32.store (i32.const 68) (i32.const 8))
        (i64.store (i32.const 128) (i64.or (i64.const 0x4040404040404040)
          (i64.and (i64.load (i32.const 128)) (i64.const 0x0f0f0f0f0f0f0f0f))))
        (i32.store8 (i32.const 135) (i32.const 10))
        (drop (call $write (i32.const 1) (i32.const 64) (i32.const 1) (i32.const 72)))`,
    }),
    {
      imports: `(import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))`,
    },
  );
  const draw = async (/** @type {number} */ seed) => {
    const app = await loadWasm(module, { seed });
    await app.close();
    return app.console[0].text;
  };
  assert.match(await draw(1), /^[@-O]{7}$/);
  assert.equal(await draw(1), await draw(1));
  assert.notEqual(await draw(1), await draw(2));
});

test("only a development build can be rehearsed", () =>
  assert.rejects(loadWasm(modules.program, { rehearse: {} }), /kapok build --dev/));
