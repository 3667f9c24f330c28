// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { listFiles } from "../../../js/cli/output.js";
import { folder } from "./folder.mjs";
import { kapok, start } from "./kapok.mjs";

const HELLO = '#include <kapok.h>\nint main(void) { kp_add(kp_page, kp_text("Hello")); }\n';

/**
 * @param {string} path
 * @returns {Record<string, string>} a folder's contents
 */
const contents = (path) =>
  Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name), "latin1")]));

test("a file becomes a folder of files with relative addresses, and a table of their sizes", async (t) => {
  const cwd = folder(t, { "hello_world.c": HELLO, "assets/dot.svg": "<svg/>" });
  const { code, stdout, stderr } = await kapok(["build", "hello_world.c"], { cwd });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Compiling/);
  assert.match(stdout, /"dist\/hello_world" is ready/);

  const out = join(cwd, "dist/hello_world");
  const files = listFiles(out);
  assert.ok(files.includes("assets/dot.svg"));
  const html = readFileSync(join(out, "index.html"), "utf8");
  assert.match(html, /<title>Hello world<\/title>/);
  assert.match(html, /Loading…/);
  assert.match(html, /<noscript>/);
  const addresses = [...html.matchAll(/<(?:script|link)[^>]* (?:src|href)="?([^\s">]*)([^>]*)/g)];
  const kinds = addresses.map(([, address]) => /\.(\w+)$/.exec(address)?.[1]).filter(Boolean);
  assert.deepEqual(kinds.sort(), ["css", "js", "wasm"]);
  for (const [, address, rest] of addresses) {
    if (address.startsWith("data:")) continue;
    assert.match(address, /^\.\/[\w.-]+$/);
    assert.ok(files.includes(address.slice(2)));
    assert.equal(/integrity="sha256-[\w+/]{43}="/.test(rest), !address.endsWith(".css"));
  }
  for (const name of files.filter((name) => name.endsWith(".js")))
    assert.doesNotMatch(
      readFileSync(join(out, name), "utf8"),
      /devtools|__kapok/,
      "nothing of development's",
    );
  const total = files
    .filter((name) => !/^(\.kapok|assets\/)/.test(name))
    .reduce((sum, name) => sum + brotliCompressSync(readFileSync(join(out, name))).length, 0);
  assert.match(stdout, new RegExp(`total .* ${(total / 1000).toFixed(1)} kB\\n$`));
});

test("the same source gives the same bytes", async (t) => {
  const cwd = folder(t, { "a/main.c": HELLO, "b/main.c": HELLO });
  await Promise.all(
    ["a", "b"].map((name) => kapok(["build", name, "--quiet", "--out", `out-${name}`], { cwd })),
  );
  const [a, b] = ["out-a", "out-b"].map((name) => contents(join(cwd, name)));
  assert.equal(a["index.html"].replaceAll(">A<", ">B<"), b["index.html"]);
  assert.deepEqual({ ...a, "index.html": "" }, { ...b, "index.html": "" });
});

test("a mistake in the program: the compiler's own words, exit code 1, the last good site untouched", async (t) => {
  const cwd = folder(t, { "app.c": HELLO });
  assert.equal((await kapok(["build", "app.c", "--quiet"], { cwd })).code, 0);
  const before = contents(join(cwd, "dist/app"));
  writeFileSync(join(cwd, "app.c"), HELLO.replace('"Hello"', '"Hello", .sise = 20'));
  const { code, stdout, stderr } = await kapok(["build", "app.c"], { cwd });
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /^app\.c:2:\d+: error: .*sise/m);
  assert.match(stderr, /does not compile/);
  assert.doesNotMatch(stderr, /\n {4}at /, "no stack trace");
  assert.deepEqual(contents(join(cwd, "dist/app")), before);
  assert.deepEqual(readdirSync(join(cwd, "dist")), ["app"]);
});

