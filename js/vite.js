// SPDX-License-Identifier: MIT
// The Vite plugin: `import counter from "./counter.c"` compiles the program and gives the address of its module.
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { buildApp } from "../wasm/toolchain.mjs";
import { stylesheet, usedControls } from "../wasm/used_controls.mjs";
import { integrityOf } from "./integrity.js";

/**
 * @typedef {object} KapokOptions
 * @property {string} [toolchain] auto, emscripten, wasi or embedded; default: auto
 * @property {boolean} [dev] whether to build for development, with checks and names; default: yes in Vite's
 *   development server, no in a build
 * @property {(text: string) => void} [onProgress] told what goes on, a line at a time
 * @property {(path: string) => void} [onDependency] told each file or folder that a program is made from
 * @property {(text: string) => void} [onWarning] told what the compiler has to say about a program that it
 *   accepts; default: Vite's log
 */

/** The program of a page that has no script of its own: all sources of the app. */
export const APP = "virtual:kapok-app";

/** The stylesheet of such a page: what its program uses. Other pages take all of it, by kapok/style.css. */
const STYLE = fileURLToPath(new URL("../web/style.css", import.meta.url));

/**
 * The plugin for vite.config.js. A `.c` file's default export is the address of its module, to be given to
 * `mount` of kapok/runtime; its export `integrity` is what `mount` can check it against.
 * @param {KapokOptions} [options]
 * @returns {import("vite").Plugin}
 */
export const kapok = (options) => programs([], options);

/**
 * @param {string[]} appSources the C files of `APP`
 * @param {KapokOptions} [options]
 * @returns {import("vite").Plugin}
 */
export function programs(appSources, { toolchain, dev, onProgress, onDependency, onWarning } = {}) {
  /** @type {import("vite").ResolvedConfig} */
  let config;
  /** @type {Map<string, Uint8Array>} modules by address, for Vite's development server */
  const served = new Map();

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
      filter: { id: /\.c$|^virtual:kapok-app$|style\.css$/ },
      async handler(id) {
        if (id.endsWith(".css")) {
          if (id !== STYLE || !appSources.length) return;
          const { meta } = await this.load({ id: APP });
          return { code: stylesheet(meta.controls), moduleType: "css" };
        }
        const isServing = config.command === "serve";
        const sources = id === APP ? appSources : [id];
        const { wasm, warnings } = await buildApp({
          sources,
          toolchain,
          dev: dev ?? isServing,
          onProgress,
          onDependency: (path) => {
            this.addWatchFile(path);
            onDependency?.(path);
          },
        }).catch((error) => {
          throw located(error);
        });
        if (warnings) onWarning ? onWarning(warnings) : this.warn(warnings);
        const name = id === APP ? "app.wasm" : `${basename(id, ".c").replace(/[^\w-]/g, "_")}.wasm`;
        const integrity = integrityOf(wasm);
        if (!isServing) {
          const file = this.emitFile({ type: "asset", name, source: wasm });
          return {
            ...moduleOf(`import.meta.ROLLUP_FILE_URL_${file}`, integrity),
            meta: { controls: usedControls(wasm) },
          };
        }
        const address = `${config.base}@kapok/${encodeURIComponent(integrity)}/${name}`;
        served.set(address, wasm);
        return moduleOf(JSON.stringify(address), integrity);
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
 * @param {string} address a JavaScript expression
 * @param {string} integrity
 */
const moduleOf = (address, integrity) => ({
  code: `export default ${address};\nexport const integrity = ${JSON.stringify(integrity)};\n`,
  moduleType: /** @type {const} */ ("js"),
});

/**
 * Tells Vite where in the program the first mistake is, for its overlay and its diagnostics.
 * @param {any} error
 */
function located(error) {
  const [, file, line, column] = /^(.+?):(\d+):(\d+): (?:fatal )?error:/m.exec(error.output ?? "") ?? [];
  if (file)
    Object.assign(error, {
      id: file,
      loc: { file, line: Number(line), column: Number(column) },
      frame: error.output,
    });
  return error;
}
