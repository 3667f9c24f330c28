// SPDX-License-Identifier: MIT
// What only a browser has: a content security policy, streaming, moveBefore, real time. The runtime is served as it
// stands in the repository, module by module.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Batch } from "../../support/batch.mjs";
import { launchChromium } from "../../support/chromium.mjs";
import { serveFiles } from "../../support/file_server.mjs";
import { crashing, printing } from "../../support/wat_app.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const wasm = crashing();
const integrity = `sha384-${createHash("sha384").update(wasm).digest("base64")}`;

const icon = '<link rel="icon" href="data:,">';

/** @type {string} */
let folder;
/** @type {string} */
let policy;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {(() => Promise<unknown>)[]} */
const closing = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kapok-runtime-"));
  await cp(join(root, "js/runtime"), join(folder, "runtime"), { recursive: true });
  // What a page for one app has of it, see js/used.js.
  await cp(join(root, "js/runtime"), join(folder, "page"), { recursive: true });
  const used = await readFile(join(root, "js/runtime/used.js"), "utf8");
  await writeFile(join(folder, "page/used.js"), used.replace(/(IS_EMBEDDED|USES_WASI) = yes/g, "$1 = false"));
  await writeFile(join(folder, "app.wasm"), wasm);
  await writeFile(join(folder, "empty.html"), `<!doctype html><title>Empty</title>${icon}<body></body>`);
  const shell = await readFile(join(root, "web/index.html"), "utf8");
  policy = /Content-Security-Policy"\s+content="([^"]+)"/.exec(shell)?.[1] ?? "";
  assert.match(policy, /trusted-types 'none'/);
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Writes a page like the shell. @param {string} [app] @param {string} [csp] */
const writeShell = (app = "app.wasm", csp = policy) =>
  writeFile(
    join(folder, "index.html"),
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shell</title>${icon}
    <meta http-equiv="Content-Security-Policy" content="${csp}">
    <link id="kapok-app" rel="preload" as="fetch" type="application/wasm" crossorigin href="./${app}" data-integrity="${integrity}">
    <script type="module" src="./page/boot.js"></script></head>
    <body class="kp-page"><main class="kp-loading"><p role="status">Loading…</p></main></body></html>`,
  );

/** @param {string} path @param {Parameters<typeof serveFiles>[1]} [options] */
async function open(path, options) {
  const server = await serveFiles(folder, options);
  const context = await browser.newContext();
  closing.push(() => context.close(), server.close);
  const page = await context.newPage();
  /** @type {string[]} */
  const lines = [];
  page.on("console", (message) => lines.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => lines.push(`thrown: ${error}`));
  await page.goto(server.url + path);
  return { page, lines, server };
}

describe("boot", () => {
  test("under the strictest policy, with one request for the module and none for what is not needed", async () => {
    await writeShell();
    const { page, lines, server } = await open("");
    await page.getByRole("button", { name: "fresh" }).click();
    await page.getByRole("button", { name: "clicked" }).waitFor();
    assert.equal(await page.getByText("Loading…").count(), 0);
    assert.equal(await page.title(), "App");
    assert.deepEqual(lines, []);
    assert.equal(server.requests.filter((path) => path.endsWith(".wasm")).length, 1);
    assert.deepEqual(
      server.requests.filter((path) => /careful|wasi|mount|dev/.test(path)),
      [],
    );
  });

  test("from a server that does not know what WebAssembly is", async () => {
    await writeShell();
    const { page } = await open("", { types: { ".wasm": "application/octet-stream" } });
    await page.getByRole("button", { name: "fresh" }).waitFor();
  });

  test("of what was not published says so, and another try may succeed", async () => {
    await writeShell("late.wasm");
    const { page } = await open("");
    const alert = page.getByRole("alertdialog");
    await alert.getByText(/late\.wasm is not on the server\. Publish the whole folder/).waitFor();
    assert.equal(await page.getByText("Loading…").count(), 0);
    await writeFile(join(folder, "late.wasm"), wasm);
    await alert.getByRole("button", { name: "Retry" }).click();
    await page.getByRole("button", { name: "fresh" }).waitFor();
    assert.equal(await alert.count(), 0);
    await rm(join(folder, "late.wasm"));
  });

  test("of another file than the one that was published is refused", async () => {
    await writeFile(join(folder, "other.wasm"), printing());
    await writeShell("other.wasm");
    const { page } = await open("");
    await page
      .getByRole("alertdialog")
      .getByText(/not the file that was published with this page/)
      .waitFor();
  });

  test("without a network says so", async () => {
    await writeShell();
    const { page } = await open("empty.html");
    await page.route(/\.wasm$|careful/, (route) => route.abort("internetdisconnected"));
    await page.goto(page.url().replace("empty.html", ""));
    await page
      .getByRole("alertdialog")
      .getByText("The network is down, or not everything was published.")
      .waitFor();
    await page.unrouteAll();
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByRole("button", { name: "fresh" }).waitFor();
  });

  test("where the policy forbids WebAssembly says how to allow it", async () => {
    await writeShell("app.wasm", policy.replace("'wasm-unsafe-eval'", ""));
    const { page } = await open("");
    await page
      .getByRole("alertdialog")
      .getByText(/Add 'wasm-unsafe-eval' to its script-src/)
      .waitFor();
  });

  test("an alert that assistive technology can use", async () => {
    await writeShell("missing.wasm");
    const { page } = await open("");
    await page.getByRole("alertdialog").waitFor();
    await page.evaluate(
      await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"),
    );
    const { violations } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run());
    assert.deepEqual(
      violations
        .map((/** @type {any} */ violation) => violation.id)
        .filter((/** @type {string} */ id) => !/landmark|region|heading/.test(id)),
      [],
    );
  });
});

test("a crash under the strictest policy, and a new start in a clean page", async () => {
  await writeShell();
  const { page, lines } = await open("");
  const attributes = () =>
    page.evaluate(() => [...document.body.attributes].map(({ name, value }) => `${name}=${value}`));
  const fresh = page.getByRole("button", { name: "fresh" });
  await fresh.waitFor();
  const before = await attributes();
  for (let round = 0; round < 3; round++) {
    await fresh.click();
    for (let i = 0; i < 2; i++) await page.getByRole("button", { name: "clicked" }).click();
    await page.evaluate(() => document.body.setAttribute("data-foreign", ""));
    await page.getByRole("alertdialog").getByRole("button", { name: "Restart" }).click();
    await fresh.waitFor();
    assert.equal(await page.getByRole("alertdialog").count(), 0);
    assert.deepEqual((await attributes()).sort(), before.sort());
    assert.equal(await page.evaluate(() => document.body.style.gap), "3px");
  }
  assert.deepEqual(
    lines.filter((line) => /policy|thrown/i.test(line)),
    [],
  );
});

test("a crash while a dialog of the page is open: the restart can be reached", async () => {
  await writeShell();
  const { page } = await open("");
  await page.getByRole("button", { name: "fresh" }).click();
  await page.getByRole("button", { name: "clicked" }).click();
  const crash = page.getByRole("button", { name: "clicked" });
  await page.evaluate(() => {
    const dialog = document.body.appendChild(document.createElement("dialog"));
    dialog.append("open");
    dialog.showModal();
  });
  await crash.evaluate((/** @type {HTMLElement} */ button) => button.click());
  const alert = page.getByRole("alertdialog", { name: "The app has crashed" });
  await alert.waitFor();
  await page.keyboard.press("Escape");
  await alert.getByRole("button", { name: "Restart" }).click();
  await page.getByRole("button", { name: "fresh" }).waitFor();
});

describe("mount", () => {
  test("in a page of one's own, with its style, and out again", async () => {
    const { page } = await open("empty.html");
    const result = await page.evaluate(async () => {
      const { mount } = await import(/** @type {any} */ ("./runtime/index.js"));
      const root = document.createElement("div");
      root.style.gap = "1px";
      root.append("before");
      document.body.append(root);
      const handle = await mount({ app: "app.wasm", root });
      const during = [root.textContent, root.style.gap, document.title];
      handle.unmount();
      return { during, after: root.outerHTML };
    });
    assert.deepEqual(result, {
      during: ["fresh", "3px", "Empty"],
      after: '<div style="gap: 1px;">before</div>',
    });
  });

  test("of two apps one may crash, and start again, while the other lives on", async () => {
    const { page, lines } = await open("empty.html");
    await page.evaluate(async () => {
      const { mount } = await import(/** @type {any} */ ("./runtime/index.js"));
      for (const id of ["one", "two"]) {
        const root = document.body.appendChild(document.createElement("div"));
        root.id = id;
        Object.assign(window, { [`app_${id}`]: await mount({ app: "app.wasm", root }) });
      }
    });
    const [one, two] = ["#one", "#two"].map((root) => page.locator(root));
    await one.getByRole("button", { name: "fresh" }).click();
    for (let i = 0; i < 2; i++) await one.getByRole("button", { name: "clicked" }).click();
    const alert = page.getByRole("alert");
    await alert.getByText(/memory is not sound/).waitFor();
    assert.equal(await one.getByRole("alert").count(), 1);
    await one.getByRole("button", { name: "clicked" }).click(); // nothing hears it any more
    await assert.rejects(page.evaluate("app_one.dump()"), /memory is not sound/);
    await two.getByRole("button", { name: "fresh" }).click();
    await two.getByRole("button", { name: "clicked" }).waitFor();
    await alert.getByRole("button", { name: "Restart" }).click();
    await one.getByRole("button", { name: "fresh" }).click();
    await one.getByRole("button", { name: "clicked" }).waitFor();
    await page.evaluate("app_one.dump(), app_two.dump()");
    assert.deepEqual([await alert.count(), await two.innerText()], [0, "clicked"]);
    assert.equal(lines.filter((line) => /^(error|thrown)/.test(line)).length, 1);
  });

  test("loads what an app needs of WASI when it needs it", async () => {
    await writeFile(join(folder, "printing.wasm"), printing());
    const { page, lines } = await open("empty.html");
    const status = await page.evaluate(async () => {
      const { mount } = await import(/** @type {any} */ ("./runtime/index.js"));
      return (await mount({ app: "printing.wasm", root: document.body })).exited;
    });
    assert.equal(status, 5);
    assert.deepEqual(lines, ["log: Hello", "log: sh!", "warning: The program has called exit(5)."]);
  });
});

/** What the decoder, alone in the page, does with a batch. @param {import("playwright-core").Page} page */
async function decoder(page) {
  await page.evaluate(async () => {
    const { createDom } = await import(/** @type {any} */ ("./runtime/dom.js"));
    const { createMemory } = await import(/** @type {any} */ ("./runtime/memory.js"));
    const memory = new WebAssembly.Memory({ initial: 20 });
    const told = /** @type {string[]} */ ([]);
    const dom = createDom({
      root: document.body,
      memory: createMemory(() => memory),
      onError: (/** @type {string} */ message) => told.push(message),
      enter: (/** @type {() => void} */ entry) => entry(),
      raise: (/** @type {number} */ control, /** @type {number} */ name) => (
        told.push(`${name} of ${control}`),
        0
      ),
    });
    Object.assign(window, { memory, dom, told, hits: [] });
  });
  return (/** @type {Batch} */ batch) => {
    const { words, text } = batch;
    [batch.words, batch.text] = [[], ""];
    return page.evaluate(
      ({ words, text }) => {
        const { memory, dom } = /** @type {any} */ (window);
        const bytes = new TextEncoder().encode(text);
        new Uint32Array(memory.buffer).set(words);
        new Uint8Array(memory.buffer).set(bytes, words.length * 4);
        return dom.apply(0, words.length, words.length * 4, bytes.length);
      },
      { words, text },
    );
  };
}

test("moving keeps focus, selection and what plays, and raises no event", async () => {
  const { page } = await open("empty.html");
  const apply = await decoder(page);
  const batch = new Batch();
  for (const control of [2, 3])
    batch
      .create(control, "label.kp-text-field(span.kp-label,input.kp-input)")
      .insert(control)
      .listen(control, "focus")
      .listen(control, "blur");
  assert.equal(await apply(batch), 0);
  await page.evaluate(() => {
    const input = /** @type {HTMLInputElement} */ (document.querySelector("input"));
    input.value = "some text";
    input.focus();
    input.setSelectionRange(2, 5, "backward");
    /** @type {any} */ (window).animation = input.animate([{ opacity: 0 }, { opacity: 1 }], 1e6);
    /** @type {any} */ (window).told.length = 0;
  });
  assert.equal(await apply(batch.insert(2)), 0);
  const state = () =>
    page.evaluate(() => {
      const input = /** @type {HTMLInputElement} */ (document.body.lastElementChild?.querySelector("input"));
      const { told, animation } = /** @type {any} */ (window);
      const { selectionStart, selectionEnd, selectionDirection } = input;
      return [
        document.activeElement === input,
        selectionStart,
        selectionEnd,
        selectionDirection,
        animation.playState,
        told.join(),
      ];
    });
  assert.deepEqual(await state(), [true, 2, 5, "backward", "running", ""]);
  await page.evaluate(() => delete (/** @type {any} */ (Element.prototype).moveBefore));
  assert.equal(await apply(batch.insert(3)), 0);
  assert.equal(await apply(batch.insert(2)), 0);
  assert.deepEqual((await state()).slice(0, 4), [true, 2, 5, "backward"]);
  assert.equal((await state())[5], "");
});

test("moving what has the focus does not scroll to it", async () => {
  const { page } = await open("empty.html");
  const apply = await decoder(page);
  const batch = new Batch();
  batch.create(2, "div").insert(2);
  for (const control of [3, 4])
    batch
      .create(control, "div")
      .create(control + 2, "input")
      .insert(control, 2);
  assert.equal(await apply(batch.insert(5, 3).insert(6, 4)), 0);
  await page.evaluate(() => {
    const list = /** @type {HTMLElement} */ (document.body.firstElementChild);
    list.style.cssText = "height: 100px; overflow: auto";
    for (const row of list.children) /** @type {HTMLElement} */ (row).style.height = "3000px";
    document.body.style.height = "5000px";
    document.querySelector("input")?.focus();
    list.scrollTop = 2000;
    scrollTo(0, 1000);
  });
  const state = () =>
    page.evaluate(() => [
      document.activeElement === document.querySelector("div > div:last-child > input"),
      document.querySelector("div")?.scrollTop,
      scrollY,
    ]);
  assert.equal(await apply(batch.insert(3, 2)), 0);
  assert.deepEqual(await state(), [true, 2000, 1000]);
  assert.equal(await apply(batch.insert(2)), 0);
  assert.deepEqual(await state(), [true, 2000, 1000]);
});

test("nothing that an app sends runs as code, even without a policy", async () => {
  const { page, lines } = await open("empty.html");
  const apply = await decoder(page);
  await page.evaluate(() =>
    Object.assign(window, {
      hit: (/** @type {unknown} */ what) => /** @type {any} */ (window).hits.push(what),
    }),
  );
  const batch = new Batch();
  let control = 2;
  const code = "hit(1)";
  const urls = [
    `javascript:${code}`,
    ` \tja\nvascript:${code}`,
    `JAVASCRIPT:${code}//`,
    `data:text/html,<script>parent.${code}</script>`,
  ];
  const html = `<img src=x onerror=${code}><svg onload=${code}><script>${code}</script>`;
  for (const tag of [
    "script",
    "iframe",
    "svg",
    "style",
    "object",
    "embed",
    "base",
    "link",
    "meta",
    "form",
    "a",
    "img",
    "div",
    "input",
    "button",
  ]) {
    for (const attribute of [
      "onclick",
      "onerror",
      "onload",
      "onfocus",
      "srcdoc",
      "src",
      "href",
      "style",
      "data",
      "action",
      "formaction",
      "http-equiv",
    ])
      for (const value of [code, html, ...urls]) {
        batch.create(control, tag).insert(control).set(control, "attribute", attribute, value);
        batch
          .create(control + 1, `${tag}[${attribute}=${value.replaceAll(/[\]()\s]/g, "")}]`)
          .insert(control + 1);
        control += 2;
      }
    for (const property of [
      "innerHTML",
      "outerHTML",
      "srcdoc",
      "onclick",
      "text",
      "href",
      "src",
      "value",
      "title",
    ])
      batch.create(control, tag).insert(control).set(control, "property", property, html);
    batch.create(++control, tag).insert(control).setText(control, html).set(control, "data", "x", html);
    batch
      .set(control, "style", "color", `red;background:url(javascript:${code})`)
      .set(control, "class", html, true);
    batch.fail(control++, html);
    await apply(batch);
  }
  const { hits, bad, made } = await page.evaluate(async () => {
    for (const element of document.body.querySelectorAll("*"))
      for (const type of ["click", "load", "error", "focus"])
        element.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
    // Harmless links would leave the page.
    document.addEventListener(
      "click",
      (event) => /** @type {any} */ (event.target).protocol === "http:" && event.preventDefault(),
    );
    for (const element of document.body.querySelectorAll("a")) element.click();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const selector =
      "script, iframe, svg, style, object, embed, base, link, meta, [onclick], [onerror], [onload], [srcdoc], [style*=url]";
    return {
      hits: /** @type {any} */ (window).hits,
      bad: [...document.body.querySelectorAll(selector)].map((element) => element.outerHTML),
      made: document.body.querySelectorAll("*").length,
    };
  });
  assert.deepEqual(hits, []);
  assert.deepEqual(bad, []);
  assert.ok(made > 100, `${made}`);
  assert.deepEqual(
    lines.filter((line) => line.startsWith("thrown")),
    [],
  );
});

