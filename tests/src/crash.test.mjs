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
