// SPDX-License-Identifier: MIT
// exit() ends a program; what it had shown, or was about to, stays.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { loadWasm } from "../../../js/testing/index.js";
import { buildApp } from "../../../wasm/toolchain.mjs";

const PROGRAM = `
#include <kapok.h>
#include <stdlib.h>
static void quit(kp_event *e) { kp_set_label(e->control, "quit"); exit(3); }
static void tick(kp_event *e) { for (int i = 0; kp_sleep(1000) == 0; i++) kp_set_valuef(e->control, "%d", i); }
int main(void)
{
    kp_add(kp_page, kp_text("before"));
    if (STATUS) exit(STATUS);
    kp_add(kp_page, kp_text(.on_mount = tick));
    kp_add(kp_page, kp_button("go", .on_click = quit));
    return 0;
}`;

/** @type {string} */
let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kapok-exit-"));
  await writeFile(join(folder, "main.c"), PROGRAM);
});
after(() => rm(folder, { recursive: true, force: true }));

/** @param {number} status that main exits with; 0: it does not */
async function start(status) {
  const sources = [join(folder, "main.c")];
  const { wasm } = await buildApp({ sources, defines: [`STATUS=${status}`], toolchain: "embedded" });
  return loadWasm(wasm, { errors: "collect" });
}

test("exit in main shows what was added before", async () => {
  const app = await start(7);
  assert.equal(app.text(), "before");
  assert.equal(app.exited, 7);
  assert.match(app.console[0].text, /exit\(7\)/);
  await app.close();
});

test("exit in a handler ends every task", async () => {
  const app = await start(0);
  await app.advance(2500);
  await app.click("button");
  assert.equal(app.exited, 3);
  assert.equal(app.text("button"), "quit");
  const shown = app.text();
  await app.advance(5000);
  assert.equal(app.text(), shown);
  assert.match(app.console[0].text, /exit\(3\)/);
  await app.close();
});
