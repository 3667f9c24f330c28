// SPDX-License-Identifier: MIT
// The development server: what was built, for this machine's browsers, and nothing else.
import { realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { preview } from "vite";

/** @typedef {import("node:http").IncomingMessage} Request */
/** @typedef {import("node:http").ServerResponse} Response */
/** @typedef {{ type: "reload" } | { type: "error", text: string }} Message what a page is told */

const host = "127.0.0.1";
const hostNames = new Set([host, "localhost"]);

const headers = {
  "Cache-Control": "no-store",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
};

/**
 * Serves a folder on the loopback interface. The folder may be replaced at any time.
 * @param {string} folder absolute path
 * @param {object} options
 * @param {number} options.port the first port to try
 * @param {() => Promise<string | null>} options.ready waits until the folder holds a site; a text instead is shown
 *   to whoever asks for a page, and asked for again every second
 */
export async function serve(folder, { port, ready }) {
  const pages = new Audience();
  const server = await preview({
    configFile: false,
    envDir: false,
    logLevel: "silent",
    appType: "mpa",
    root: folder,
    build: { outDir: folder },
    preview: { host, port, cors: false, headers },
    plugins: [
      {
        name: "kapok:guard",
        configurePreviewServer: ({ middlewares }) => void middlewares.use(guard(folder, pages, ready)),
      },
    ],
  });
  const address = /** @type {import("node:net").AddressInfo} */ (server.httpServer.address());
  return {
    port: address.port,
    url: `http://${host}:${address.port}/`,
    /** @param {Message} message */
    tell: (message) => pages.tell(message),
    close: () => server.close(),
  };
}

/**
 * Answers all that is not a plain request for a file of the folder.
 * @param {string} folder
 * @param {Audience} pages
 * @param {() => Promise<string | null>} ready
 */
function guard(folder, pages, ready) {
  return async (
    /** @type {Request} */ request,
    /** @type {Response} */ response,
    /** @type {() => void} */ next,
  ) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const refused = refusal(request);
    if (refused) return answer(response, ...refused);
    const path = decodedPath(/** @type {string} */ (request.url));
    if (path === null) return answer(response, 400, "Bad address.");
    if (path === "/__kapok/events") return pages.add(response);
    const trouble = await ready();
    if (trouble !== null) return answer(response, 503, trouble, { Refresh: "1" });
    if (!(await isWithin(join(folder, path), folder))) return answer(response, 404, "Not found.");
    next();
  };
}

/**
 * A page of another site must not read what runs here: not by its own name for this machine (Host), nor by a
 * request of its own (Origin).
 * @param {Request} request
 * @returns {[status: number, text: string] | null}
 */
function refusal({ method, headersDistinct, headers: { origin } }) {
  if (method !== "GET" && method !== "HEAD") return [405, "Only GET and HEAD."];
  const [hostHeader = "", ...more] = headersDistinct.host ?? [];
  if (more.length || !hostNames.has(hostHeader.replace(/:\d+$/, ""))) return [403, "Not for this host name."];
  if (origin !== undefined && origin !== `http://${hostHeader}`) return [403, "Not for this origin."];
  return null;
}

/**
 * @param {string} url the request's target
 * @returns {string | null} null when it is no path into a folder of plain names
 */
function decodedPath(url) {
  let path;
  try {
    path = decodeURIComponent(url.replace(/\?.*$/s, ""));
  } catch {
    return null;
  }
  const plain = path.startsWith("/") && !/[\\#\0]|\/\.|\/\/|:/.test(path);
  return plain ? path : null;
}

/**
 * @param {string} path
 * @param {string} folder
 */
async function isWithin(path, folder) {
  try {
    const [real, root] = await Promise.all([realpath(path), realpath(folder)]);
    return real === root || real.startsWith(root + sep);
  } catch {
    return false;
  }
}

/**
 * @param {Response} response
 * @param {number} status
 * @param {string} text
 * @param {Record<string, string>} [extra] headers
 */
function answer(response, status, text, extra) {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", ...extra }).end(text + "\n");
}

/** The pages that listen, by server-sent events. */
class Audience {
  /** @type {Set<Response>} */
  #listeners = new Set();
  /** @type {Message | null} the compiler's error, for as long as it stands */
  #standing = null;

  /** @param {Response} response */
  add(response) {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(this.#standing ? event(this.#standing) : ": listening\n\n");
    this.#listeners.add(response);
    response.once("close", () => this.#listeners.delete(response));
  }

  /** @param {Message} message */
  tell(message) {
    this.#standing = message.type === "error" ? message : null;
    for (const listener of this.#listeners) listener.write(event(message));
  }
}

/** @param {Message} message */
const event = (message) => `data: ${JSON.stringify(message)}\n\n`;
