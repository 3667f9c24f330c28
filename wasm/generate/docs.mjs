// SPDX-License-Identifier: MIT
// The reference pages of the documentation.
import { cTypeOf } from "./c_types.mjs";
import { propsOf } from "./definitions.mjs";
import { describe, WHILE_BUSY } from "./header.mjs";
import { cell, notice, upper } from "./text.mjs";

/**
 * @typedef {import("./abi.mjs").Abi} Abi
 * @typedef {import("./definitions.mjs").Model} Model
 * @typedef {import("./definitions.mjs").Prop} Prop
 */

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");

/** @param {Record<string, string>} params */
const signature = (params) =>
  Object.entries(params)
    .map(([name, type]) => `${name}: ${type}`)
    .join(", ") || "–";

/** @param {Abi} abi */
export function abiPage(abi) {
  const calls = (/** @type {Abi["imports"]} */ list) =>
    table(
      ["name", "takes", "returns", ""],
      Object.entries(list).map(([name, call]) => [
        `\`${name}\``,
        signature(call.params),
        call.result ?? "–",
        call.doc,
      ]),
    );
  const list = (
    /** @type {import("./abi.mjs").List} */ { doc, list: names },
    /** @type {(index: number) => number} */ value,
  ) =>
    `${doc}\n\n${table(
      ["value", "name"],
      names.map((name, index) => [String(value(index)), `\`${name}\``]),
    )}`;
  const same = (/** @type {number} */ index) => index;
  const bit = (/** @type {number} */ index) => 1 << index;
  return `<!-- ${notice("wasm/abi.json")} -->

# The border

${abi.doc}

## What the app imports from \`${abi.module}\`

${calls(abi.imports)}

From \`wasi_snapshot_preview1\` it may import ${abi.wasi.map((name) => `\`${name}\``).join(", ")}.

## What the app exports, \`memory\` aside

${calls(abi.exports)}

An app that is published with a page of its own has only those for which it has a use.

## Commands

${abi.commands.doc}

${table(
  ["number", "name", "operands", ""],
  Object.entries(abi.commands.list).map(([name, { operands, doc }], index) => [
    String(index + 1),
    `\`${name}\``,
    operands.join(", ") || "–",
    doc,
  ]),
)}

### Places

${list(abi.places, same)}

### Types

${list(abi.types, same)}

## Events

### Flags

${list(abi.eventFlags, bit)}

### Replies

${list(abi.eventReplies, bit)}

## Moments

${abi.moments.doc}

${list(abi.moments, same)}

## Orders

${abi.orders.doc}

${list(abi.orders, same)}

## Log levels

${list(abi.logLevels, same)}

## Codes

${table(
  ["code", "name", "phrase", ""],
  Object.entries(abi.codes).map(([name, [value, message, doc]]) => [
    String(value),
    `\`KP_${name}\``,
    message,
    doc,
  ]),
)}
`;
}

/** @param {Prop} prop */
function propRow(prop) {
  const values = prop.values.map(([value]) => `\`KP_${upper(prop.name)}_${upper(value)}\``).join(", ");
  return [
    `\`.${prop.name}\``,
    `\`${cTypeOf(prop).trim()}\``,
    `${describe(prop)}${values && ` One of ${values}.`}`,
  ];
}

/** @param {{name: string, doc: string}} event */
const eventRow = (event) => [`\`.on_${event.name}\``, "`kp_handler`", event.doc];

/** @param {Model} model */
export function controlsPage(model) {
  const pages = model.controls.map((control) => {
    const { own } = propsOf(model, control);
    const rows = [...own.map(propRow), ...control.events.map(eventRow)];
    if (control.events.length) rows.push(["`.while_busy`", "`kp_while_busy`", WHILE_BUSY]);
    if (control.children) rows.push(["`.children`", "`kp_list(…)`", "What it contains, from first to last."]);
    const title = control.constructible ? `kp_${control.name}` : `kp_${control.name}, which always exists`;
    return `## ${title}\n\n${control.doc}\n\n${table(["field", "type", ""], rows)}`;
  });
  const common = [
    ...propsOf(model, model.controls[0]).common.map(propRow),
    ...model.common.events.map(eventRow),
    ["`.state`", "`KP_STATE(…)`", "Your data, copied into the control. See `kp_state`."],
  ];
  return `<!-- ${notice("src/controls/*.json")} -->

# Controls

Each control is made by the macro of its name: \`kp_text("Hello", .size = 20)\`. The first field may be given without
its name. What is left out has its default. Afterwards \`kp_set_FIELD(control, value)\` changes a field,
\`kp_set_FIELDf(control, format, …)\` a text by a format, and \`kp_on_EVENT(control, handler)\` a handler.

${pages.join("\n\n")}

## What every control has

${table(["field", "type", ""], common)}

## Colors

${table(
  ["macro", ""],
  model.colors.map(([name, doc]) => [`\`KP_COLOR_${upper(name)}\``, doc]),
)}
`;
}
