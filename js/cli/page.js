// SPDX-License-Identifier: MIT
// What a published page has that its source has not: a title, and a hash of all code that it loads.
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { integrityOf } from "../integrity.js";

const DEV = "virtual:kapok-dev";
const devScript = fileURLToPath(new URL("../runtime/dev.js", import.meta.url));

/**
 * @param {import("./app.js").App} app
 * @param {{ base: string, live: boolean, onDependency?: (path: string) => void }} options told each file of the page
 * @returns {import("vite").Plugin}
 */
export function pagePlugin(app, { base, live, onDependency = () => {} }) {
  return {
    name: "kapok:page",
    enforce: "post",
    resolveId: { filter: { id: /^virtual:kapok-dev$/ }, handler: () => devScript },
    transformIndexHtml: {
      order: "pre",
      handler: (html) => ({
        html: app.page ? html : filledShell(html, app.title),
        tags: live ? [{ tag: "script", attrs: { type: "module", src: DEV }, injectTo: "head-prepend" }] : [],
      }),
    },
    buildEnd() {
      for (const id of this.getModuleIds()) if (isAbsolute(id)) onDependency(id.replace(/\?.*$/s, ""));
    },
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const integrity = new Map(
          Object.values(bundle).map((file) => [base + file.fileName, integrityOfFile(file)]),
        );
        for (const file of Object.values(bundle)) {
          if (file.type !== "asset" || !file.fileName.endsWith(".html")) continue;
          file.source = withIntegrity(
            app.page ? `${file.source}` : withModule(`${file.source}`, integrity),
            integrity,
          );
          if (!app.page) file.source = compact(file.source);
        }
      },
    },
  };
}

/** @param {import("vite").Rolldown.OutputAsset | import("vite").Rolldown.OutputChunk} file */
const integrityOfFile = (file) => integrityOf(file.type === "chunk" ? file.code : file.source);

/**
 * @param {string} shell web/index.html
 * @param {string} title
 */
function filledShell(shell, title) {
  const text = title.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return shell
    .replace(/\s+/g, " ")
    .replace(/(?: \/)?>(?: (?=<))?/g, ">")
    .replaceAll("%title%", () => text);
}

/**
 * Names the program, which js/runtime/boot.js looks for, ahead of the script: so both load at once. The hash is
 * data, since browsers warn of an `integrity` that they do not check yet.
 * @param {string} html
 * @param {Map<string, string>} integrity by address
 */
function withModule(html, integrity) {
  const address = /** @type {string} */ ([...integrity.keys()].find((name) => name.endsWith(".wasm")));
  const link = `<link id="kapok-app" rel="preload" as="fetch" crossorigin href="${address}" data-integrity="${integrity.get(address)}">`;
  return html.replace("<script ", (script) => link + script);
}

/**
 * Without what browsers do not need in a page of ours, whose files are all of its own origin.
 * @param {string} html
 */
const compact = (html) =>
  html
    .replace(/>\s+(?=<|$)/g, ">")
    .replace(/<\/(?:p|body|html)>/g, "")
    .replace(/<(?!link id)\w[^>]*>/g, (tag) => tag.replace(" crossorigin", ""))
    .replace(/<\w[^>]*>/g, (tag) => tag.replace(/="([\w./:#-]+)"/g, "=$1"));

/**
 * A script that is not the one that was published with the page does not run. A style is no code and needs no hash,
 * which no compression makes shorter.
 * @param {string} html
 * @param {Map<string, string>} integrity by address
 */
function withIntegrity(html, integrity) {
  return html.replace(/<(?:script|link)\s[^>]*?\b(?:src|href)="([^"]*)"/g, (tag, address) => {
    const hash = integrity.get(address);
    return hash && address.endsWith(".js") ? `${tag} integrity="${hash}"` : tag;
  });
}
