// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { serve } from "../../../js/cli/server.js";
import { folder } from "./folder.mjs";

const SECRET = "SECRET-7c1f";

/**
 * A site with secrets around it: beside, above, linked to and hidden.
 * @param {import("node:test").TestContext} t
 */
async function serveSite(t, { ready = async () => /** @type {string | null} */ (null) } = {}) {
  const path = folder(t, {
    "secret.txt": SECRET,
    "site-2/secret.txt": SECRET,
    "site/index.html": "<!doctype html><p>home",
    "site/app.wasm": "\0asm",
    "site/assets/a b/é.txt": "picture",
    "site/.kapok": SECRET,
    "site/.git/config": SECRET,
    "site/assets/.env": SECRET,
  });
  symlinkSync(join(path, "secret.txt"), join(path, "site/link.txt"));
  symlinkSync(path, join(path, "site/up"));
  const server = await serve(join(path, "site"), { port: 0, ready });
  t.after(() => server.close());
  return { ...server, path, port: Number(new URL(server.url).port) };
}

/**
 * What a server answers to these bytes; fetch would mend them first.
 * @param {number} port
 * @param {string} target
 * @param {{ method?: string, host?: string, headers?: string, raw?: string }} [options]
 * @returns {Promise<{ status: number, head: string, body: string }>}
 */
async function ask(port, target, { method = "GET", host = `127.0.0.1:${port}`, headers = "", raw } = {}) {
  const socket = connect(port, "127.0.0.1");
  if (raw) socket.end(raw, "latin1");
  else
    socket.write(
      `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${headers}\r\n`,
      "latin1",
    );
  let text = "";
  socket.setEncoding("utf8").on("data", (data) => (text += data));
  await Promise.race([once(socket, "close"), once(socket, "error")]).catch(() => {});
  const [head = "", ...body] = text.split("\r\n\r\n");
  return { status: Number(head.split(" ")[1]), head, body: body.join("\r\n\r\n") };
}

test("serves the site, and how it does", async (t) => {
  const { port } = await serveSite(t);
  const home = await ask(port, "/");
  assert.equal(home.status, 200);
  assert.match(home.body, /<p>home/);
  assert.match(home.head, /x-content-type-options: nosniff/i);
  assert.match(home.head, /cache-control: no-store/i);
  assert.match(home.head, /cross-origin-resource-policy: same-origin/i);
  assert.doesNotMatch(home.head, /access-control/i);
  assert.match((await ask(port, "/app.wasm?x=1")).head, /content-type: application\/wasm/i);
  assert.match((await ask(port, "/assets/a%20b/%C3%A9.txt")).body, /picture/);
  assert.equal((await ask(port, "/", { host: `localhost:${port}` })).status, 200);
  assert.equal((await ask(port, "/", { method: "HEAD" })).status, 200);
  assert.equal((await ask(port, "/none.js")).status, 404);
});

test("listens on the loopback interface only", async (t) => {
  const { url } = await serveSite(t);
  assert.equal(new URL(url).hostname, "127.0.0.1");
  const other = createServer().listen(Number(new URL(url).port), "127.0.0.2");
  t.after(() => other.close());
  await once(other, "listening"); // it would be taken if the server listened everywhere
});

test("answers to no name but its own", async (t) => {
  const { port } = await serveSite(t);
  const hosts = [
    "example.org",
    "example.org:80",
    `127.0.0.1.example.org:${port}`,
    "localhost.example.org",
    "0.0.0.0",
  ];
  hosts.push(
    "[::1]",
    "",
    "127.0.0.1:1:2",
    "localhost:x",
    "user@localhost",
    `x.localhost:${port}`,
    "169.254.169.254",
  );
  for (const host of hosts) {
    const { status, body } = await ask(port, "/", { host });
    assert.ok(status === 403 || status === 400, `${JSON.stringify(host)} got ${status}`);
    assert.doesNotMatch(body, /home/);
  }
  assert.equal((await ask(port, "/", { raw: "GET / HTTP/1.0\r\n\r\n" })).status, 403);
});

test("other sites' requests and other methods are refused", async (t) => {
  const { port } = await serveSite(t);
  for (const origin of ["http://example.org", "null", `https://127.0.0.1:${port}`, "http://127.0.0.1:1", ""])
    for (const target of ["/", "/__kapok/events"])
      assert.equal((await ask(port, target, { headers: `Origin: ${origin}\r\n` })).status, 403, origin);
  assert.equal((await ask(port, "/", { headers: `Origin: http://127.0.0.1:${port}\r\n` })).status, 200);
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
    assert.equal((await ask(port, "/", { method })).status, 405, method);
});

