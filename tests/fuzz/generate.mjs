// SPDX-License-Identifier: MIT
// Makes a C program from a seed: tasks and functions that wait at any point, over what harness.h offers.
// Asyncify has to bring back every local whatever the compiler made of it: in WebAssembly's locals, on its
// operand stack, on the C stack; in loops, in the middle of an expression, below libc.
import { createExpressions } from "./expressions.mjs";
import { createRandom } from "./random.mjs";
import { createStatements } from "./statements.mjs";

/** @typedef {import("./expressions.mjs").Scope} Scope */

/**
 * Lines of C, and blocks of statements between them. Each may be dropped and leaves a valid program, mostly.
 * @typedef {(string | Statement[])[]} Statement
 */

/**
 * @typedef {object} Fn
 * @property {string} name
 * @property {string} family
 * @property {string} head
 * @property {string[]} declarations
 * @property {Statement[]} body
 * @property {string} last the line that returns
 */

/**
 * @typedef {object} Program
 * @property {number} seed
 * @property {boolean} lonely one task only
 * @property {Fn[]} functions the first is the task that it starts with
 */

/** Parameters, and those of them that are in scope. */
const FAMILIES = {
  task: { returns: "int", parameters: "void *argument" },
  word: { returns: "uint64_t", parameters: "int depth, uint64_t a, uint64_t b" },
  real: { returns: "double", parameters: "int depth, double a, int32_t b, float c, uint64_t *out" },
  record: { returns: "record", parameters: "int depth, record a, uint32_t b" },
  varied: { returns: "uint64_t", parameters: "int depth, int count, ..." },
  compare: { returns: "int", parameters: "const void *left, const void *right" },
};

const INTEGERS = ["uint64_t", "int64_t", "uint32_t", "int32_t", "uint8_t", "int16_t"];

/**
 * @param {number} seed
 * @returns {Program}
 */
export function generate(seed) {
  const random = createRandom(seed);
  const lonely = random.chance(25);
  const families = ["task", ...(lonely || random.chance(60) ? [] : ["task"]), "word"];
  for (let count = random.between(0, 1); count > 0; count--)
    families.push(random.weighted({ word: 4, real: 3, record: 3, varied: 3, compare: 2 }));
  /** @type {Fn[]} */
  const functions = families.map((family, i) => {
    const name = `s${seed}_${family}${i}`;
    const { returns, parameters } = FAMILIES[/** @type {keyof FAMILIES} */ (family)];
    const inline = random.chance(50) ? "" : "__attribute__((noinline)) ";
    const head = `static ${inline}${returns} ${name}(${parameters})`;
    return { name, family, head, declarations: [], body: [], last: "" };
  });
  const program = { seed, lonely, functions };
  let place = 0;
  for (const fn of functions) fill(fn, program, random, () => ++place);
  return program;
}

/**
 * @param {Fn} fn
 * @param {Program} program
 * @param {import("./random.mjs").Random} random
 * @param {() => number} nextPlace
 */
function fill(fn, program, random, nextPlace) {
  const expressions = createExpressions(random);
  const scope = declare(fn, random);
  const { body, result } = createStatements({ program, fn, random, expressions, nextPlace });
  fn.body = body(scope, fn.family === "compare" ? 1 : random.between(0, 3));
  fn.last = result(scope);
}

/**
 * Declares the function's locals, each with a value of its own.
 * @param {Fn} fn
 * @param {import("./random.mjs").Random} random
 * @returns {Scope}
 */
function declare(fn, { between, below, chance, pick, word }) {
  /** @type {Scope} */
  const scope = { words: [], counters: [], reals: [], arrays: [], records: [] };
  const line = (/** @type {string} */ text) => fn.declarations.push(text);
  line("int rc = 0;");
  scope.counters.push("rc");
  switch (fn.family) {
    case "task":
      line("const int depth = DEPTH;");
      line("uint64_t a = (uint32_t)(uintptr_t)argument;");
      line("task_begins();");
      scope.words.push({ name: "a", type: "uint64_t" });
      break;
    case "word":
      scope.words.push({ name: "a", type: "uint64_t" }, { name: "b", type: "uint64_t" });
      break;
    case "real":
      scope.reals.push({ name: "a", type: "double" }, { name: "c", type: "float" });
      scope.words.push({ name: "b", type: "int32_t" });
      scope.arrays.push({ name: "out", count: "4" });
      break;
    case "record":
      scope.records.push("a");
      scope.words.push({ name: "b", type: "uint32_t" });
      break;
    case "varied":
      scope.counters.push("count", "taken");
      line("int taken = 0;");
      line("va_list rest;");
      line("va_start(rest, count);");
      break;
    case "compare":
      line("const int depth = 1;");
      line("uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;");
      scope.counters.push("a", "b");
      break;
  }
  for (let i = between(1, 3); i > 0; i--) {
    const type = pick(INTEGERS);
    line(`${type} w${i} = (${type})${word()}u;`);
    scope.words.push({ name: `w${i}`, type });
  }
  for (let i = below(3); i > 0; i--) {
    const type = pick(["double", "float"]);
    line(`${type} r${i} = ${pick(["0.25", "-7.5", "1024.125", "3.0"])}${type === "float" ? "f" : ""};`);
    scope.reals.push({ name: `r${i}`, type });
  }
  for (let i = below(2); i > 0; i--) {
    const count = pick(["4", "7", "16"]);
    line(`uint64_t v${i}[${count}] = { ${below(100)}, ${word()}u };`);
    scope.arrays.push({ name: `v${i}`, count });
    if (!chance(40)) continue;
    line(`uint64_t *p${i} = v${i} + ${between(0, 2)};`); // a pointer into the own stack
    scope.arrays.push({ name: `p${i}`, count: "2" });
  }
  if (chance(40)) {
    line(`record s = { .a = ${word()}u, .b = 2.5, .d = { 1, 2, 3, 4, 5 } };`);
    scope.records.push("s");
  }
  if (fn.family !== "task" && fn.family !== "compare") line("GUARD");
  return scope;
}