test("an interrupted build leaves the last good site, and no rubbish", async (t) => {
  const cwd = folder(t, { "app.c": HELLO });
  assert.equal((await kapok(["build", "app.c", "--quiet"], { cwd })).code, 0);
  const before = contents(join(cwd, "dist/app"));
  writeFileSync(join(cwd, "app.c"), HELLO.replace("Hello", "Bye"));
  for (const [signal, code] of /** @type {const} */ ([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ])) {
    const temporary = folder(t);
    const { child, ended, printed } = start(["build", "app.c"], {
      cwd,
      env: { ...process.env, TMPDIR: temporary },
    });
    await printed(/Compiling/);
    child.kill(signal);
    assert.equal((await ended).code, code);
    assert.deepEqual(contents(join(cwd, "dist/app")), before);
    const ours = readdirSync(temporary).filter((name) => name.startsWith("kapok"));
    assert.deepEqual(
      [readdirSync(cwd), readdirSync(join(cwd, "dist")), ours],
      [["app.c", "dist"], ["app"], []],
    );
  }
});

test("odd names are but names", async (t) => {
  const name = `-it's $(touch pwned) "é😀" ;&|#%20?*[1]\n\`touch pwned\``;
  const cwd = folder(t, {
    [`${name}/-main.c`]: '#include "a b$(touch pwned).h"\n' + HELLO.replace('"Hello"', "HELLO"),
    [`${name}/--version ;.c`]: "int unused;\n",
    [`${name}/a b$(touch pwned).h`]: '#define HELLO "odd"\n',
  });
  const { code, stderr } = await kapok(["build", "--", name], { cwd });
  assert.equal(code, 0, stderr);
  assert.deepEqual(readdirSync(cwd).sort(), [name, "dist"].sort());
  assert.deepEqual(readdirSync(join(cwd, "dist")), [name]);
  const html = readFileSync(join(cwd, "dist", name, "index.html"), "utf8");
  assert.match(html, /<title>It's \$\(touch pwned\) "é😀" ;&#38;\|#%20\?\*\[1\] `touch pwned`<\/title>/);
});

test("a folder of its own page: its program keeps its name, and what is missing is named", async (t) => {
  const cwd = folder(t, {
    "my page/index.html": `<!doctype html><title>Mine</title><script type="module" src="./page.js"></script>`,
    "my page/page.js": `import { mount } from "kapok/runtime";
      import app, { integrity } from "./the program.c";
      mount({ app, integrity, root: document.body });`,
    "my page/the program.c": HELLO,
  });
  const { code, stderr } = await kapok(["build", "my page"], { cwd });
  assert.equal(code, 0, stderr);
  const files = readdirSync(join(cwd, "dist/my page"));
  assert.ok(files.some((name) => /^the_program-[\w-]+\.wasm$/.test(name)));
  assert.match(
    readFileSync(join(cwd, "dist/my page/index.html"), "utf8"),
    /src="\.\/[^"]+\.js" integrity="sha256-/,
  );

  writeFileSync(join(cwd, "my page/page.js"), 'import "./none.js";');
  const failed = await kapok(["build", "my page"], { cwd });
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /none\.js/);
  assert.match(failed.stderr, /page\.js:1:/);
  assert.doesNotMatch(failed.stderr, /\n {4}at /, "no stack trace");
});

