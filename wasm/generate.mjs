// SPDX-License-Identifier: MIT
// Derives every .gen. file of the repository from wasm/abi.json and src/controls/*.json.
//   node wasm/generate.mjs          writes those that have changed
//   node wasm/generate.mjs --check  writes nothing; fails, naming the stale ones
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { readAbi } from "./generate/abi.mjs";
import { codesHeader, hostHeader } from "./generate/abi_c.mjs";
import { abiModule } from "./generate/abi_js.mjs";
import { allowedNames } from "./generate/allowed.mjs";
import { DefinitionError, readDefinitions } from "./generate/definitions.mjs";
import { abiPage, controlsPage } from "./generate/docs.mjs";
import { controlsHeader } from "./generate/header.mjs";
import { controlsSource, eventSources } from "./generate/tables.mjs";
import { notice } from "./generate/text.mjs";
import { allSheets } from "./used_controls.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * @param {string} [definitions] the folder with the controls' definitions
 * @returns {Map<string, string>} the text of each generated file by its path in the repository
 * @throws {DefinitionError} when a definition is wrong
 */
export function generate(definitions = join(root, "src/controls")) {
  const abi = readAbi(join(root, "wasm/abi.json"));
  const publicHeader = ["kapok.h", "kapok/tasks.h"]
    .map((name) => readFileSync(join(root, "src/include", name), "utf8"))
    .join("\n");
  const model = readDefinitions(definitions, publicHeader);
  return new Map([
    ["js/runtime/abi.gen.js", abiModule(abi, allowedNames(model))],
    ["src/controls/controls.gen.c", controlsSource(model)],
    ...eventSources(model).map(
      ([name, text]) => /** @type {[string, string]} */ ([`src/controls/${name}.gen.c`, text]),
    ),
    ["src/core/host.gen.h", hostHeader(abi)],
    ["src/include/kapok/codes.gen.h", codesHeader(abi)],
    ["src/include/kapok/controls.gen.h", controlsHeader(model)],
    ["web/docs/abi.gen.md", abiPage(abi)],
    ["web/docs/controls.gen.md", controlsPage(model)],
    ["web/style.gen.css", styleSheet()],
  ]);
}

/** All styles, for pages that choose no controls: see wasm/used_controls.mjs for those that do. */
function styleSheet() {
  const paths = allSheets().map((path) => relative(join(root, "web"), path).replace(/^(?!\.)/, "./"));
  const head = `/* SPDX-License-Identifier: MIT */\n/* ${notice("web/style/*.css and src/controls/*.css")} */\n`;
  return head + paths.map((path) => `@import "${path}";\n`).join("");
}

/** @param {string} path */
function current(path) {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return undefined;
  }
}

/** @param {string[]} options */
function main(options) {
  const stale = [...generate()].filter(([path, text]) => current(path) !== text);
  if (options.includes("--check")) {
    for (const [path] of stale)
      console.error(`${path} is stale: run node wasm/generate.mjs and commit what it writes.`);
    return stale.length ? 1 : 0;
  }
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(path);
  }
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
