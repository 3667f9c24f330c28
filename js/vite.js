// SPDX-License-Identifier: MIT
// The Vite plugin: `import counter from "./counter.c"` compiles the program and gives the address of its module.
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildApp } from "../wasm/toolchain.mjs";
import { BASE, isSheet, usedBase, usedRules, usedSheets } from "../wasm/used_controls.mjs";
import { integrityOf } from "./integrity.js";
import { usedModule } from "./used.js";

/**
 * @typedef {object} KapokOptions
 * @property {string} [toolchain] auto, emscripten, wasi or embedded; default: auto
 * @property {boolean} [dev] whether to build for development, with checks and names; default: yes in Vite's
 *   development server, no in a build
 * @property {(text: string) => void} [onProgress] told what goes on, a line at a time
 * @property {(path: string) => void} [onDependency] told each file or folder that a program is made from
 * @property {(text: string) => void} [onWarning] told what the compiler has to say about a program that it
 *   accepts; default: Vite's log
 * @property {(name: string, weight: import("../wasm/weigh.mjs").Weight) => void} [onWeight] told where the bytes of
 *   each module are, by the name of its file without its hash; a build with it takes longer
 */

/** The program of a page that has no script of its own: all sources of the app. */
export const APP = "virtual:kapok-app";

/** Replaced by what the app of such a page uses. */
const USED = fileURLToPath(new URL("runtime/used.js", import.meta.url));

/**
 * The plugin for vite.config.js. A `.c` file's default export is the address of its module, to be given to
 * `mount` of kapok/runtime; its export `integrity` is what `mount` can check it against.
 * @param {KapokOptions} [options]
 * @returns {import("vite").Plugin}
 */
export const kapok = (options) => programs([], options);

/**
 * @param {string[]} appSources the C files of `APP`, of a page for that app alone; else none
 * @param {KapokOptions} [options]
 * @returns {import("vite").Plugin}
 */
export function programs(appSources, { toolchain, dev, onProgress, onDependency, onWarning, onWeight } = {}) {
  /** @type {import("vite").ResolvedConfig} */
  let config;
  /** @type {Map<string, Uint8Array>} modules by address, for Vite's development server */
  const served = new Map();
  /** @type {ReturnType<typeof compile> | undefined} of `APP` */
  let app;

  /**
   * @param {string[]} sources
   * @param {boolean} embedded
   * @param {(path: string) => void} watch
   */
  async function compile(sources, embedded, watch) {
    const isDev = dev ?? config.command === "serve";
    try {
      return await buildApp({
        sources,
        toolchain,
        dev: isDev,
        embedded,
        optimize: isDev ? "1" : "z",
        weigh: !!onWeight,
        onProgress,
        onDependency(path) {
          watch(path);
          onDependency?.(path);
        },
      });
    } catch (error) {
      throw located(error);
    }
  }

  return {
    name: "kapok",
    configResolved(resolved) {
      config = resolved;
    },
    resolveId: {
      filter: { id: /^kapok(\/|$)|^virtual:kapok-app$/ },
      // A page's runtime is the one that fits this plugin, wherever the page lies.
      handler: (id) => (id === APP ? id : fileURLToPath(import.meta.resolve(id))),
    },
    load: {
      filter: {
        id: /\.c$|^virtual:kapok-app$|\/js\/runtime\/used\.js$|\/web\/style\.css$|\/(controls|style)\/\w+\.css$/,
      },
      async handler(id) {
        const isProgram = id === APP || id.endsWith(".c");
        const isPart = id === USED || id === BASE || isSheet(id);
        if (!isProgram && (!appSources.length || !isPart)) return null;
        const watch = (/** @type {string} */ path) => this.addWatchFile(path);
        const { wasm, names, warnings, weight } = await (id.endsWith(".c")
          ? compile([id], true, watch)
          : (app ??= compile(appSources, false, watch)));
        const scripts = id.endsWith(".c") ? [] : beside(appSources, "functions.js");
        if (id === USED) return usedModule(wasm, names, scripts[0]);
        // A page with a script of its own imports all styles, as kapok/style.css.
        const styles = id.endsWith(".c") ? [] : usedSheets(wasm, beside(appSources, "style.css"));
        const rulesOf = (/** @type {string} */ path) => usedRules(path, wasm);
        if (isSheet(id)) return rulesOf(id);
        if (id === BASE)
          return usedBase([...styles.map(rulesOf), ...scripts.map(read), `${Buffer.from(wasm)}`]);
        if (warnings) onWarning ? onWarning(warnings) : this.warn(warnings);
        const name = id === APP ? "app.wasm" : `${basename(id, ".c").replace(/[^\w-]/g, "_")}.wasm`;
        if (weight) onWeight?.(name, weight);
        if (config.command === "build") {
          const file = this.emitFile({ type: "asset", name, source: wasm });
          return moduleOf(wasm, styles, `import.meta.ROLLUP_FILE_URL_${file}`);
        }
        const address = `${config.base}@kapok/${encodeURIComponent(integrityOf(wasm))}/${name}`;
        served.set(address, wasm);
        return moduleOf(wasm, styles, JSON.stringify(address));
      },
    },
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        const wasm = served.get(request.url ?? "");
        if (!wasm) return next();
        response.setHeader("Content-Type", "application/wasm");
        response.end(wasm);
      });
    },
  };
}

/**
 * @param {string[]} sources of an app
 * @param {string} name
 * @returns {string[]} the path of the file of that name beside them, if there is one
 */
const beside = (sources, name) => [join(dirname(sources[0]), name)].filter(existsSync);

const read = (/** @type {string} */ path) => readFileSync(path, "utf8");

/**
 * @param {Uint8Array} wasm
 * @param {string[]} styles paths
 * @param {string} address a JavaScript expression
 */
const moduleOf = (wasm, styles, address) => ({
  code: [
    ...styles.map((path) => `import ${JSON.stringify(path)};`),
    `export default ${address};`,
    `export const integrity = ${JSON.stringify(integrityOf(wasm))};`,
  ].join("\n"),
  moduleType: /** @type {const} */ ("js"),
});

/**
 * An error that Vite's overlay and diagnostics show with the compiler's words and the place of the first mistake.
 * @param {any} cause
 */
function located(cause) {
  const [, file, line, column] = /^(.+?):(\d+):(\d+): (?:fatal )?error:/m.exec(cause.output ?? "") ?? [];
  const loc = file ? { file: resolve(file), line: Number(line), column: Number(column) } : undefined;
  return Object.assign(new Error(cause.output?.trimEnd() || cause.message, { cause }), {
    id: loc?.file,
    loc,
  });
}