test("a mistake in a script or a style: said once, as a compiler would, without colours and stack", async (t) => {
  const answer = `#include <kapok.h>\nint main(void) { char *answer; return kp_await("x", "", &answer); }\n`;
  const page =
    '<!doctype html><link rel="stylesheet" href="p.css"><script type="module" src="p.js"></script>';
  /** @type {Record<string, [files: Record<string, string>, output: string]>} */
  const cases = {
    syntax: [
      { "main.c": answer, "functions.js": "export const x = {\n" },
      "syntax/functions.js:1:20: error: Expected `}` but found `EOF`\n 1 │ export const x = {\n",
    ],
    import: [
      { "main.c": answer, "functions.js": '\nimport y from "./none.js";\nexport const x = y;\n' },
      "import/functions.js:2:15: error: Could not resolve './none.js' in import/functions.js\n 2 │ import y from",
    ],
    style: [{ "main.c": answer, "style.css": "} {" }, "error: Invalid empty selector\n"],
    script: [
      { "index.html": page, "p.css": "", "p.js": "let a;\nlet {" },
      "script/p.js:2:6: error: Expected `}` but found `EOF`\n 2 │ let {\n",
    ],
    inside: [
      { "index.html": '<!doctype html><script type="module">let {</script>' },
      "inside/index.html: error: Expected `}` but found `EOF`\n 1 │ let {\n",
    ],
    none: [{ "index.html": page, "p.css": "" }, "none/index.html: error: Failed to resolve p.js"],
  };
  const files = Object.entries(cases).flatMap(([app, [files]]) =>
    Object.entries(files).map(([name, content]) => [`${app}/${name}`, content]),
  );
  const cwd = folder(t, Object.fromEntries(files));
  for (const [app, [, output]] of Object.entries(cases)) {
    const { code, stderr } = await kapok(["build", app], { cwd, env: { ...process.env, FORCE_COLOR: "1" } });
    const said = stderr.replace(/^ {2}[A-Z].*\n/gm, "");
    assert.ok(said.startsWith(output), said);
    assert.match(said, /^(?:.*\n){1,6}error: The page does not build\.\n$/);
    assert.doesNotMatch(said, /\x1b|\n {4}at |used\.js/);
    assert.equal(code, 1, app);
  }
});

test("--base: a site for one place only", async (t) => {
  const cwd = folder(t, { "app.c": HELLO });
  const args = ["build", "app.c", "--base", "/x/../my%20site$`/", "--out", "007"];
  const { code, stderr } = await kapok(args, { cwd });
  assert.equal(code, 0, stderr);
  const html = readFileSync(join(cwd, "007/index.html"), "utf8");
  assert.equal([...html.matchAll(/(?:src|href)="\/my site\$`\/[\w.-]+" (?:data-)?integrity=/g)].length, 2);
});

test("--dev: a development build, which waits for no server", async (t) => {
  const cwd = folder(t, { "app.c": HELLO });
  assert.equal((await kapok(["build", "app.c", "--dev", "--quiet"], { cwd })).code, 0);
  const files = contents(join(cwd, "dist/app"));
  const wasm = Object.keys(files).find((name) => name.endsWith(".wasm")) ?? "";
  const module = new WebAssembly.Module(Buffer.from(files[wasm], "latin1"));
  assert.ok(WebAssembly.Module.exports(module).some(({ name }) => name === "kp_dump"));
  assert.doesNotMatch(Object.values(files).join(""), /__kapok/);
});

test("--report: every file, section, function and control, and the same site as without", async (t) => {
  const source = `#include <kapok.h>
static void wait(kp_event *e) { while (kp_sleep(1000) >= 0) kp_set_label(e->control, "again"); }
int main(void)
{
    kp_add(kp_page, kp_text("A"));
    kp_add(kp_page, kp_button("B", .on_click = wait));
    return 0;
}
`;
  const cwd = folder(t, { "app.c": source });
  const [{ code: status, stdout, stderr }, plain] = await Promise.all([
    kapok(["build", "app.c", "--report", "--out", "a"], { cwd }),
    kapok(["build", "app.c", "--quiet", "--out", "b"], { cwd }),
  ]);
  assert.equal(status, 0, stderr);
  assert.equal(plain.stdout, "");
  assert.deepEqual(contents(join(cwd, "a")), contents(join(cwd, "b")));

  const number = (/** @type {string} */ text) => Number(text.replaceAll(",", ""));
  const bytes = Object.fromEntries(
    [...stdout.matchAll(/^  ([\w.-]+) +([\d,]+) +([\d,]+) +([\d,]+)$/gm)].map(([, name, ...sizes]) => [
      name,
      sizes.map(number),
    ]),
  );
  const files = listFiles(join(cwd, "a")).filter((name) => name !== ".kapok");
  assert.deepEqual(Object.keys(bytes).sort(), [...files, "total"].sort());
  for (const name of files) {
    const content = readFileSync(join(cwd, "a", name));
    const [raw, , brotli] = bytes[name];
    assert.deepEqual([raw, brotli], [content.length, brotliCompressSync(content).length], name);
  }

  const [sections, functions, suspension, controls] = stdout
    .slice(stdout.indexOf("\napp.wasm, ") + 1)
    .split("\n\n");
  const [, whole] = /^app\.wasm, ([\d,]+) bytes/.exec(sections) ?? [];
  const [[wasm]] = Object.entries(bytes).flatMap(([name, sizes]) => (name.endsWith(".wasm") ? [sizes] : []));
  assert.equal(number(whole), wasm);
  /** @param {string} part */
  const lines = (part) =>
    [...part.matchAll(/^ +([\d,]+)  +(.*)$/gm)].map(([, size, what]) => ({ what, size: number(size) }));
  const sum = (/** @type {{ size: number }[]} */ parts) => parts.reduce((sum, { size }) => sum + size, 0);
  assert.equal(sum(lines(sections)) + 8, wasm, "all but the file's head is in a section");
  const code = lines(sections).find(({ what }) => what === "code")?.size ?? 0;
  assert.ok(code - sum(lines(functions)) < 10, "all but the section's head is in a function");
  assert.equal(lines(functions).length, 21);
  const [named] = lines(functions).filter(({ what }) => what === "~ wait");
  assert.ok(named.size > 50, functions);
  assert.ok(
    lines(functions).some(({ what }) => /^kp_\w+$/.test(what)),
    "one that never waits",
  );
  const [, cost] = /^Tasks that wait cost ([\d,]+) bytes/.exec(suspension) ?? [];
  assert.ok(number(cost) > 50 && number(cost) < wasm / 2, suspension);
  assert.match(controls, /^ {2}button {2}app\.c:6\n {2}text {4}app\.c:5\n$/m);
});

