// SPDX-License-Identifier: MIT
// What the page shows, and what goes on, after a task has crashed in a place of its own.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { loadWasm } from "../../js/testing/index.js";
import { buildApp } from "../../wasm/toolchain.mjs";

/** @type {string} */
let folder;
before(async () => void (folder = await mkdtemp(join(tmpdir(), "kapok-crash-"))));
after(() => rm(folder, { recursive: true, force: true }));

/** @param {string} program */
async function start(program) {
  const source = join(folder, "main.c");
  await writeFile(source, `#include <kapok.h>\n#include <stdio.h>\n${program}`);
  return loadWasm((await buildApp({ sources: [source] })).wasm, { errors: "collect" });
}

test("a main that crashes ends the program, as nothing else lives, with the status of one that aborted", async () => {
  const app = await start(`
int main(void)
{
    kp_add(kp_page, kp_text("shown"));
    kp_sleep(10);
    __builtin_trap();
}`);
  assert.equal(app.exited, undefined);
  await app.advance(10);
  assert.equal(app.exited, 134);
  assert.match(app.text(), /^shown\nmain of page failed: the task crashed/);
  await app.close();
});

test("a main that crashes leaves the handlers to whoever uses them", async () => {
  const app = await start(`
static void click(kp_event *e) { kp_set_label(e->control, "clicked"); }
int main(void)
{
    kp_add(kp_page, kp_button("go", .on_click = click));
    __builtin_trap();
}`);
  await app.click("button");
  assert.equal(app.text("button"), "clicked");
  assert.equal(app.exited, undefined);
  await app.close();
});

test("a view that fails or crashes half-way has the row shown anew, also with the item that was there before", async () => {
  const app = await start(`
typedef struct { int key, number, width; } item;
static kp_control *list;
static kp_control *view(const void *shown)
{
    const item *it = shown;
    kp_control *text = kp_text("");
    kp_set_valuef(text, "row %d", it->number);
    if (it->width < 0)
        __builtin_trap();
    kp_set_width(text, it->width ? it->width : 0.0 / 0.0);
    return text;
}
static void show(int number, int width)
{
    item items[] = { { 1, 0, 10 }, { 2, number, width }, { 3, 0, 10 } };
    kp_set_items(list, items, 3, view);
}
static void old(kp_event *e) { (void)e; show(0, 10); }
static void other(kp_event *e) { (void)e; show(0, 20); }
static void fail(kp_event *e) { (void)e; show(7, 0); }
static void crash(kp_event *e) { (void)e; show(8, -1); }
static void ignore(kp_event *e) { (void)e; }
int main(void)
{
    kp_on_error(kp_page, ignore);
    kp_add(kp_page, list = kp_column());
    show(0, 10);
    kp_add(kp_page, kp_button("old", .on_click = old));
    kp_add(kp_page, kp_button("other", .on_click = other));
    kp_add(kp_page, kp_button("fail", .on_click = fail));
    kp_add(kp_page, kp_button("crash", .on_click = crash));
    return 0;
}`);
  for (const wrong of ["fail", "crash"])
    for (const right of ["old", "other"]) {
      await app.click({ text: wrong });
      await app.click({ text: right });
      assert.equal(app.text(".kp-column"), "row 0\nrow 0\nrow 0", `${wrong}, ${right}`);
    }
  await app.close();
});

test("an event whose handler is to start anew is heard, also when the old one crashes as it ends", async () => {
  const app = await start(`
static int started;
static void crashes_at_its_end(kp_event *e)
{
    int number = ++started;
    kp_set_labelf(e->control, "started %d with %d", number, (int)e->x);
    kp_prevent_default(e);
    if (kp_sleep(100) < 0 && number % 2)
        __builtin_trap();
    if (kp_check() == 0)
        kp_set_labelf(e->control, "%d has ended", number);
}
int main(void)
{
    kp_add(kp_page, kp_button("go", .on_click = crashes_at_its_end, .while_busy = KP_RESTART));
    return 0;
}`);
  const button = app.query("button");
  const click = (/** @type {number} */ clientX) => {
    const init = { bubbles: true, cancelable: true, clientX };
    const event = new /** @type {any} */ (app.window).MouseEvent("click", init);
    button?.dispatchEvent(event);
    return event.defaultPrevented;
  };
  assert.equal(click(7), true);
  click(8);
  assert.equal(app.text("button"), "started 2 with 8");
  assert.equal(click(9), true);
  assert.equal(app.text("button"), "started 3 with 9");
  await app.advance(200);
  assert.equal(app.text("button"), "3 has ended");
  assert.equal(app.errors.length, 1);
  await app.close();
});
