// SPDX-License-Identifier: MIT
// Bundles an app into the files of a website, by Vite.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { build } from "vite";
import { programs } from "../vite.js";
import { Failure } from "./failure.js";
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
 * @throws {Failure} when the page's own files do not fit together
 */
export async function buildSite(app, { base = "./", dev = false, live = false, ...options }) {
  const page = app.page ?? shell;
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
    // The compiler's own error, rather than Vite's account of it.
    const { cause, message } = /** @type {any} */ (error).errors?.[0] ?? error;
    if (cause) throw cause;
    if (!app.page) throw error;
    throw new Failure(
      stripVTControlCharacters(message),
      "Mend the page, or the script or style that it names.",
    );
  }
}

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
