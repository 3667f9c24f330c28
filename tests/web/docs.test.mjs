// SPDX-License-Identifier: MIT
// What the pages for readers show is true: each program compiles without a warning and prints what stands below it.
//
// - A block of C is a complete program, built for development.
// - A block of text below it is what it prints to the console within a minute; … stands for anything on its line.
// - <!-- test: click "Yes"; advance 100 --> above it says what the user does before that minute.
// - A block of JavaScript whose first line is // functions.js holds the functions of the program below it; one whose
//   first line is // NAME.test.js is a test of the program above it, as published. Others must be JavaScript.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "../../js/cli/build.js";
import { loadWasm } from "../../js/testing/index.js";
import { buildApp } from "../../wasm/toolchain.mjs";
import { folderWith } from "../support/build.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * @typedef {object} Example
 * @property {number} line of the page at which it starts
 * @property {string} program
 * @property {string[][]} steps what the user does: a verb and what it is about
 * @property {string} [functions]
 * @property {string} [output]
 * @property {{ name: string, text: string }} [tested]
 */

/**
 * @param {string} page Markdown
 * @returns {{ examples: Example[], scripts: { line: number, text: string }[] }}
 */
function read(page) {
  /** @type {Example[]} */
  const examples = [];
  const scripts = [];
  /** @type {Partial<Example>} what stands above the next program */
  let above = {};
  for (const { index, groups } of page.matchAll(
    /^<!-- test: (?<steps>.*?) -->$|^```(?<language>\w+)\n(?<text>.*?)^```$/gms,
  )) {
    const line = page.slice(0, index).split("\n").length;
    const { steps, language, text = "" } = /** @type {Record<string, string>} */ (groups);
    const [, name] = /^\/\/ (\S+\.js)\n/.exec(text) ?? [];
    const last = /** @type {Example} */ (examples.at(-1));
    if (steps) above.steps = steps.split("; ").map((step) => step.split(/ (.*)/, 2));
    if (language === "text") last.output = text;
    if (language === "js") scripts.push({ line, text });
    if (name === "functions.js") above.functions = text;
    else if (name) last.tested = { name, text };
    if (language !== "c") continue;
    examples.push({ line, program: text, steps: [], ...above });
    above = {};
  }
  return { examples, scripts };
}

/** @param {string} text */
const asPattern = (text) =>
  new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("…", ".+")}$`);

/**
 * @param {Example} example
 * @param {string} folder that holds it, as main.c
 */
async function run({ steps, functions }, folder) {
  const { wasm, warnings } = await buildApp({
    sources: [join(folder, "main.c")],
    toolchain: "embedded",
    dev: true,
    optimize: "1",
    flags: ["-Wextra"],
  });
  assert.equal(warnings, "");
  const app = await loadWasm(wasm, {
    functions: functions && (await import(pathToFileURL(join(folder, "functions.js")).href)),
  });
  for (const [verb, about] of steps) {
    if (verb === "click") await app.click({ text: JSON.parse(about) });
    else if (verb === "advance") await app.advance(Number(about));
    else assert.fail(`There is no step ${verb}.`);
  }
  await app.advance(60_000);
  await app.close();
  return app.console.map(({ text }) => text.replace(/\S*\/(main\.c:)/, "$1"));
}

for (const name of ["README.md", "web/docs/tasks.md", "web/docs/lists.md"]) {
  const { examples, scripts } = read(readFileSync(join(ROOT, name), "utf8"));

  describe(name, () => {
    for (const example of examples)
      test(`the program at line ${example.line}`, async (t) => {
        const { program, functions, output, tested } = example;
        const folder = await folderWith(t, { "main.c": program });
        if (functions) await writeFile(join(folder, "functions.js"), functions);
        if (functions) await writeFile(join(folder, "package.json"), '{ "type": "module" }');
        const printed = await run(example, folder);
        const expected = output?.trimEnd().split("\n") ?? [];
        if (
          !expected.every((line, i) => asPattern(line).test(printed[i] ?? "")) ||
          printed.length !== expected.length
        )
          assert.deepEqual(printed, expected);
        if (!tested) return;
        await build(folder, { out: join(folder, "site"), toolchain: "embedded", dev: true, quiet: true });
        await writeFile(join(folder, "package.json"), '{ "type": "module" }');
        await writeFile(join(folder, tested.name), tested.text);
        mkdirSync(join(folder, "node_modules"));
        symlinkSync(ROOT, join(folder, "node_modules/kapok"));
        const { NODE_TEST_CONTEXT: _, ...env } = process.env;
        execFileSync(process.execPath, [tested.name], { cwd: folder, env });
      });

    for (const { line, text } of scripts)
      test(`the script at line ${line}`, async (t) => {
        const folder = await folderWith(t, { "script.mjs": text });
        execFileSync(process.execPath, ["--check", join(folder, "script.mjs")]);
      });
  });
}