test("the browser's parser and the gate agree on which addresses run code", async () => {
  const { page } = await open("empty.html");
  const pieces = [
    "javascript",
    "JavaScript",
    "data",
    "http",
    ":",
    "//",
    "\t",
    "\n",
    "\0",
    " ",
    "\u00a0",
    "&#58;",
    "%3a",
    "a",
    "alert(1)",
    "\u0001",
    "blob",
    "\\",
    "/",
  ];
  const wrong = await page.evaluate(async (pieces) => {
    const { isSafeUrl } = await import(/** @type {any} */ ("./runtime/allow.js"));
    const link = document.createElement("a");
    const wrong = [];
    let seed = 7;
    const random = (/** @type {number} */ below) => (seed = (seed * 48271) % 2147483647) % below;
    for (let i = 0; i < 50_000; i++) {
      const url = Array.from({ length: 1 + random(6) }, () => pieces[random(pieces.length)]).join("");
      link.setAttribute("href", url);
      const isGood = ["http:", "https:", "mailto:", "tel:"].includes(link.protocol);
      if (isSafeUrl(url, link) && !isGood) wrong.push(url);
    }
    return wrong;
  }, pieces);
  assert.deepEqual(wrong, []);
});

test("real time: in order, and never early", async () => {
  const { page } = await open("empty.html");
  const { order, early } = await page.evaluate(async () => {
    const { createClock } = await import(/** @type {any} */ ("./runtime/clock.js"));
    const clock = createClock(document);
    const order = /** @type {number[]} */ ([]);
    let early = 0;
    await Promise.all(
      [50, 0, 20, 1, 5.5, 100].map(
        (delay) =>
          new Promise((resolve) => {
            const due = clock.now() + delay;
            clock.schedule(delay, () => {
              if (clock.now() < due) early++;
              order.push(delay);
              resolve(null);
            });
          }),
      ),
    );
    clock.schedule(0, () => order.push(-1))();
    await new Promise((resolve) => clock.schedule(5, resolve));
    return { order, early };
  });
  assert.deepEqual(order, [0, 1, 5.5, 20, 50, 100]);
  assert.equal(early, 0);
});

