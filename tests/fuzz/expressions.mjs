// SPDX-License-Identifier: MIT
// Expressions in C over the variables in scope, without undefined behaviour: integers are computed as
// uint64_t, floating point with + - * / only and never to an infinity that stays.

/** @typedef {import("./random.mjs").Random} Random */

/**
 * What can be named at some place of a function.
 * @typedef {object} Scope
 * @property {{ name: string, type: string }[]} words integers that may be assigned to
 * @property {string[]} counters integers that may only be read
 * @property {{ name: string, type: string }[]} reals
 * @property {{ name: string, count: string }[]} arrays of uint64_t, with the number of their elements
 * @property {string[]} records
 */

const BINARY = ["+", "-", "*", "&", "|", "^", "+", "^"];
const COMPARE = ["<", ">", "==", "!=", "<=", ">="];
const WORDS = ["0", "1", "7", "0x80000000u", "0xFFFFFFFFFFFFFFFFu", "0x123456789ABCDEFu", "100", "65535"];
const REALS = ["0.5", "-1.25", "3.0", "1e9", "0.1", "-0.0", "65536.0"];

/** @param {Random} random */
export function createExpressions(random) {
  const { below, between, chance, pick } = random;

  /** @type {(scope: Scope, pure: boolean) => string} */
  function leaf(scope, pure) {
    const kind = below(10);
    if (kind < 5 && scope.words.length > 0) return `(uint64_t)${pick(scope.words).name}`;
    if (kind < 6 && scope.counters.length > 0) return `(uint64_t)${pick(scope.counters)}`;
    if (kind < 8 && !pure) return element(scope, 0);
    if (kind < 9 && scope.reals.length > 0) return `(uint64_t)(int64_t)tame(${pick(scope.reals).name})`;
    return chance(50) ? `(uint64_t)${pick(WORDS)}` : `(uint64_t)${below(1000)}`;
  }

  /**
   * An integer.
   * @param {Scope} scope
   * @param {number} [depth]
   * @param {boolean} [pure] reads no memory that a function called in the same expression may write
   * @returns {string}
   */
  function word(scope, depth = 1, pure = false) {
    if (depth === 0 || chance(25)) return leaf(scope, pure);
    const [a, b] = [word(scope, depth - 1, pure), word(scope, depth - 1, pure)];
    switch (below(8)) {
      case 0:
        return `(${a} ${pick(["<<", ">>"])} (${b} & 63))`;
      case 1:
        return `(${a} ${pick(["/", "%"])} (${b} | 1))`;
      case 2:
        return `(${condition(scope, depth - 1, pure)} ? ${a} : ${b})`;
      default:
        return `(${a} ${pick(BINARY)} ${b})`;
    }
  }

  /** @type {(scope: Scope, depth?: number, pure?: boolean) => string} */
  function real(scope, depth = 1, pure = false) {
    if (depth === 0 || chance(25)) {
      if (scope.reals.length > 0 && chance(60)) return pick(scope.reals).name;
      return chance(50) ? pick(REALS) : `(double)(int32_t)${word(scope, 0, pure)}`;
    }
    const [a, b] = [real(scope, depth - 1, pure), real(scope, depth - 1, pure)];
    if (chance(15)) return `(${a} / (1.5 + ${b} * ${b}))`;
    if (chance(15)) return `(${condition(scope, depth - 1, pure)} ? ${a} : ${b})`;
    return `(${a} ${pick(["+", "-", "*"])} ${b})`;
  }

  /** Of integers mostly whether they are even: equal or less they hardly are, at random. @type {typeof word} */
  function condition(scope, depth = 0, pure = false) {
    if (chance(50)) return `(${word(scope, depth, pure)} % ${between(2, 4)} ${pick(["==", "!=", "!="])} 0)`;
    const make = scope.reals.length > 0 && chance(25) ? real : word;
    return `(${make(scope, depth, pure)} ${pick(COMPARE)} ${make(scope, depth, pure)})`;
  }

  /** @type {(scope: Scope, depth?: number) => string} an element of an array, which may be assigned to */
  function element(scope, depth = 0) {
    const array = pick([...scope.arrays, { name: "shared", count: "SHARED" }]);
    return `${array.name}[${word(scope, depth)} % ${array.count}]`;
  }

  /** @type {(scope: Scope) => string} a record */
  function recordOf(scope) {
    if (scope.records.length > 0 && chance(60)) return pick(scope.records);
    const fields = [
      `.a = ${word(scope, 1)}`,
      `.b = tame(${real(scope, 1)})`,
      `.c = (uint32_t)${word(scope, 0)}`,
      `.d = { ${between(0, 9)}, (uint8_t)${word(scope, 0)} }`,
      `.e = (int16_t)${word(scope, 0)}`,
    ];
    return `(record){ ${fields.filter(() => chance(70)).join(", ") || ".a = 0"} }`;
  }

  /** @type {(scope: Scope) => string} */
  function checksum(scope) {
    let sum = "0";
    for (const name of [...scope.words.map((each) => each.name), ...scope.counters])
      sum = `mix(${sum}, (uint64_t)${name})`;
    for (const { name } of scope.reals) sum = `mix(${sum}, bits(${name}))`;
    for (const { name, count } of scope.arrays) sum = `mix_array(${sum}, ${name}, ${count})`;
    for (const name of scope.records) sum = `mix_record(${sum}, &${name})`;
    return sum;
  }

  return { word, real, condition, element, recordOf, checksum };
}
