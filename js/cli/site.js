// SPDX-License-Identifier: MIT
// Bundles an app into the files of a website, by Vite.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { programs } from "../vite.js";
import { bundleError } from "./bundle-errors.js";
import { pagePlugin } from "./page.js";

const shell = fileURLToPath(new URL("../../web/index.html", import.meta.url));

/**
 * @typedef {object} PageOptions
 * @property {string} [base] where the site will be served; default: anywhere, by relative addresses
 * @property {boolean} [dev] whether it is a development build
 * @property {boolean} [live] whether it is for the development server: reloads when it was built anew
 *
 * @typedef {PageOptions & import("../vite.js").KapokOptions} SiteOptions
 */

/**
 * @param {import("./app.js").App} app
 * @param {SiteOptions} options
 * @returns {Promise<Map<string, string | Uint8Array>>} the files' contents by path
 * @throws {import("../../wasm/errors.mjs").CompileError} when a program, or a file of the page, is wrong
 */
export async function buildSite(app, { base = "./", dev = false, live = false, ...options }) {
  const page = app.page ?? shell;
  process.on("unhandledRejection", allowLateAwait).on("rejectionHandled", ignore);
  try {
    const result = await build({
      configFile: false,
      envDir: false,
      publicDir: false,
      logLevel: "silent",
      root: dirname(page),
      base,
      css: { postcss: {} },
      plugins: [
        ...(app.page ? [] : [plainImports()]),
        programs(app.page ? [] : app.sources, { dev, ...options }),
        pagePlugin(app, { base, live, onDependency: options.onDependency }),
      ],
      build: {
        write: false,
        minify: !dev,
        rolldownOptions: { input: page, optimization: { inlineConst: { mode: "all", pass: 2 } } },
        assetsDir: "",
        assetsInlineLimit: 0,
        modulePreload: false,
        cssTarget: ["chrome123", "firefox120", "safari17.5"], // what knows light-dark()
        reportCompressedSize: false,
      },
    });
    const { output } = /** @type {import("vite").Rolldown.RolldownOutput} */ (result);
    return new Map(output.map((file) => [file.fileName, file.type === "chunk" ? file.code : file.source]));
  } catch (error) {
    throw bundleError(error);
  } finally {
    process.off("unhandledRejection", allowLateAwait).off("rejectionHandled", ignore);
  }
}

/**
 * That a page names a script that is not there rejects two promises of Vite's, one of which it awaits too late.
 * @param {any} reason
 */
function allowLateAwait(reason) {
  if (!/^Failed to resolve /.test(reason?.message)) throw reason;
}
const ignore = () => {};

/**
 * Leaves `import()` as it is. Vite would wrap it in 1.6 kB that preload styles, of which a script of ours has none.
 * @returns {import("vite").Plugin}
 */
const plainImports = () => ({
  name: "kapok:plain-imports",
  configResolved({ plugins }) {
    const all = /** @type {import("vite").Plugin[]} */ (plugins);
    all.splice(
      0,
      all.length,
      ...all.filter(({ name }) => !/^(vite:build-import-analysis|native:import-analysis-build)$/.test(name)),
    );
  },
});