test("hostile requests get not a byte from outside the site", async (t) => {
  const { port, path } = await serveSite(t);
  const ups = ["..", "%2e%2e", ".%2e", "%2e.", "..;", "%252e%252e", "%c0%ae%c0%ae", "．．", "...", "..%00"];
  const slashes = ["/", "\\", "%2f", "%5c", "%5C", "//", "/./", "%252f"];
  const targets = [
    "/.kapok",
    "/.git/config",
    "/assets/.env",
    "/%2ekapok",
    "/%2egit/config",
    "/assets%2f.env",
  ];
  targets.push("/link.txt", "/up/secret.txt", "/up", "/up/", "/up/site-2/secret.txt", "/up%2fsecret.txt");
  targets.push(
    "/../site-2/secret.txt",
    "/..%2fsite-2/secret.txt",
    `/${path}/secret.txt`,
    `//${path}/secret.txt`,
  );
  targets.push(
    `/@fs${path}/secret.txt`,
    `/@fs/${path}/secret.txt?raw`,
    `/@fs/${path}/secret.txt?import&raw??`,
  );
  targets.push(`/@id/${path}/secret.txt`, `/file:///${path}/secret.txt`, `file://${path}/secret.txt`);
  targets.push(
    "/secret.txt?url",
    "/.kapok?.svg?.wasm?init",
    "/.kapok::$DATA",
    "/.kapok%00.html",
    "/#/../../secret.txt",
  );
  targets.push(
    "/%",
    "/%zz",
    "/%e0%a4%a",
    "/\0",
    "/\x7f",
    "*",
    "?",
    "",
    "secret.txt",
    "../secret.txt",
    "/" + "a/".repeat(4000),
  );
  targets.push(
    `http://127.0.0.1:${port}/../secret.txt`,
    "http://example.org/",
    "//example.org/secret.txt",
    "/\\example.org",
  );
  targets.push(
    "/index.html/../../secret.txt",
    "/assets/../../secret.txt",
    "/assets/..%5c..%5csecret.txt",
    "/é\u0000",
  );
  for (const up of ups)
    for (const slash of slashes) {
      targets.push(`/${up}${slash}secret.txt`, `/assets${slash}${up}${slash}${up}${slash}secret.txt`);
      targets.push(`${slash}${up}${slash}${up}${path}/secret.txt`);
    }
  assert.ok(targets.length > 250);
  for (const target of targets) {
    const { status, head, body } = await ask(port, target);
    assert.ok(!(head + body).includes(SECRET), `${JSON.stringify(target)} got the secret`);
    assert.ok(
      status >= 400 || body.includes("home"),
      `${JSON.stringify(target)} got ${status}: ${body.slice(0, 80)}`,
    );
  }
  assert.equal((await ask(port, "/")).status, 200, "the server lives");
});

test("malformed requests do not end the server", async (t) => {
  const { port } = await serveSite(t);
  const raws = [
    "\r\n\r\n",
    "GET\r\n\r\n",
    "GET / HTTP/9.9\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01",
    "GET / HTTP/1.1\r\nHost\r\n\r\n",
  ];
  raws.push(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: example.org\r\n\r\n`);
  raws.push(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${"y".repeat(100_000)}\r\n\r\n`);
  raws.push(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n`);
  raws.push(
    `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  );
  raws.push(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  for (const raw of raws) {
    const { status } = await ask(port, "", { raw });
    assert.ok(!(status < 400), `${JSON.stringify(raw.slice(0, 60))} got ${status}`);
  }
  assert.equal((await ask(port, "/")).status, 200);
});

test("pages are told of each build, and of a standing error when they come later", async (t) => {
  const { url, tell } = await serveSite(t);
  /** @returns {Promise<() => Promise<string>>} reads on until the next message */
  const listen = async () => {
    const response = await fetch(`${url}__kapok/events`);
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
    t.after(() => reader.cancel().catch(() => {}));
    return async () => new TextDecoder().decode((await reader.read()).value);
  };
  const next = await listen();
  assert.equal(await next(), ": listening\n\n");
  tell({ type: "reload" });
  assert.equal(await next(), 'data: {"type":"reload"}\n\n');
  tell({ type: "error", text: "a.c:1:2: error: x\n\n  é" });
  const error = 'data: {"type":"error","text":"a.c:1:2: error: x\\n\\n  é"}\n\n';
  assert.equal(await next(), error);
  assert.equal(await (await listen())(), error);
  tell({ type: "reload" });
  assert.equal(await (await listen())(), ": listening\n\n");
});

test("who asks before there is a site waits for it, or is told why there is none", async (t) => {
  /** @type {(trouble: string | null) => void} */
  let settle = () => {};
  let wait = new Promise((resolve) => (settle = resolve));
  const { port, path } = await serveSite(t, { ready: () => wait });
  const early = ask(port, "/");
  assert.equal(
    await Promise.race([early, new Promise((resolve) => setImmediate(resolve, "waiting"))]),
    "waiting",
  );
  settle("a.c:1:2: error: <b>");
  const { status, head, body } = await early;
  assert.equal(status, 503);
  assert.match(head, /refresh: 1/i);
  assert.match(head, /content-type: text\/plain/i);
  assert.match(body, /a\.c:1:2: error: <b>/);
  wait = Promise.resolve(null);
  assert.equal((await ask(port, "/")).status, 200);
  rmSync(join(path, "site"), { recursive: true });
  assert.equal((await ask(port, "/")).status, 404);
  mkdirSync(join(path, "site"));
  assert.equal((await ask(port, "/")).status, 404);
});

test("a port that is taken: the next one", async (t) => {
  const path = folder(t, { "index.html": "a" });
  const taken = createServer().listen(0, "127.0.0.1");
  t.after(() => taken.close());
  await once(taken, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (taken.address());
  const server = await serve(path, { port, ready: async () => null });
  t.after(() => server.close());
  assert.ok(Number(new URL(server.url).port) > port);
});
