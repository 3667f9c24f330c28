// SPDX-License-Identifier: MIT
// Every page of rows does what its buttons say, makes the same rows, and keeps a row's element with its data: only
// then does the bench compare like with like.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, openPage, READY } from "./browser.mjs";
import { measureMemory, measureOperation, measureStart } from "./measure.mjs";
import { OPERATIONS } from "./operations.mjs";
import { buildPage, IMPLEMENTATIONS, obstacle, REFERENCE } from "./pages.mjs";
import { serve } from "./server.mjs";

const ROW =
  /^<tr(?: class="danger")?><td class="col-md-1">(\d+)<\/td><td class="col-md-4"><a>(\w+ \w+ \w+(?: !!!)*)<\/a><\/td><td class="col-md-1"><a><span class="glyphicon glyphicon-remove" aria-hidden="true"><\/span><\/a><\/td><td class="col-md-6"><\/td><\/tr>$/;

// A page may name its links by a class, and leave an empty one or a comment behind.
const IGNORED = / class=""| class="(?:lbl|remove)"|<!--.*?-->|(?<=class=")remove /g;

const NAMES = Object.keys(IMPLEMENTATIONS).filter((name) => !obstacle(name));

/** @type {string} */
let folder;
/** @type {import("./browser.mjs").Browser} */
let browser;
/** @type {import("./server.mjs").Server} */
let server;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kapok-pages-"));
  const sites = new Map();
  for (const name of NAMES)
    for (const kind of /** @type {const} */ (["rows", "hello"])) {
      sites.set(`/${kind}/${name}/`, join(folder, kind, name));
      await buildPage(name, kind, join(folder, kind, name));
    }
  server = await serve(sites);
  browser = await launch(folder);
});
after(async () => {
  await browser?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

/**
 * @param {import("node:test").TestContext} t
 * @param {string} name
 */
async function openRows(t, name) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  t.after(() => context.close());
  const page = await openPage(context, `${server.url}/rows/${name}/`);
  await page.until(READY);
  const row = (/** @type {number} */ number) => `document.querySelector("tbody > tr:nth-of-type(${number})")`;
  return {
    row,
    page,
    /** @param {string} click a selector @param {string} until */
    click: (click, until) => page.perform({ click, until }),
    /** The rows as they stand, and the mark that each element has got by `mark`. */
    async rows() {
      /** @type {{ html: string, mark: number | null }[]} */
      const all = await page.evaluate(
        `[...document.querySelectorAll("tbody > tr")].map((tr) => ({ html: tr.outerHTML, mark: tr.mark ?? null }))`,
      );
      return all.map(({ html, mark }) => {
        const [whole, id, label] = ROW.exec(html.replace(IGNORED, "")) ?? [];
        assert.ok(whole, `not the row that all have: ${html}`);
        return { id: Number(id), label, mark, isSelected: whole.includes("danger") };
      });
    },
    /** Marks each element by its place. */
    mark: () =>
      page.evaluate(`document.querySelectorAll("tbody > tr").forEach((tr, i) => void (tr.mark = i))`),
  };
}

const count = (/** @type {number} */ rows) =>
  `document.querySelector("table.table > tbody#tbody").childElementCount === ${rows}`;

const upTo = (/** @type {number} */ end, start = 0) =>
  Array.from({ length: end - start }, (_, i) => start + i);

for (const name of Object.keys(IMPLEMENTATIONS)) {
  const skip = obstacle(name);
  const { title } = IMPLEMENTATIONS[name];

  test(`${title}: rows are created, changed and selected, each in its own element`, { skip }, async (t) => {
    const { page, row, rows, click, mark } = await openRows(t, name);
    await click("#run", count(1000));
    const made = await rows();
    assert.deepEqual(
      made.map(({ id }) => id),
      upTo(1001, 1),
    );
    assert.ok(new Set(made.map(({ label }) => label)).size > 100, "labels differ");
    await mark();

    for (const times of [1, 2]) {
      await click("#update", `${row(991)}.textContent.endsWith("${" !!!".repeat(times)}")`);
      const expected = made.map((each, i) => ({
        ...each,
        label: each.label + (i % 10 ? "" : " !!!".repeat(times)),
        mark: i,
      }));
      assert.deepEqual(await rows(), expected);
    }

    for (const number of [2, 5]) {
      await click(`tbody > tr:nth-of-type(${number}) a`, `${row(number)}.className === "danger"`);
      const selected = (await rows()).flatMap(({ isSelected, mark }) => (isSelected ? [mark] : []));
      assert.deepEqual(selected, [number - 1]);
    }

    await click("#run", `${row(1)}?.cells[0].textContent === "1001" && ${count(1000)}`);
    const replaced = await rows();
    assert.deepEqual(
      replaced.map(({ id, mark, isSelected }) => [id, mark, isSelected]),
      upTo(2001, 1001).map((id) => [id, null, false]),
    );
    await click("#clear", count(0));
    await click("#swaprows", count(0));
    await click("#runlots", count(10_000));
    assert.equal(await page.evaluate(`${row(10_000)}.cells[0].textContent`), "12000");
  });

  test(
    `${title}: rows are swapped, removed and appended without touching the others`,
    { skip },
    async (t) => {
      const { row, rows, click, mark, page } = await openRows(t, name);
      await click("#run", count(1000));
      await mark();
      const ids = upTo(1000);
      for (const [second, last] of [
        [998, 1],
        [1, 998],
      ]) {
        await click("#swaprows", `${row(2)}.cells[0].textContent === "${second + 1}"`);
        [ids[1], ids[998]] = [second, last];
        assert.deepEqual(
          (await rows()).map(({ id, mark }) => [id - 1, mark]),
          ids.map((id) => [id, id]),
        );
      }

      await page.evaluate(`void (globalThis.fourth = ${row(4)})`);
      await click("tbody > tr:nth-of-type(4) > td:nth-of-type(3) span", count(999));
      assert.equal(await page.evaluate("globalThis.fourth.isConnected"), false);
      await click("#add", count(1999));
      const left = upTo(1000).filter((i) => i !== 3);
      assert.deepEqual(
        (await rows()).map(({ id, mark }) => [id, mark]),
        [...left.map((i) => [i + 1, i]), ...upTo(2001, 1001).map((id) => [id, null])],
      );
    },
  );

  test(`${title}: the hello world is shown`, { skip }, async () => {
    const url = `${server.url}/hello/${name}/`;
    assert.ok((await measureStart(browser, url, "hello", "unthrottled")) > 0);
  });
}

test("operations, memory, the start and bytes can be measured", async (t) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  t.after(() => context.close());
  const url = `${server.url}/rows/${REFERENCE}/`;
  for (const operation of OPERATIONS.filter(({ id }) => /update|remove/.test(id))) {
    const { total, script } = await measureOperation(context, url, operation);
    assert.ok(script > 0 && total > script, `${operation.id}: ${script} of ${total}`);
  }
  const { ready, rows1k, rows10k } = await measureMemory(context, url);
  assert.ok(0.1 < ready && ready < rows1k && rows1k < rows10k, `${ready} ${rows1k} ${rows10k}`);
  assert.ok((await measureStart(browser, url, "rows", "unthrottled")) > 0);
  const bytes = [...server.bytes].filter(([path]) => path.startsWith(`/rows/${REFERENCE}/`));
  assert.ok(bytes.length > 1 && bytes.every(([, length]) => length > 0));
});