describe("the page of kapok run", () => {
  /** A server of events, which can be told to refuse. */
  async function serveEvents() {
    /** @type {Set<import("node:http").ServerResponse>} */
    const audience = new Set();
    const state = {
      refusing: false,
      connections: 0,
      closeAll: () => audience.forEach((response) => response.destroy()),
    };
    const server = createServer(async (request, response) => {
      const path = new URL(request.url ?? "", "http://localhost").pathname;
      if (path === "/sub/__kapok/events") {
        if (state.refusing) return response.writeHead(503).end();
        state.connections++;
        response.writeHead(200, { "content-type": "text/event-stream" }).write("retry: 100\n\n");
        audience.add(response.on("close", () => audience.delete(response)));
        return;
      }
      if (path === "/sub/") {
        const html = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><script type="module" src="dev.js"></script><body><p>App</p></body>`;
        return response.writeHead(200, { "content-type": "text/html" }).end(html);
      }
      const module = await readFile(join(folder, "runtime", basename(path))).catch(() => undefined);
      response.writeHead(module ? 200 : 404, { "content-type": "text/javascript" }).end(module);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
    closing.push(
      () =>
        new Promise((resolve) => {
          server.closeAllConnections();
          server.close(resolve);
        }),
    );
    const url = `http://127.0.0.1:${/** @type {any} */ (server.address()).port}/sub/`;
    const until = async (/** @type {() => boolean} */ condition) => {
      for (let i = 0; !condition(); i++) {
        assert.ok(i < 1000, "The page has not asked for its events.");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const tell = (/** @type {object} */ message) =>
      audience.forEach((response) => response.write(`data: ${JSON.stringify(message)}\n\n`));
    return { url, state, until, tell };
  }

  async function openDev() {
    const server = await serveEvents();
    const context = await browser.newContext();
    closing.push(() => context.close());
    const page = await context.newPage();
    await page.goto(server.url);
    await server.until(() => server.state.connections === 1);
    return { page, ...server };
  }

  test("shows what the compiler wrote, as text, and is new after a build", async () => {
    const { page, tell, state, until } = await openDev();
    tell({ type: "error", text: "main.c:3:5: error: <b>no</b>\n    ^" });
    const alert = page.getByRole("alert");
    await alert.waitFor();
    assert.equal(await alert.locator("pre").textContent(), "main.c:3:5: error: <b>no</b>\n    ^");
    tell({ type: "error", text: "another" });
    await alert.getByText("another").waitFor();
    assert.equal(await alert.count(), 1);
    await alert.getByRole("button", { name: "Dismiss" }).click();
    assert.equal(await alert.count(), 0);
    tell({ type: "error", text: "again" });
    await alert.waitFor();
    tell({ type: "reload" });
    await until(() => state.connections === 2);
    await page.getByText("App").waitFor();
    assert.equal(await alert.count(), 0);
  });

  test("looks for a server that went away, quietly, until it is back", async () => {
    const { page, tell, state, until } = await openDev();
    state.closeAll();
    await until(() => state.connections === 2);
    state.refusing = true;
    state.closeAll();
    await new Promise((resolve) => setTimeout(resolve, 300));
    state.refusing = false;
    await until(() => state.connections === 3);
    tell({ type: "error", text: "here again" });
    await page.getByRole("alert").getByText("here again").waitFor();
  });
});
