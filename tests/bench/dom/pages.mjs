// SPDX-License-Identifier: MIT
// The pages that are compared, each built as its users publish it: for every implementation the table of rows
// and a hello world.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "../../../js/cli/failure.js";

/** @typedef {"rows" | "hello"} Kind */

const root = fileURLToPath(new URL("../../..", import.meta.url));
const here = join(root, "tests/bench/dom");

/**
 * By name, in the order of the tables: the title, the package whose version counts, and what its bundle needs.
 * The first is what the others are compared with.
 * @type {Record<string, { title: string, package?: string, vite?: () => Promise<import("vite").InlineConfig> }>}
 */
export const IMPLEMENTATIONS = {
  vanilla: { title: "by hand" },
  kapok: { title: "Kapok" },
  solid: {
    title: "Solid",
    package: "solid-js",
    vite: async () => ({ plugins: [(await import("vite-plugin-solid")).default()] }),
  },
  lit: { title: "Lit", package: "lit" },
  preact: {
    title: "Preact",
    package: "preact",
    vite: async () => ({ oxc: { jsx: { runtime: "automatic", importSource: "preact" } } }),
  },
};

export const REFERENCE = "vanilla";

/** @param {string} name */
export async function versionOf(name) {
  const { package: dependency } = IMPLEMENTATIONS[name];
  if (!dependency && name !== "kapok") return "";
  const manifest = dependency
    ? join(root, "node_modules", dependency, "package.json")
    : join(root, "package.json");
  return JSON.parse(await readFile(manifest, "utf8")).version;
}

/**
 * The sources of a page. KAPOK_ROWS names another folder than web/examples/rows.
 * @param {string} name
 * @param {Kind} kind
 */
const sourcesOf = (name, kind) =>
  name === "kapok" && kind === "rows"
    ? (process.env.KAPOK_ROWS ?? join(root, "web/examples/rows"))
    : join(here, kind, name);

/**
 * Why an implementation cannot take part, if so.
 * @param {string} name
 * @returns {string | undefined} a sentence
 */
export function obstacle(name) {
  const folder = sourcesOf(name, "rows");
  return existsSync(folder)
    ? undefined
    : `${IMPLEMENTATIONS[name].title} is left out: there is no ${folder}.`;
}

/**
 * Those that can take part, in the tables' order; of others the user is told.
 * @param {string[]} [wanted] default: all
 */
export function chosen(wanted) {
  const unknown = wanted?.find((name) => !Object.hasOwn(IMPLEMENTATIONS, name));
  if (unknown !== undefined)
    throw new Failure(
      `There is no implementation ${JSON.stringify(unknown)}.`,
      `There are: ${Object.keys(IMPLEMENTATIONS).join(", ")}.`,
      { exitCode: 2 },
    );
  const names = Object.keys(IMPLEMENTATIONS).filter((name) => !wanted || wanted.includes(name));
  const able = names.filter((name) => !obstacle(name));
  for (const name of names) if (obstacle(name)) console.error(obstacle(name));
  if (able.length) return able;
  throw new Failure("Nothing is left to be measured.", "See the reason above.");
}

/**
 * @param {string} name
 * @param {Kind} kind
 * @param {string} out a folder that does not exist
 */
export async function buildPage(name, kind, out) {
  const folder = sourcesOf(name, kind);
  // Loaded when they are needed, so that --help is instant.
  if (name === "kapok") return (await import("../../../js/cli/build.js")).build(folder, { out, quiet: true });
  const { build } = await import("vite");
  await build({
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: "warn",
    root: folder,
    base: "./",
    ...(await IMPLEMENTATIONS[name].vite?.()),
    build: {
      outDir: out,
      emptyOutDir: true,
      assetsDir: "",
      modulePreload: false,
      reportCompressedSize: false,
    },
  });
}
