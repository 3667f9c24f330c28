// SPDX-License-Identifier: MIT
// The page as the DOM has it fastest: a row is one clone whose texts are there already and are only set, all
// clicks come to one listener, and nothing is done that the operation does not ask for.
import { makeRows, MARK } from "../data.js";

/** @typedef {{ id: number, label: string, element: HTMLElement, text: Text }} Row */

const tbody = document.getElementById("tbody");
const template = document.createElement("tr");
template.innerHTML =
  '<td class="col-md-1"> </td><td class="col-md-4"><a> </a></td>' +
  '<td class="col-md-1"><a><span class="glyphicon glyphicon-remove" aria-hidden="true"></span></a></td>' +
  '<td class="col-md-6"></td>';

/** @type {Row[]} */
let rows = [];
/** @type {Row | undefined} */
let selected;

/** @param {number} count */
function append(count) {
  for (const row of makeRows(count)) {
    const element = template.cloneNode(true);
    const number = element.firstChild;
    const text = number.nextSibling.firstChild.firstChild;
    number.firstChild.nodeValue = row.id;
    text.nodeValue = row.label;
    element.row = row;
    row.element = element;
    row.text = text;
    rows.push(row);
    tbody.appendChild(element);
  }
}

function clear() {
  rows = [];
  selected = undefined;
  tbody.textContent = "";
}

/** @param {Row} row */
function select(row) {
  if (selected) selected.element.className = "";
  selected = row;
  row.element.className = "danger";
}

/** @param {Row} row */
function remove(row) {
  rows.splice(rows.indexOf(row), 1);
  row.element.remove();
  if (selected === row) selected = undefined;
}

const operations = {
  run() {
    clear();
    append(1000);
  },
  runlots() {
    clear();
    append(10_000);
  },
  add: () => append(1000),
  clear,
  update() {
    for (let i = 0; i < rows.length; i += 10) rows[i].text.nodeValue = rows[i].label += MARK;
  },
  swaprows() {
    if (rows.length < 999) return;
    const [second, last] = [rows[1], rows[998]];
    const after = last.element.nextSibling;
    tbody.insertBefore(last.element, second.element);
    tbody.insertBefore(second.element, after);
    rows[1] = last;
    rows[998] = second;
  },
};

document.getElementById("main").addEventListener("click", ({ target }) => {
  if (target.id) return operations[target.id]?.();
  const cell = target.closest("a")?.parentNode;
  if (cell) (cell.cellIndex === 1 ? select : remove)(cell.parentNode.row);
});
