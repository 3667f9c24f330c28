// SPDX-License-Identifier: MIT
// What goes wrong on the machine rather than in the program, and builds that meet.
import assert from "node:assert/strict";
import { chmod, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { buildApp, CompileError, findToolchain, ToolchainError } from "../../wasm/toolchain.mjs";
import { which } from "../../wasm/process.mjs";
import { folderWith, missing, setEnvironment } from "../support/build.mjs";

const MAIN = "int main(void) { return 0; }";
const skip = { emscripten: await missing("emscripten"), wasi: await missing("wasi"), embedded: false };

/**
 * @param {Promise<unknown>} promise
 * @param {RegExp} message
 */
const rejectsWith = (promise, message) =>
  assert.rejects(promise, (error) => {
    assert(error instanceof ToolchainError, String(error));
    assert.match(error.message, message);
    return true;
  });

describe("a toolchain that is not there", () => {
  test("by a name that there is not", () =>
    rejectsWith(findToolchain("gcc"), /no toolchain "gcc".*auto, emscripten, wasi, embedded/));

  test("emcc", async (t) => {
    setEnvironment(t, { PATH: "" });
    await rejectsWith(
      findToolchain("emscripten"),
      /needs emcc, which is not in PATH.*apt install emscripten.*embedded/s,
    );
  });

  test("auto is then the embedded one", async (t) => {
    setEnvironment(t, { PATH: "" });
    assert.equal((await findToolchain("auto")).name, "embedded");
  });

  test("auto is emcc where it is", { skip: skip.emscripten }, async () => {
    assert.equal((await findToolchain("auto")).name, "emscripten");
  });

  test("clang", async (t) => {
    setEnvironment(t, { PATH: "", WASI_SDK_PATH: undefined });
    await rejectsWith(findToolchain("wasi"), /needs clang, which is not in PATH.*apt install/s);
  });

  test("a wasi-sdk that is none", async (t) => {
    setEnvironment(t, { WASI_SDK_PATH: await folderWith(t, {}) });
    await rejectsWith(findToolchain("wasi"), /WASI_SDK_PATH names .*no bin\/clang/);
  });

  test("a clang without a libc for WebAssembly", { skip: skip.wasi }, async (t) => {
    const sdk = await folderWith(t, {});
    await mkdir(join(sdk, "bin"));
    for (const name of ["clang", "wasm-ld"]) await symlink(String(await which(name)), join(sdk, "bin", name));
    setEnvironment(t, { WASI_SDK_PATH: sdk });
    await rejectsWith(findToolchain("wasi"), /has no libc for WebAssembly.*apt install/s);
  });

  test("an emcc that is broken or too old", async (t) => {
    const folder = await folderWith(t, { emcc: "#!/bin/sh\necho broken >&2\nexit 1\n" });
    await chmod(join(folder, "emcc"), 0o755);
    setEnvironment(t, { PATH: `${folder}:/bin` });
    await rejectsWith(findToolchain("emscripten"), /does not work:\nbroken/);
    await writeFile(join(folder, "emcc"), "#!/bin/sh\necho 'emcc (Emscripten) 3.1.5 ()'\n");
    await rejectsWith(findToolchain("emscripten"), /3\.1\.5.*too old.*3\.1\.6/);
    await writeFile(join(folder, "emcc"), "#!/bin/sh\necho 'emcc (Emscripten) 10.0.0 ()'\n");
    assert.equal((await findToolchain("emscripten")).name, "emscripten");
  });
});

describe("what cannot be built", () => {
  test("nothing", () => rejectsWith(buildApp({ sources: [] }), /no source/));

  test("a file that is not there", async (t) => {
    const folder = await folderWith(t, {});
    await rejectsWith(
      buildApp({ sources: [join(folder, "main.c")], toolchain: "embedded" }),
      /main\.c cannot be read/,
    );
  });

  test("an optimisation that there is not", async (t) => {
    const folder = await folderWith(t, { "main.c": MAIN });
    const options = /** @type {any} */ ({ sources: [join(folder, "main.c")], optimize: "3" });
    await rejectsWith(buildApp(options), /no optimisation "3"/);
  });

  for (const toolchain of /** @type {const} */ (["emscripten", "wasi", "embedded"]))
    test(`flags that ${toolchain}'s clang does not know`, { skip: skip[toolchain] }, async (t) => {
      const folder = await folderWith(t, { "main.c": MAIN });
      const built = buildApp({ sources: [join(folder, "main.c")], toolchain, flags: ["-fno-such-flag"] });
      await assert.rejects(built, (error) => {
        const text = error instanceof CompileError ? error.output : String(error);
        assert.match(text, /unknown argument: '-fno-such-flag'/);
        return true;
      });
    });
});

test("two builds that start with an empty cache make the same", { skip: skip.wasi }, async (t) => {
  const folder = await folderWith(t, { "main.c": MAIN });
  setEnvironment(t, { KAPOK_CACHE: join(folder, "new", "cache") });
  /** @type {string[]} */
  const progress = [];
  const build = () =>
    buildApp({
      sources: [join(folder, "main.c")],
      toolchain: "wasi",
      optimize: "1",
      onProgress: (text) => void progress.push(text),
    });
  const [one, two] = await Promise.all([build(), build()]);
  assert.deepEqual(one.wasm, two.wasm);
  const entries = await readdir(join(folder, "new", "cache"));
  assert.equal(entries.length, 1, entries.join());
  assert.match(entries[0] ?? "", /^libkapok-[0-9a-f]{64}$/);

  progress.length = 0;
  assert.deepEqual((await build()).wasm, one.wasm);
  assert(!progress.some((text) => /Building/.test(text)), progress.join());
});

test("features of WebAssembly that fibers do not go with", async (t) => {
  const source = `
    __attribute__((noinline)) int f(int x) { return x ? x : 1; }
    __attribute__((noinline)) int g(int x) { __attribute__((musttail)) return f(x); }
    int main(int argc, char **argv) { return g(argc); }`;
  const folder = await folderWith(t, { "main.c": source });
  const built = buildApp({
    sources: [join(folder, "main.c")],
    toolchain: "embedded",
    flags: ["-mtail-call"],
  });
  await assert.rejects(built, (error) => error instanceof CompileError && /tail calls/.test(error.output));
});
