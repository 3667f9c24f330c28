// SPDX-License-Identifier: MIT
// Statements at random, each valid and defined at its place.

/** @typedef {import("./expressions.mjs").Scope} Scope */
/** @typedef {import("./generate.mjs").Fn} Fn */
/** @typedef {import("./generate.mjs").Statement} Statement */

const WEIGHTS = {
  ...{ wait: 24, assign: 14, store: 8, call: 20 },
  ...{ branch: 10, repeat: 14, select: 5, duff: 3, enclose: 8 },
  ...{ leave: 2, jump: 4, take: 8, sortValues: 4, defer: 2, start: 5, cancel: 2 },
};

/**
 * @param {object} context
 * @param {import("./generate.mjs").Program} context.program
 * @param {Fn} context.fn that the statements are for
 * @param {import("./random.mjs").Random} context.random
 * @param {ReturnType<typeof import("./expressions.mjs").createExpressions>} context.expressions
 * @param {() => number} context.nextPlace numbers the lines of the trace
 */
export function createStatements({ program, fn, random, expressions, nextPlace }) {
  const { below, between, chance, pick } = random;
  const { word, real, condition, element, recordOf, checksum } = expressions;
  const others = (/** @type {string} */ family) => program.functions.filter((each) => each.family === family);
  let names = 0;
  let loops = 0; // around the place

  /** @type {(scope: Scope, size: number) => Statement[]} */
  function block(scope, size) {
    /** @type {Statement[]} */
    const statements = [];
    while (size > 0) {
      const name = random.weighted(WEIGHTS);
      const statement = makers[/** @type {keyof makers} */ (name)](scope, size);
      if (!statement) continue;
      statements.push(statement);
      size -= count(statement);
    }
    return statements;
  }

  /** A function's: it waits, and the first task has work for the others. @type {typeof block} */
  function body(scope, size) {
    const first = [...(chance(50) ? [repeat(scope, 2)] : []), wait(scope)];
    if (fn === program.functions[0]) first.unshift(call(scope));
    return [...first, ...block(scope, size)];
  }

  /** @type {(scope: Scope) => Statement} */
  function wait(scope) {
    const call = chance(60) ? "kp_yield()" : `kp_sleep(${below(4)})`;
    const time = program.lonely ? "" : " + elapsed()";
    const lines = [`rc = ${call};`, `note(${nextPlace()}, ${checksum(scope)}${time});`];
    if (chance(30)) lines.push("if (rc < 0) {", `    ${result(scope)}`, "}");
    return lines;
  }

  /** @type {(scope: Scope) => string} the line that returns */
  function result(scope) {
    switch (fn.family) {
      case "task":
        return `return (int)(${word(scope, 0)} & 0xFF);`;
      case "real":
        return `return tame(${real(scope)});`;
      case "record":
        return `return ${recordOf(scope)};`;
      case "varied":
        return `va_end(rest); return ${word(scope)};`;
      case "compare":
        return "return (a > b) - (a < b);";
      default:
        return `return ${word(scope)};`;
    }
  }

  /** Stores an integer somewhere. @type {(scope: Scope, value: string) => string} */
  function keepWord(scope, value) {
    if (scope.words.length === 0 || chance(20)) return `${element(scope, 0)} = ${value};`;
    const { name, type } = pick(scope.words);
    return `${name} = (${type})(${value});`;
  }

  /** @type {(scope: Scope, value: string) => string} */
  function keepReal(scope, value) {
    if (scope.reals.length === 0) return `shared[0] = bits(tame(${value}));`;
    const { name, type } = pick(scope.reals);
    return `${name} = (${type})tame(${value});`;
  }

  /** @type {(scope: Scope) => Statement} */
  const assign = (scope) =>
    chance(65) ? [keepWord(scope, word(scope, 2))] : [keepReal(scope, real(scope, 2))];

  /** @type {(scope: Scope) => Statement} */
  const store = (scope) => [`${element(scope)} = ${word(scope)};`];

  /** @type {(scope: Scope) => Statement} by name, or by a pointer from a table */
  function call(scope) {
    const family = pick(["word", "word", "real", "record", "varied"]);
    const targets = others(family);
    if (targets.length === 0) return call(scope);
    const callee = chance(50)
      ? pick(targets).name
      : `((${family}_function *const[]){ ${targets.map(({ name }) => name).join(", ")} })[${word(scope, 0)} % ${targets.length}]`;
    switch (family) {
      case "real": {
        const out = pick([...scope.arrays.filter((each) => +each.count >= 4), { name: "shared" }]).name;
        const inputs = `tame(${real(scope)}), (int32_t)${word(scope)}, (float)tame(${real(scope, 0)}), ${out}`;
        return [keepReal(scope, `${real(scope, 1, true)} * ${callee}(depth - 1, ${inputs})`)];
      }
      case "record": {
        const value = `${callee}(depth - 1, ${recordOf(scope)}, (uint32_t)${word(scope)})`;
        if (scope.records.length > 0) return [`${pick(scope.records)} = ${value};`];
        return [keepWordAfter(scope, `${value}.${pick(["a", "c", "d[1]"])}`)];
      }
      case "varied": {
        const inputs = Array.from({ length: below(6) }, (_, i) =>
          i % 3 === 2 ? `tame(${real(scope, 0)})` : word(scope, 0),
        );
        return [keepWordAfter(scope, `${callee}(${["depth - 1", inputs.length, ...inputs].join(", ")})`)];
      }
      default:
        return [keepWordAfter(scope, `${callee}(depth - 1, ${word(scope)}, ${word(scope)})`)];
    }
  }

  /**
   * An expression around a call: its other operands wait on WebAssembly's stack.
   * @type {(scope: Scope, value: string) => string}
   */
  function keepWordAfter(scope, value) {
    if (scope.words.length === 0) return `shared[0] = ${value};`;
    const { name, type } = pick(scope.words);
    return `${name} = (${type})(${word(scope, 1, true)} ${pick(["+", "^", "*"])} ${value});`;
  }

  /** @type {(scope: Scope, size: number) => Statement} */
  function branch(scope, size) {
    const share = between(1, Math.ceil(size / 2));
    if (chance(50)) return [`if ${condition(scope)} {`, block(scope, share), "}"];
    return [`if ${condition(scope)} {`, block(scope, share), "} else {", block(scope, share), "}"];
  }

  /** @type {(scope: Scope, size: number) => Statement} */
  function repeat(scope, size) {
    const share = between(1, Math.ceil(size / 2));
    const name = `i${++names}`;
    const times = between(1, 6);
    loops++;
    const body = block({ ...scope, counters: [...scope.counters, name] }, share);
    loops--;
    const loop = pick([
      [`for (int ${name} = 0; ${name} < ${times} && !spent(); ${name}++) {`, "}"],
      [`for (int ${name} = ${times}; !spent() && ${name}-- > 0;) {`, "}"],
      [`for (int ${name} = 0; ${condition(scope)} && ${name} < 9 && !spent(); ${name} += 2) {`, "}"],
    ]);
    if (chance(75)) return [loop[0], body, loop[1]];
    const until = `while (${name}++ < ${times} && ${condition(scope)} && !spent());`;
    return ["{", [[`int ${name} = 0;`], ["do {", body, `} ${until}`]], "}"];
  }

  /** @type {(scope: Scope, size: number) => Statement} */
  function select(scope, size) {
    const cases = between(2, 3);
    /** @type {Statement} */
    const parts = [`switch (${word(scope, 0)} % ${cases + 1}) {`];
    for (let i = 0; i < cases; i++)
      parts.push(
        i === cases - 1 ? "default: {" : `case ${i}: {`,
        block(scope, 1),
        chance(70) ? "} break;" : "}",
      );
    return [...parts, "}"];
  }

  /** A switch into the middle of a loop. @type {(scope: Scope, size: number) => Statement} */
  function duff(scope, size) {
    const cases = between(2, 3);
    /** @type {Statement} */
    const parts = [`switch (${word(scope, 0)} % ${cases}) {`, "do {"];
    loops++;
    for (let i = 0; i < cases; i++) parts.push(`case ${i}: {`, block(scope, 1), "}");
    loops--;
    return [...parts, `} while (${condition(scope)} && !spent());`, "}"];
  }

  /** A block with an array of its own. @type {(scope: Scope, size: number) => Statement} */
  function enclose(scope, size) {
    const name = `x${++names}`;
    const share = between(1, Math.ceil(size / 2));
    const kind = program.lonely && chance(40) ? "sorted" : pick(["fixed", "variable", "kept"]);
    const count = kind === "variable" ? `n${names}` : String(between(1, 9));
    const inner = {
      ...scope,
      arrays: [...scope.arrays, { name, count }],
      counters: kind === "variable" ? [...scope.counters, count] : scope.counters,
    };
    const fill = `for (int i = 0; i < (int)${count}; i++) ${name}[i] = ${word(scope, 0)} * (unsigned)(i + 1);`;
    const lines = {
      fixed: [`uint64_t ${name}[${count}];`, fill],
      sorted: [`uint64_t ${name}[${count}];`, fill, ...libcCalls(scope, name, count)],
      variable: [`int ${count} = (int)(${word(scope, 0)} % 9) + 1;`, `uint64_t ${name}[${count}];`, fill],
      kept: [`uint64_t *${name} = keep(${count});`, fill],
    }[kind];
    return ["{", [/** @type {Statement} */ (lines), ...block(inner, share)], "}"];
  }

  /** libc on the stack while the task waits. @type {(scope: Scope, name: string, count: string) => string[]} */
  function libcCalls(scope, name, count) {
    const key = chance(50) ? `&${name}[${below(Number(count))}]` : `&(uint64_t){ ${word(scope, 0)} }`;
    const search = `bsearch(${key}, ${name}, ${count}, sizeof *${name}, compare_quietly)`;
    return [
      `qsort(${name}, ${count}, sizeof *${name}, compare_quietly);`,
      `note(${nextPlace()}, mix_array(${search} != NULL, ${name}, ${count}));`,
    ];
  }

  /** @type {(scope: Scope) => Statement | null} */
  const sortValues = (scope) => {
    const compare = others("compare");
    const array = pick([...scope.arrays, { name: "shared", count: "SHARED" }]);
    if (compare.length === 0 || fn.family === "compare") return null;
    return [
      `sort(${array.name}, (size_t)${array.count}, sizeof *${array.name}, ${pick(compare).name});`,
      `note(${nextPlace()}, ${checksum(scope)});`,
    ];
  };

  /** @type {(scope: Scope) => Statement} */
  const leave = (scope) => [`if ${condition(scope, 1)} {`, [[result(scope)]], "}"];

  /** @type {(scope: Scope) => Statement | null} */
  const jump = (scope) =>
    loops > 0 ? [`if ${condition(scope)}`, `    ${pick(["break", "continue"])};`] : null;

  /** The next of the variable arguments. @type {(scope: Scope) => Statement | null} */
  const take = (scope) =>
    fn.family === "varied"
      ? [
          "if (taken < count) {",
          [
            ["const bool is_real = taken++ % 3 == 2;"],
            [keepWord(scope, "is_real ? bits(va_arg(rest, double)) : va_arg(rest, uint64_t)")],
          ],
          "}",
        ]
      : null;

  /** @type {() => Statement} */
  const defer = () => [`defer_note(${nextPlace()});`];

  /** @type {(scope: Scope) => Statement | null} */
  const start = (scope) =>
    program.lonely ? null : [`launch(${pick(others("task")).name}, ${word(scope)});`];

  /** @type {(scope: Scope) => Statement | null} */
  const cancel = (scope) =>
    program.lonely ? null : [`note(${nextPlace()}, (uint64_t)cancel_one(${word(scope)}));`];

  const makers = {
    ...{ wait, assign, store, call, branch, repeat, select, duff, enclose },
    ...{ leave, jump, take, sortValues, defer, start, cancel },
  };
  return { body, result };
}

/**
 * How many statements there are in it.
 * @param {Statement} statement
 * @returns {number}
 */
function count(statement) {
  return statement.reduce(
    (sum, part) =>
      typeof part === "string" ? sum : sum + part.reduce((inner, each) => inner + count(each), 0),
    1,
  );
}
