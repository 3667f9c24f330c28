// SPDX-License-Identifier: MIT
// Programs as the text of one C file.

/** @typedef {import("./generate.mjs").Fn} Fn */
/** @typedef {import("./generate.mjs").Program} Program */
/** @typedef {import("./generate.mjs").Statement} Statement */

/** @param {Program[]} programs */
export function render(programs) {
  const list = programs.map(({ seed, functions }) => `    { ${seed}, ${functions[0].name} },\n`);
  return (
    `#include "harness.h"\n\n${programs.map(renderProgram).join("\n")}\n` +
    `const program programs[] = {\n${list.join("")}};\nconst int program_count = ${programs.length};\n`
  );
}

/** @param {Program} program */
export function renderProgram({ functions }) {
  return [...functions.map(({ head }) => `${head};\n`), ...functions.map(renderFunction)].join("");
}

/** @param {Fn} fn */
function renderFunction({ head, declarations, body, last }) {
  const guard = `if (depth <= 0 || spent()) { ${last} }`;
  const lines = declarations.map((line) => (line === "GUARD" ? guard : line));
  return `\n${head}\n{\n${[...lines.map((line) => [line]), ...body, [last]].map((each) => renderStatement(each, 1)).join("")}}\n`;
}

/**
 * @param {Statement} statement
 * @param {number} level
 * @returns {string}
 */
function renderStatement(statement, level) {
  return statement
    .map((part) =>
      typeof part === "string"
        ? `${"    ".repeat(level)}${part}\n`
        : part.map((each) => renderStatement(each, level + 1)).join(""),
    )
    .join("");
}