test("an output folder that is not ours is refused before anything is compiled", async (t) => {
  const cwd = folder(t, { "app.c": HELLO, "dist/app/thesis.txt": "x" });
  const { code, stderr } = await kapok(["build", "app.c"], { cwd });
  assert.equal(code, 1);
  assert.match(stderr, /"dist\/app" is not empty and was not made by kapok/);
  assert.doesNotMatch(stderr, /Compiling/);
  assert.deepEqual(readdirSync(join(cwd, "dist/app")), ["thesis.txt"]);
});

test("an output folder that cannot be written: cause and cure", async (t) => {
  const cwd = folder(t, { "app.c": HELLO });
  mkdirSync(join(cwd, "locked"), { mode: 0o555 });
  // The superuser may write anywhere, so become nobody.
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  chmodSync(cwd, 0o755);
  const { code, stderr } = await kapok(["build", "app.c", "--out", "locked/out"], { cwd, ...nobody });
  assert.equal(code, 1);
  assert.match(stderr, /"locked\/out": permission denied \(EACCES\)/);
  assert.match(stderr, /choose another place/);
  assert.doesNotMatch(stderr, /Compiling/);
});

test("nor can one where no folder can be made, whatever its permissions: told at once", async (t) => {
  const cwd = folder(t, { "app.c": HELLO });
  const { code, stderr } = await kapok(["build", "app.c", "--out", "/proc/kapok/out"], { cwd });
  assert.equal(code, 1);
  assert.match(stderr, /"\/proc\/kapok\/out": .*\(E[A-Z]+\)\.\n.*another place/);
  assert.doesNotMatch(stderr, /Compiling|does not exist/);
});

test("without emcc: auto does without, and who asks for it is told how to get it", async (t) => {
  const cwd = folder(t, { "app.c": HELLO, "bin/empty": "" });
  symlinkSync(process.execPath, join(cwd, "bin/node"));
  const env = { ...process.env, PATH: join(cwd, "bin") };
  const asked = await kapok(["build", "app.c", "--toolchain", "emscripten"], { cwd, env });
  assert.equal(asked.code, 1);
  assert.match(asked.stderr, /needs emcc, which is not in PATH/);
  assert.match(asked.stderr, /apt install emscripten/);
  assert.match(asked.stderr, /embedded/);
  assert.ok(!existsSync(join(cwd, "dist")));
  const { code, stderr } = await kapok(["build", "app.c"], { cwd, env });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Compiling with embedded/);
});
