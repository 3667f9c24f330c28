// SPDX-License-Identifier: MIT
// Serves built pages as a good host does: compressed by Brotli beforehand.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { listFiles } from "../../../js/cli/output.js";

/** @type {Record<string, string>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
};

const STYLE = "/page.css";

// With these a page may ask for its memory.
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** @typedef {Awaited<ReturnType<typeof serve>>} Server */

/**
 * @param {string} name of a file
 * @param {Buffer} content
 */
const prepared = (name, content) => ({
  headers: {
    ...ISOLATED,
    "content-type": TYPES[extname(name)] ?? "application/octet-stream",
    "content-encoding": "br",
    "cache-control": "max-age=3600",
  },
  body: brotliCompressSync(content),
});

/**
 * Every page gets the look that Kapok's has of its own. It is not counted.
 * @param {Buffer} html
 */
const withStyle = (html) =>
  Buffer.from(`${html}`.replace("</head>", `<link rel="stylesheet" href="${STYLE}"></head>`));

const readStyle = async () =>
  Buffer.concat(
    await Promise.all(
      ["rows/page.css", "../../../web/examples/rows/style.css"].map((path) =>
        readFile(new URL(path, import.meta.url)),
      ),
    ),
  );

/**
 * @param {Map<string, string>} sites folders by the paths below which they are served: "/rows/lit/"
 * @returns {Promise<{ url: string, bytes: Map<string, number>, close: () => Promise<void> }>} `bytes`: the length of
 *   each file that has been asked for, compressed, by path
 */
export async function serve(sites) {
  const files = new Map([[STYLE, prepared(STYLE, await readStyle())]]);
  for (const [path, folder] of sites)
    for (const name of listFiles(folder)) {
      const content = await readFile(join(folder, name));
      if (name === "index.html")
        files.set(path, prepared(name, /kapok/.test(path) ? content : withStyle(content)));
      else files.set(path + name, prepared(name, content));
    }
  /** @type {Map<string, number>} */
  const bytes = new Map();
  const server = createServer(({ url = "/" }, response) => {
    const file = files.get(decodeURIComponent(url));
    if (!file) return response.writeHead(404).end();
    if (url !== STYLE) bytes.set(url, file.body.length);
    response.writeHead(200, { ...file.headers, "content-length": file.body.length }).end(file.body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    bytes,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
