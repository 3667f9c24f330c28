// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { loadBinaryen } from "../../wasm/binaryen.mjs";
import { readSizes } from "../../wasm/object.mjs";
import { findStatics, makeGlobals } from "../../wasm/statics.mjs";
import { buildApp } from "../../wasm/toolchain.mjs";
import { folderWith, missing } from "../support/build.mjs";
import { runModule } from "../support/host.mjs";

// Each line uses variables in another way; `hidden` keeps the compiler from knowing a value.
const PROGRAM = {
  "main.c": `
#include <kapok.h>
#include <stdbool.h>
#include <stdio.h>
#include "shared.h"

static int hidden(int value) { __asm__("" : "+r"(value)); return value; }

static int plain = 40, untouched = 7;
static signed char tiny = -3;
static short small = -300;
static unsigned char byte = 200;
static bool flag = true;
static long long big = 1LL << 40;
static float half = 0.5f;
static double quarter = 0.25;
static void numbers(void)
{
    plain += hidden(2);
    tiny -= hidden(1);
    byte += hidden(100);
    small *= hidden(2);
    flag = !flag && hidden(1);
    big += hidden(1);
    half += hidden(1);
    quarter += half;
    printf("%d %d %d %d %d %d %lld %g %g\\n", plain, untouched, tiny, byte, small, flag, big, half, quarter);
}

static int table[4] = { 1, 2, 3, 4 }, behind = 9;
static int before(int i) { return table[i - 1]; }
static void indexed(void)
{
    table[2] = 30;
    printf("%d %d %d\\n", table[hidden(2)], before(hidden(3)), behind += hidden(1));
}

static int target = 1, ends[2] = { 5, 6 };
static int *pointer = &target, *end = ends + 2;
static void pointed(void)
{
    *pointer = hidden(2);
    end[-1] += hidden(1);
    printf("%d %d\\n", target, ends[1]);
}

static struct pair { int a, b; } one = { 1, 2 }, other;
static void copied(void)
{
    one.a = hidden(11);
    other = one;
    one.b = hidden(22);
    printf("%d %d %d %d\\n", one.a, one.b, other.a, other.b);
}

static void across(void)
{
    shared = hidden(5);
    exposed = hidden(6);
    record.inner = hidden(8);
    printf("%d %d %d\\n", read_shared(), *expose(), read_record());
}

static int waited;
static __attribute__((noinline)) void set(int value) { waited = value; }
static void waiting(void)
{
    set(hidden(1));
    kp_sleep(1);
    printf("%d\\n", ++waited);
    set(hidden(3));
    kp_sleep(1);
    printf("%d\\n", ++waited);
}

int main(void) { numbers(); indexed(); pointed(); copied(); across(); waiting(); }
`,
  "shared.h": `
extern int shared, exposed;
extern struct record { int outer, inner; } record;
int read_shared(void);
int *expose(void);
int read_record(void);
`,
  "shared.c": `
#include "shared.h"
int shared = 3, exposed = 4;
struct record record = { 1, 2 };
int read_shared(void) { return shared++; }
int *expose(void) { return &exposed; }
int read_record(void) { return record.outer * 10 + record.inner; }
`,
};
const PRINTED = `42 7 -4 44 -600 0 1099511627777 1.5 1.75
30 30 10
2 7
11 22 11 2
5 6 18
2
4
`;

for (const toolchain of ["emscripten", "wasi", "embedded"])
  describe(toolchain, { skip: await missing(toolchain) }, () => {
    for (const optimize of /** @type {const} */ (["z", "1"]))
      test(`a program's variables keep their meaning when some become globals (${optimize})`, async (t) => {
        const folder = await folderWith(t, PROGRAM);
        const sources = ["main.c", "shared.c"].map((name) => join(folder, name));
        const { wasm } = await buildApp({ sources, toolchain, optimize });
        assert.equal((await runModule(wasm)).stdout, PRINTED);
        const globals = readSizes(wasm).sections.find(({ name }) => name === "globals");
        assert(globals && globals.bytes > 100, "they have become globals");
      });
  });

test("a variable is no such one when any object that is linked takes its address, or goes beyond it", () => {
  const nothing = {
    functions: [],
    defined: [],
    exported: [],
    undefined: [],
    imported: new Map(),
    addressed: [],
  };
  const place = (/** @type {number} */ segment, offset = 0) => ({ segment, offset });
  const object = {
    ...nothing,
    segments: [".bss.own", ".bss.known", ".bss.taken", ".bss.beyond"],
    variables: new Map([["known", place(1)]]),
    dataUses: [
      { place: place(0), offset: 4 },
      { place: "known", offset: 0 },
      { place: place(2), offset: Infinity },
      { place: place(3), offset: 8 },
    ],
  };
  const map = object.segments.map((name, i) => `  ${i + 4}00  10  8         lib/a.o:(${name})`).join("\n");
  const found = (/** @type {number} */ offset) =>
    findStatics(map, new Map([["a.o", object]]), [
      { ...nothing, segments: [], variables: new Map(), dataUses: [{ place: "known", offset }] },
    ]).map(({ address }) => address);
  assert.deepEqual(found(4), [0x400, 0x500]);
  assert.deepEqual(found(Infinity), [0x400]);
});

/**
 * @param {string} body of a function
 * @param {import("../../wasm/statics.mjs").Variable[]} variables
 */
async function globalsOf(body, variables) {
  const binaryen = await loadBinaryen();
  const module = binaryen.parseText(`(module (memory 1) (func $f (param $i i32) ${body}))`);
  makeGlobals(binaryen, module, variables, Buffer.from([]));
  assert(module.validate());
  const text = module.emitText();
  module.dispose();
  return [...text.matchAll(/\(global \$kp__static_(\d+)/g)].map(([, address]) => Number(address)).sort();
}

const store = (
  /** @type {number} */ at,
  kind = "i32.store",
  ptr = "(i32.const 0)",
  value = "(i32.const 1)",
) => `(${kind} offset=${at} ${ptr} ${value})`;

test("each field that is always stored as the same number becomes a global", async () => {
  const variables = [
    { address: 100, size: 8 },
    { address: 108, size: 4 },
  ];
  const body = store(100) + store(104, "i32.store8") + store(108) + store(108) + store(112);
  assert.deepEqual(await globalsOf(body, variables), [100, 104, 108]);
});

test("nothing of a variable does of which a place is computed, or stored in two ways", async () => {
  const variables = [{ address: 100, size: 12 }];
  for (const other of [
    store(104, "i32.store", "(local.get $i)"),
    store(104, "i32.store", "(i32.const 4)"),
    store(100, "i32.store8"),
    store(102, "i32.store8"),
    store(100, "f32.store", "(i32.const 0)", "(f32.const 1)"),
    store(104, "i64.store32", "(i32.const 0)", "(i64.const 1)"),
  ])
    assert.deepEqual(await globalsOf(store(100) + other, variables), [], other);
});
