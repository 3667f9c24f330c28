// SPDX-License-Identifier: MIT
// Every way in which a module cannot be had has its own message.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { EINVAL, EIO, ENOENT, ENOMEM, ENOTSUP } from "../../../js/runtime/abi.gen.js";
import { explain } from "../../../js/runtime/careful.js";
import { compile, instantiate } from "../../../js/runtime/load.js";
import { assemble, ending } from "../../support/wat_app.mjs";

const wasm = ending();
const imports = { kapok: { apply: () => 0, ended: () => {}, schedule: () => {} } };

/** What the server answers, by path: status, type, body; a body of null breaks off. @type {Record<string, [number, string, any]>} */
const answers = {
  "/app.wasm": [200, "application/wasm", wasm],
  "/octets.wasm": [200, "application/octet-stream", wasm],
  "/parameter.wasm": [200, "application/wasm; charset=utf-8", wasm],
  "/missing.wasm": [404, "text/html", "<!doctype html>Not found"],
  "/broken.wasm": [500, "text/plain", "oops"],
  "/page.wasm": [200, "text/html", "\n <!doctype html><title>App</title>"],
  "/lying.wasm": [200, "application/wasm", "<!doctype html><title>App</title>"],
  "/empty.wasm": [200, "application/wasm", ""],
  "/text.wasm": [200, "text/plain", "hello"],
  "/short.wasm": [200, "application/wasm", wasm.subarray(0, wasm.length - 5)],
  "/torn.wasm": [200, "application/wasm", null],
};
/** @type {string[]} */
const requests = [];
const server = createServer((request, response) => {
  requests.push(request.url ?? "");
  const [status, type, body] = answers[request.url ?? ""];
  response.writeHead(status, {
    "content-type": type,
    ...(body === null && { "content-length": wasm.length }),
  });
  if (body !== null) return response.end(body);
  response.write(wasm.subarray(0, 20), () => response.destroy());
});
let url = "";
before(async () => {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  url = `http://127.0.0.1:${/** @type {any} */ (server.address()).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

describe("an app may be", () => {
  for (const path of ["/app.wasm", "/octets.wasm", "/parameter.wasm"])
    test(`an address (${path})`, async () => {
      assert.ok((await compile(url + path, {})) instanceof WebAssembly.Module);
      assert.ok((await compile(new URL(url + path), {})) instanceof WebAssembly.Module);
    });

  test("loaded once, when all is well", async () => {
    requests.length = 0;
    await compile(`${url}/app.wasm`, {});
    assert.deepEqual(requests, ["/app.wasm"]);
  });

  test("a response", async () => {
    for (const path of ["/app.wasm", "/octets.wasm"])
      assert.ok((await compile(await fetch(url + path), {})) instanceof WebAssembly.Module);
    assert.ok((await compile(new Response(wasm), {})) instanceof WebAssembly.Module);
  });

  test("bytes, also a part of more", async () => {
    const more = new Uint8Array(wasm.length + 20);
    more.set(wasm, 10);
    const buffer = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.length);
    for (const bytes of [wasm, more.subarray(10, -10), buffer, new DataView(buffer)])
      assert.ok((await compile(bytes, {})) instanceof WebAssembly.Module);
  });

  test("a module", async () => {
    const module = new WebAssembly.Module(wasm);
    assert.equal(await compile(module, {}), module);
  });
});

describe("what cannot be had", () => {
  /** @type {[path: string, code: number, message: RegExp][]} */
  const cases = [
    ["/missing.wasm", ENOENT, /missing\.wasm is not on the server.*whole folder/],
    ["/broken.wasm", EIO, /the server answered 500/],
    ["/page.wasm", EINVAL, /not an app but a web page.*whole folder/],
    ["/lying.wasm", EINVAL, /not an app but a web page/],
    ["/empty.wasm", EINVAL, /not a WebAssembly module/],
    ["/text.wasm", EINVAL, /not a WebAssembly module/],
    ["/short.wasm", EINVAL, /damaged or cut short.*Publish the folder anew/],
    ["/torn.wasm", EIO, /could not be loaded/],
  ];
  for (const [path, code, message] of cases)
    test(path, () => assert.rejects(compile(url + path, {}), { name: "KapokError", code, message }));

  test("where nobody answers", () =>
    assert.rejects(compile("http://127.0.0.1:1/app.wasm", {}), { code: EIO, message: /network is down/ }));

  test("at an address that is none", () =>
    assert.rejects(compile("http://[", {}), { code: EIO, message: /http:\/\/\[ could not be loaded/ }));

  test("another file than the one that was published", async () => {
    const integrity = `sha384-${createHash("sha384").update(wasm).digest("base64")}`;
    assert.ok(await compile(`${url}/app.wasm`, { integrity }));
    const wrong = integrity.replace(/-..../, "-AAAA");
    await assert.rejects(compile(`${url}/app.wasm`, { integrity: wrong }), {
      code: EIO,
      message: /app\.wasm is not the file that was published with this page/,
    });
  });

  test("with a hash, the message is that of what is wrong all the same", async () => {
    for (const [path, code, message] of cases)
      await assert.rejects(compile(url + path, { integrity: "sha384-AAAA" }), { code, message });
  });

  test("what is aborted rejects with the reason that was given", async () => {
    const reason = { mine: true };
    const options = { signal: AbortSignal.abort(reason) };
    await assert.rejects(compile(`${url}/app.wasm`, options), reason);
    const aborting = new AbortController();
    const promise = compile(`${url}/app.wasm`, { signal: aborting.signal });
    aborting.abort(reason);
    await assert.rejects(promise, reason);
  });

  test("where there is no WebAssembly", async () => {
    const { WebAssembly } = globalThis;
    Object.assign(globalThis, { WebAssembly: undefined });
    try {
      await assert.rejects(compile(`${url}/app.wasm`, {}), { code: ENOTSUP, message: /switched off/ });
    } finally {
      Object.assign(globalThis, { WebAssembly });
    }
  });
});

describe("what does not fit", () => {
  test("wants an import that there is not", async () => {
    const module = new WebAssembly.Module(
      assemble(() => ({}), { imports: '(import "kapok" "teleport" (func))' }),
    );
    await assert.rejects(instantiate(module, imports), {
      name: "KapokError",
      code: EINVAL,
      message: /another version of Kapok.*teleport.*Build and publish/,
    });
  });

  test("wants another module than ours", async () => {
    const module = new WebAssembly.Module(
      assemble(() => ({}), { imports: '(import "env" "emscripten" (func))' }),
    );
    await assert.rejects(instantiate(module, imports), { code: EINVAL, message: /another version of Kapok/ });
  });

  test("lacks an export", async () => {
    const module = new WebAssembly.Module(assemble(() => ({}), { exports: ["kp_start"] }));
    await assert.rejects(compile(module, {}), {
      code: EINVAL,
      message: /another version.*it lacks kp_inbox/,
    });
  });

  test("needs more memory than there is", () => {
    const error = explain(new RangeError("Out of memory"));
    assert.equal(error.code, ENOMEM);
    assert.match(error.message, /not enough memory/);
  });
});
