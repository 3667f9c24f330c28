// SPDX-License-Identifier: MIT
// What page/rows.c does, written by hand in JavaScript: the same elements, classes and text, at the
// click of a button. Rows are created twice: element by element, as the C program does it, and in the
// fastest way the DOM has, a whole row cloned at once.

const ROWS = 1000;

/**
 * @param {Element} root
 * @param {Element} sample a row as Kapok makes it, so that both make the same elements
 * @param {string} listClass
 * @returns {Record<string, HTMLButtonElement>} a button for each operation
 */
export function mountRows(root, sample, listClass) {
  const template = /** @type {Element} */ (sample.cloneNode(true));
  for (const text of template.children) text.textContent = " ";
  const list = document.createElement("div");
  list.className = listClass;
  root.append(list);
  /** @type {Text[]} */
  const labels = [];
  let version = 0;
  const operations = {
    create() {
      for (let i = 0; i < ROWS; i++) {
        const row = document.createElement("div");
        row.className = sample.className;
        const number = document.createElement("p");
        number.className = "kp-text";
        number.textContent = `${i + 1}`;
        const label = document.createElement("p");
        label.className = "kp-text";
        label.textContent = `row number ${i + 1}`;
        labels[i] = /** @type {Text} */ (label.firstChild);
        row.append(number, label);
        list.append(row);
      }
    },
    clone() {
      for (let i = 0; i < ROWS; i++) {
        const row = /** @type {Element} */ (template.cloneNode(true));
        const number = /** @type {Text} */ (row.firstChild?.firstChild);
        labels[i] = /** @type {Text} */ (row.lastChild?.firstChild);
        number.nodeValue = `${i + 1}`;
        labels[i].nodeValue = `row number ${i + 1}`;
        list.appendChild(row);
      }
    },
    update() {
      version++;
      for (let i = 0; i < ROWS; i++) labels[i].nodeValue = `row number ${i + 1} version ${version}`;
    },
    clear() {
      list.textContent = "";
    },
  };
  return Object.fromEntries(
    Object.entries(operations).map(([label, operation]) => {
      const button = document.createElement("button");
      button.textContent = `${label} by hand`;
      button.addEventListener("click", operation);
      root.append(button);
      return [label, button];
    }),
  );
}
