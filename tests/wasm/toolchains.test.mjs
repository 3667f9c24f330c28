// SPDX-License-Identifier: MIT
// What all three toolchains must agree on.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { EXPORTS } from "../../js/runtime/abi.gen.js";
import { loadWasm } from "../../js/testing/index.js";
import { buildApp, CompileError } from "../../wasm/toolchain.mjs";
import { folderWith, missing } from "../support/build.mjs";
import { runModule } from "../support/host.mjs";

const abi = JSON.parse(await readFile(new URL("../../wasm/abi.json", import.meta.url), "utf8"));
const programs = fileURLToPath(new URL("programs", import.meta.url));

// Uses whatever the core needs of JavaScript.
const EVERYTHING = `
#include <kapok.h>
static void click(kp_event *e)
{
    char text[9];
    kp_get_value(e->control, text, sizeof text);
    kp_set_value(e->control, kp_get_width(e->control) > 1 ? "wide" : text);
    kp_copy_text(text);
    char *answer;
    if (kp_frame() == 0 && kp_idle(1) == 0 && kp_await("name", text, &answer) == 0)
        kp_set_value(e->control, answer);
}
int main(void) { kp_add(kp_page, kp_button("go", .on_click = click)); }
`;

for (const toolchain of ["emscripten", "wasi", "embedded"]) {
  const skip = await missing(toolchain);

  describe(toolchain, { skip }, () => {
    /**
     * @param {import("node:test").TestContext} t
     * @param {Record<string, string>} files of which the .c files are compiled
     * @param {Partial<import("../../wasm/toolchain.mjs").AppOptions>} [options]
     */
    async function build(t, files, options) {
      const folder = await folderWith(t, files);
      const sources = Object.keys(files).filter((name) => name.endsWith(".c"));
      const built = buildApp({ sources: sources.map((name) => join(folder, name)), toolchain, ...options });
      return { folder, built };
    }

    /**
     * @param {import("node:test").TestContext} t
     * @param {Record<string, string>} files
     * @param {Partial<import("../../wasm/toolchain.mjs").AppOptions>} [options]
     */
    async function failure(t, files, options) {
      const { folder, built } = await build(t, files, options);
      const error = await built.then(
        () => assert.fail("built"),
        (thrown) => thrown,
      );
      assert(error instanceof CompileError, error.stack);
      return { message: error.message, output: error.output.replaceAll(`${folder}/`, "") };
    }

    test("its border is that of abi.json, whole", async (t) => {
      const { built } = await build(t, { "main.c": EVERYTHING }, { dev: true });
      const module = await WebAssembly.compile((await built).wasm);
      const imports = WebAssembly.Module.imports(module).map((each) => `${each.module}.${each.name}`);
      const exports = WebAssembly.Module.exports(module).map((each) => each.name);
      assert.deepEqual(
        imports.sort(),
        Object.keys(abi.imports)
          .map((name) => `kapok.${name}`)
          .sort(),
      );
      assert.deepEqual(exports.sort(), [...Object.keys(abi.exports), "memory"].sort());
    });

    test("a published app has none of the exports for development", async (t) => {
      const { built } = await build(t, { "main.c": EVERYTHING });
      const module = await WebAssembly.compile((await built).wasm);
      const exports = WebAssembly.Module.exports(module).map((each) => each.name);
      const all = Object.keys(abi.exports).filter((name) => name !== "kp_dump");
      assert.deepEqual(exports.sort(), [...all, "memory"].sort());
    });

    test("an app with a page of its own has only those that it has a use for", async (t) => {
      const used = Object.entries({
        [EVERYTHING]: ["kp_tick", "kp_moment", "kp_deliver", "kp_settle"],
        "int main(void) { return 0; }": [],
        "#include <kapok.h>\nint main(void) { return kp_sleep(1); }": ["kp_tick"],
        "#include <kapok.h>\nint main(void) { return kp_yield(); }": ["kp_tick"],
        "#include <kapok.h>\nint main(void) { return kp_breathe(); }": ["kp_tick"],
        "#include <kapok.h>\nstatic int f(void *a) { (void)a; return 0; }\nint main(void) { kp_go(NULL, f, NULL); }":
          ["kp_tick"],
        "#include <kapok.h>\nstatic void f(kp_event *e) { kp_remove(e->control); }\nint main(void) { kp_button(.on_click = f); }":
          ["kp_deliver"],
        "#include <kapok.h>\nstatic void f(kp_event *e) { (void)e; }\nint main(void) { kp_add(kp_page, kp_text(.on_mount = f)); }":
          ["kp_deliver", "kp_tick"],
      });
      for (const [source, expected] of used) {
        const { built } = await build(t, { "main.c": source }, { embedded: false });
        const module = await WebAssembly.compile((await built).wasm);
        const exports = WebAssembly.Module.exports(module).map((each) => each.name);
        assert.deepEqual(exports.sort(), [...EXPORTS, ...expected, "memory"].sort(), source);
        const asks = WebAssembly.Module.imports(module).some(({ name }) => name === "schedule");
        assert.equal(asks, expected.includes("kp_tick"), source);
      }
    });

    test("beyond the border only what libc needs of WASI", async (t) => {
      const source =
        '#include <stdio.h>\n#include <time.h>\nint main(void) { printf("%f %ld", 1.5, (long)time(NULL)); exit(3); }';
      const { built } = await build(t, { "main.c": `#include <stdlib.h>\n${source}` });
      const imports = WebAssembly.Module.imports(await WebAssembly.compile((await built).wasm));
      for (const { module, name } of imports)
        assert(
          module === "kapok"
            ? name in abi.imports
            : module === "wasi_snapshot_preview1" && abi.wasi.includes(name),
          `${module}.${name}`,
        );
    });

    test("suspends in callbacks, under names of libc's and in the place of libc's functions", async () => {
      const { wasm } = await buildApp({ sources: [join(programs, "suspend.c")], toolchain });
      const { stdout, ticks } = await runModule(wasm);
      assert.deepEqual(stdout.split("\n"), [
        "names 14 206 52",
        "qsort 1 2 3 5 7 8 9",
        "bsearch 5",
        "tree 1 2 3 5 7 8 9",
        "strlen 5",
        "tasks 1225 1225 1225",
        "either one two two one",
        "errno 1, long double 0.33333333333333333333",
        "",
      ]);
      assert(ticks > 100, `suspended ${ticks} times`);
    });

    test("runs a plain C program that prints, sleeps and prints", async (t) => {
      const source = `
        #include <stdio.h>
        #include <unistd.h>
        int main(void)
        {
            printf("before\\n");
            unsigned left = sleep(1);
            printf("after, %u left\\n", left);
            return 3;
        }`;
      const { built } = await build(t, { "main.c": source });
      const app = await loadWasm((await built).wasm);
      t.after(() => app.close());
      const printed = () => app.console.map(({ text }) => text).join("; ");
      await app.advance(999);
      assert.equal(printed(), "before");
      assert.equal(app.exited, undefined);
      await app.advance(1);
      assert.equal(printed(), "before; after, 0 left");
      assert.equal(app.exited, 3);
    });

    test("what has no newline is printed when the task waits, if it was flushed, and when main returns", async (t) => {
      const source = `
        #include <stdio.h>
        #include <unistd.h>
        int main(void)
        {
            printf("one ");
            printf("line");
            fflush(stdout);
            sleep(1);
            printf("held back");
            sleep(1);
            printf(" until the end");
            fprintf(stderr, "not an error");
            return 0;
        }`;
      const { built } = await build(t, { "main.c": source });
      const app = await loadWasm((await built).wasm);
      t.after(() => app.close());
      const printed = () => app.console.map(({ text }) => text);
      assert.deepEqual(printed(), ["one line"]);
      await app.advance(1000);
      assert.deepEqual(printed(), ["one line"]);
      await app.advance(1000);
      assert.deepEqual(printed().sort(), ["held back until the end", "not an error", "one line"]);
    });

    test("files there are none: what would open, find or change one fails", async (t) => {
      const source = `
        #include <dirent.h>
        #include <errno.h>
        #include <stdio.h>
        #include <sys/stat.h>
        #include <unistd.h>
        int main(void)
        {
            struct stat about;
            int number, failed = 0;

            failed += !fopen("file", "r") && errno;
            failed += !fopen("/tmp/file", "w") && errno;
            failed += !opendir(".") && errno;
            failed += stat("file", &about) < 0 && errno;
            failed += access("file", R_OK) < 0 && errno;
            failed += remove("file") < 0 && errno;
            failed += rename("file", "other") < 0 && errno;
            failed += mkdir("folder", 0777) < 0 && errno;
            failed += rmdir("folder") < 0 && errno;
            failed += getchar() == EOF;
            failed += scanf("%d", &number) == EOF;
            return failed;
        }`;
      const { built } = await build(t, { "main.c": source });
      const app = await loadWasm((await built).wasm);
      t.after(() => app.close());
      assert.equal(app.exited, 11);
    });

    test("suspends in a stream of the program's own", async (t) => {
      const source = `
        #define _GNU_SOURCE
        #include <kapok.h>
        #include <stdio.h>
        #include <string.h>
        static char written[64];
        static ssize_t save(void *cookie, const char *bytes, size_t size)
        {
            kp_sleep(5);
            strncat(written, bytes, size);
            return (ssize_t)size;
        }
        int main(void)
        {
            FILE *file = fopencookie(NULL, "w", (cookie_io_functions_t){ .write = save });
            setvbuf(file, NULL, _IONBF, 0);
            fprintf(file, "%d-%s-%d", 1, "two", 3);
            printf("%s\\n", written);
        }`;
      const { built } = await build(t, { "main.c": source });
      assert.equal((await runModule((await built).wasm)).stdout, "1-two-3\n");
    });

    test("leaves libc and what never waits as it is", async (t) => {
      const source = '#include <stdio.h>\nint main(void) { printf("%f", 1.5); }';
      const { report } = await (await build(t, { "main.c": source })).built;
      assert(report.instrumented < report.functions / 5, JSON.stringify(report));
    });

    test("does not rewrite what only waits, but for those that are on the stack then", async (t) => {
      const source = `
        #include <kapok.h>
        static int work(void *chan)
        {
            return kp_sleep(1) < 0 || kp_yield() < 0 ? 1 : kp_send(chan, chan);
        }
        int main(void)
        {
            kp_chan *chan = kp_chan_new(NULL, 1, 0);
            char item;
            kp_join(kp_go(NULL, work, chan), 0);
            return kp_recv(chan, &item);
        }`;
      for (const optimize of /** @type {const} */ (["z", "1"])) {
        const { weight } = await (await build(t, { "main.c": source }, { optimize, weigh: true })).built;
        const names = weight?.functions.filter(({ suspends }) => suspends).map(({ name }) => name) ?? [];
        assert(names.includes("work"), names.join());
        assert(!names.some((name) => /^kp_(?!_main)/.test(name)), names.join());
      }
    });

    test("calls main, however it is written", async (t) => {
      const sources = {
        void: 'int main(void) { puts(kp_yield() ? "" : "0"); }',
        none: 'int main() { puts("0"); return 3; }',
        two: 'int main(int argc, char **argv) { kp_yield(); printf("%d %s %d\\n", argc, argv[0], !argv[1]); return 0; }',
      };
      for (const [name, source] of Object.entries(sources)) {
        const { built } = await build(t, { "main.c": `#include <stdio.h>\n#include <kapok.h>\n${source}\n` });
        const { stdout } = await runModule((await built).wasm);
        assert.equal(stdout, name === "two" ? "1 app 1\n" : "0\n", name);
      }
    });

    test("runs constructors, once and before main", async (t) => {
      const source = `
        #include <stdio.h>
        static int runs;
        __attribute__((constructor)) static void start(void) { runs++; }
        int main(void) { printf("%d", runs); fflush(stdout); }`;
      const { built } = await build(t, { "main.c": source });
      assert.equal((await runModule((await built).wasm)).stdout, "1");
    });

    test("a program without main", async (t) => {
      const { message, output } = await failure(t, { "a.c": "int f(void) { return 1; }" });
      assert.equal(output, "a.c: error: no function main");
      assert.match(message, /has no main.*Add/);
    });

    test("compile errors are clang's own, of all files", async (t) => {
      const { output } = await failure(t, {
        "a.c": '#include "a.h"\nint main(void)\n{\n    return missing;\n}\n',
        "a.h": "typedef int number;\n",
        "b.c": "int f(void) { return 1 }\n",
      });
      assert.match(output, /^a\.c:4:12: error: use of undeclared identifier 'missing'$/m);
      assert.match(output, /^b\.c:1:23: error: expected ';' after return statement$/m);
      assert.doesNotMatch(output, /emcc|failed/);
    });

    test("errors in headers name the header", async (t) => {
      const { output } = await failure(t, {
        "sub/a.c": '#include "../other/a.h"\nint main(void) { return 0; }\n',
        "other/a.h": "int x = ;\n",
        "sub/other/a.h": "int right;\n",
      });
      assert.match(output, /other\/a\.h:1:9: error: expected expression/);
    });

    test("paths below the current folder are shown relative to it", async (t) => {
      const folder = await folderWith(t, { "a b/main.c": "int main(void) { return x; }" });
      const before = process.cwd();
      t.after(() => process.chdir(before));
      process.chdir(folder);
      const source = join(process.cwd(), "a b/main.c");
      const error = await buildApp({ sources: [source], toolchain }).catch((thrown) => thrown);
      assert.match(error.output, /^a b\/main\.c:1:25: error:/);
    });

    test("warnings come with the result", async (t) => {
      const source = "int main(void) { int unused; return 0; }";
      const { warnings } = await (await build(t, { "main.c": source })).built;
      assert.match(warnings, /main\.c:1:22: warning: unused variable 'unused'/);
    });

    test("a call of an undeclared function is an error", async (t) => {
      const { output } = await failure(t, { "main.c": "int main(void) { return foo(); }" });
      assert.match(output, /main\.c:1:25: error: .*function 'foo'/);
    });

    test("what nobody defines", async (t) => {
      const { message, output } = await failure(t, {
        "main.c": "void foo(int); extern int bar; int main(void) { foo(bar); return 0; }",
        "more.c": "void foo(int); void more(void) { foo(1); }",
      });
      const lines = output.split("\n").filter((line) => line.includes("foo") || line.includes("bar"));
      // A linker may stop at the first kind that is missing.
      assert(lines.length > 0);
      for (const line of lines) assert.match(line, /^(main|more)\.c: error: undefined symbol: (foo|bar)$/);
      assert.match(message, /nothing defines (foo|bar).*Check the spelling/s);
    });

    test("an undefined function, in the same words everywhere", async (t) => {
      const error = await failure(t, { "main.c": "void foo(int); int main(void) { foo(1); return 0; }" });
      assert.deepEqual(error, {
        message:
          "The program does not link: nothing defines foo. Check the spelling, or add the source file that defines it.",
        output: "main.c: error: undefined symbol: foo",
      });
    });

    test("a function defined twice names both files", async (t) => {
      const { output } = await failure(t, {
        "one.c": "int f(void) { return 1; }\nint main(void) { return f(); }",
        "two.c": "int f(void) { return 2; }",
      });
      assert.match(output, /duplicate symbol: f\b/);
      assert.match(output, /one\.c/);
      assert.match(output, /two\.c/);
      assert.doesNotMatch(output, /emcc|wasm-ld/);
    });

    test("two programs in one", async (t) => {
      const { message, output } = await failure(t, {
        "one.c": "int main(void) { return 0; }",
        "two.c": "int main(int argc, char **argv) { return argc + !argv; }",
      });
      assert.match(message, /more than one main.*keep one/);
      assert.match(output, /^one\.c: error: .*\ntwo\.c: error: .*$/);
    });

    test("a function called by a wrong declaration", async (t) => {
      const { output } = await failure(t, {
        "one.c": "int f(double);\nint main(void) { return f(1); }",
        "two.c": "int f(int x) { return x; }",
      });
      assert.match(output, /function signature mismatch: f\b/);
    });

    test("what a page cannot offer", async (t) => {
      const source = `#include <sys/socket.h>\nvoid end(void) { recv(3, 0, 0, 0); }`;
      const main = `#include <stdio.h>\nvoid end(void); int main(void) { puts("x"); end(); }`;
      const { message, output } = await failure(t, { "main.c": main, "more.c": source });
      assert.match(output, /^more\.c: error: recv needs \w+_recv(from)?$/);
      assert.match(message, /a web page cannot offer: it has no sockets/);
      const imports = `__attribute__((import_module("m"), import_name("n"))) void f(void);\nint main(void) { f(); }`;
      assert.equal((await failure(t, { "main.c": imports })).output, 'error: import of "n" from "m"');
    });

    test("a jump out of a function, but not what only includes its header", async (t) => {
      const main = "#include <setjmp.h>\njmp_buf place;\nint main(void) { return sizeof place == 0; }\n";
      await (
        await build(t, { "main.c": main })
      ).built;
      const jump = `${main}int jump(void) { return setjmp(place); }\nvoid back(void) { longjmp(place, 1); }\n`;
      const { output } = await failure(t, { "main.c": jump });
      for (const place of ["4:25: error: 'setjmp'", "5:19: error: 'longjmp'"])
        assert(
          output.includes(`main.c:${place} is unavailable: a web page has no setjmp and longjmp;`),
          output,
        );
      assert.equal(output.match(/error: /g)?.length, 2, output);
    });

    test("names that a shell or an option parser would stumble over", async (t) => {
      const names = ["-o.c", "@file.c", "a b'\"$(touch x);&.c", "ünïcode 🌳.c", "%s\\n.c"];
      const files = Object.fromEntries(
        names.map((name, i) => [name, `#include "hé ader'.h"\nint f${i}(void) { return NUMBER + ${i}; }\n`]),
      );
      const calls = names.map((_, i) => `f${i}()`);
      const main = `#include <stdio.h>\n${calls.map((call) => `int ${call.replace("()", "(void)")};`).join("\n")}
        int main(void) { printf("%d\\n", ${calls.join(" + ")}); }`;
      const folder = await folderWith(t, {
        ...files,
        "main.c": main,
        "-inc lude/hé ader'.h": "#define NUMBER 10\n",
      });
      const before = process.cwd();
      t.after(() => process.chdir(before));
      process.chdir(folder);
      const { wasm } = await buildApp({
        sources: [...names, "main.c"].map((name) => join(process.cwd(), name)),
        includeDirs: [join(process.cwd(), "-inc lude")],
        toolchain,
      });
      assert.equal((await runModule(wasm)).stdout, "60\n");
    });

    test("defines, flags and folders of headers", async (t) => {
      const folder = await folderWith(t, {
        "first/a.h": "#define A 1\n",
        "second/a.h": "#error second\n",
        "second/b.h": "#define B 2\n",
      });
      const source =
        '#include <a.h>\n#include "b.h"\n#include <stdio.h>\nint main(void) { printf("%d %d %s %d\\n", A, B, C, D); }';
      const { built } = await build(
        t,
        { "main.c": source },
        {
          includeDirs: [join(folder, "first")],
          defines: ['C="a \\"b\\" $c"'],
          flags: ["-I", join(folder, "second"), "-DD=4"],
        },
      );
      assert.equal((await runModule((await built).wasm)).stdout, '1 2 a "b" $c 4\n');
    });

    test("files beside the sources become part of the program", async (t) => {
      const source =
        '#include <kapok.h>\n#include <stdio.h>\nint main(void) { const kp_file *f = kp_file_find("a/b.txt"); printf("%zu %s\\n", f->size, f->bytes); }';
      /** @type {string[]} */
      const dependencies = [];
      const { folder, built } = await build(
        t,
        { "main.c": source, "files/a/b.txt": "hello" },
        { onDependency: (path) => void dependencies.push(path) },
      );
      assert.equal((await runModule((await built).wasm)).stdout, "5 hello\n");
      const own = dependencies.map((path) => relative(folder, path)).filter((path) => !path.startsWith(".."));
      assert.deepEqual(own, ["files", "main.c"]);
    });

    test("a stack that overflows traps before it harms, and is told apart", async (t) => {
      const source = `
        #include <kapok.h>
        static volatile int depth;
        static int deep(int n) { volatile char frame[512]; depth = n; frame[0] = (char)n; return deep(n + 1) + frame[0]; }
        int main(void) { return deep(0); }`;
      const { built } = await build(t, { "main.c": source });
      const { log, trap } = await runModule((await built).wasm, { recover: true });
      assert.match(String(trap), /unreachable/);
      assert.match(log.join("\n"), /stack overflow/);
    });

    test("a development build keeps names, a release has none", async (t) => {
      const source = `
        #include <kapok.h>
        static int my_function(void) { return kp_sleep(1); }
        static int (*volatile called)(void) = my_function;
        int main(void) { return called(); }`;
      const folder = await folderWith(t, { "main.c": source });
      const builds = [true, false].map((dev) =>
        buildApp({ sources: [join(folder, "main.c")], toolchain, dev }),
      );
      const [dev, release] = await Promise.all(builds);
      const sections = (/** @type {any} */ { wasm }, /** @type {string} */ name) =>
        WebAssembly.Module.customSections(new WebAssembly.Module(wasm), name);
      assert.match(new TextDecoder().decode(sections(dev, "name")[0]), /my_function/);
      for (const name of ["name", "producers", "target_features", ".debug_info"])
        assert.deepEqual(sections(release, name), [], name);
    });
  });
}
