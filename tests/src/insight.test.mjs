// SPDX-License-Identifier: MIT
// What a development build tells of its tasks: what they do and wait for, that none can go on, who held up the page,
// and who wrote where it must not.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { loadWasm } from "../../js/testing/index.js";
import { buildApp } from "../../wasm/toolchain.mjs";
import { runModule } from "../support/host.mjs";

const PROGRAM = `
#include <kapok.h>
#include <string.h>
static kp_flag never;
static int waits(void *argument)
{
    kp_flag_wait(argument);
    return 0;
}
static int sleeps(void *argument)
{
    (void)argument;
    kp_sleep(1000);
    return 0;
}
static void dump(kp_event *e)
{
    (void)e;
    kp_go(kp_group_of(e->control), waits, &never, .name = "a waiter"); // line 19
    kp_task canceled = kp_go(kp_group_of(e->control), sleeps, NULL);
    kp_sleep(5);
    kp_cancel(canceled);
    kp_dump();
}
static void compute(kp_event *e)
{
    (void)e;
    int64_t until = kp_now() + 60;
    while (kp_now() < until)
        ;
}
static void breathe(kp_event *e)
{
    (void)e;
    for (int64_t until = kp_now() + 60; kp_now() < until;)
        kp_breathe();
}
static int writes_below(void *argument)
{
    volatile char local[16];
    volatile char *outside = local - 20000;
    (void)argument;
    for (int i = 0; i < 4000; i++)
        outside[i] = 1;
    return 0;
}
static void write_below(kp_event *e)
{
    (void)e;
    kp_go(NULL, writes_below, NULL);
}
#ifdef MOUNTED
int main(void)
{
    kp_add(kp_page, kp_text(.on_mount = MOUNTED));
    return 0;
}
#else
int main(void)
{
    kp_add(kp_page, kp_button("Dump", .on_click = dump));
    kp_add(kp_page, kp_button("Write", .on_click = write_below));
    return 0;
}
#endif
`;

const STUCK = `
#include <kapok.h>
static kp_mutex one, two;
static int locks(void *argument)
{
    kp_mutex *const first = argument ? &one : &two, *const second = argument ? &two : &one;
    kp_lock(first);
    kp_sleep(10);
    return kp_lock(second);
}
int main(void)
{
    kp_go(kp_group_of(kp_page), locks, &one, .name = "left");
    kp_go(kp_group_of(kp_page), locks, NULL, .name = "right");
    return 0;
}
`;

const VIEW = `
#include <kapok.h>
static kp_control *view(const void *item)
{
    kp_control *row = kp_row();
    (void)item;
    kp_add(row, kp_text("a"));
    return row;
}
int main(void)
{
    const struct { int key; } items[] = { { 1 }, { 2 } };
    kp_control *list = kp_column();
    kp_add(kp_page, list);
    return kp_set_items(list, items, 2, view);
}
`;

/** @type {string} */
let folder;
before(async () => void (folder = await mkdtemp(join(tmpdir(), "kapok-insight-"))));
after(() => rm(folder, { recursive: true, force: true }));

/** @param {string} source @param {string[]} [defines] */
async function build(source, defines) {
  await writeFile(join(folder, "main.c"), source);
  return (await buildApp({ sources: [join(folder, "main.c")], dev: true, optimize: "1", defines })).wasm;
}

test("what each task does, waits for and since when, where it was started, and how much stack it has used", async () => {
  const app = await loadWasm(await build(PROGRAM));
  await app.click({ text: "Dump" });
  await app.advance(5);
  const dumped = app.console.map(({ text }) => text).join("\n");
  assert.match(dumped, /^task \d+ click of a button: running$/m);
  assert.match(
    dumped,
    /^task \d+ a waiter of a button: waiting for a flag\n {2}since 5 ms\n {2}started at .*main\.c:19\n {2}has used [1-9]\d+ of 16384 bytes of its stack$/m,
  );
  assert.match(dumped, /^task \d+ sleeps of a button: ready, canceled$/m);
  await app.close();
});

test("that nothing can wake the tasks that are left, once, with where they were started", async () => {
  const app = await loadWasm(await build(STUCK), { errors: "collect" });
  await app.advance(1000);
  const warned = app.console.filter(({ level }) => level === "warning").map(({ text }) => text);
  assert.equal(
    warned.filter((text) => /^Deadlock: nothing can wake/.test(text)).length,
    1,
    warned.join("\n"),
  );
  for (const [name, line] of [
    ["left", 13],
    ["right", 14],
  ])
    assert.match(
      warned.join("\n"),
      new RegExp(
        `^task \\d+ ${name} of a page: waiting for a mutex\n.*\n  started at .*main\\.c:${line}$`,
        "m",
      ),
    );
  await app.close();
});

test("a handler that held up the page for 50 ms, by name; not one that lets the browser have its turn", async () => {
  const held = await runModule(await build(PROGRAM, ["MOUNTED=compute"]), { step: 1 });
  assert.match(
    held.log.join("\n"),
    /^mount of a text ran for 6\d ms without waiting, and the page stood still\./m,
  );
  const breathing = await runModule(await build(PROGRAM, ["MOUNTED=breathe"]), { step: 1 });
  assert.deepEqual(breathing.log, []);
});

test("a task that wrote past its stack ends the app, and whatever is tried then says so", async () => {
  const app = await loadWasm(await build(PROGRAM), { errors: "collect" });
  const said = /The task writes_below wrote past the end of its stack\./;
  await assert.rejects(app.click({ text: "Write" }), said);
  assert.match(
    app.console.map(({ text }) => text).join("\n"),
    /The task writes_below wrote past the end of its stack\./,
  );
  await assert.rejects(app.click({ text: "Dump" }), said);
  await assert.rejects(app.advance(1000), said);
  await app.close();
});

test("nothing of a view that adds its children one by one", async () => {
  const app = await loadWasm(await build(VIEW));
  assert.equal(app.text(), "a\na");
  assert.deepEqual(app.console, []);
  await app.close();
});
