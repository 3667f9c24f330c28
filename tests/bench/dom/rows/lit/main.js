// SPDX-License-Identifier: MIT
// The page by Lit: an element that renders into the page's own tree, its rows known by their numbers. A row's
// clicks come to the table, which spares a listener for each.
import { html, LitElement, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { BUTTONS, makeRows, MARK } from "../data.js";

class RowsPage extends LitElement {
  static properties = { rows: { state: true }, selected: { state: true } };

  constructor() {
    super();
    this.rows = [];
    this.selected = undefined;
  }

  createRenderRoot() {
    return this;
  }

  operations = {
    run: () => this.replace(makeRows(1000)),
    runlots: () => this.replace(makeRows(10_000)),
    add: () => (this.rows = [...this.rows, ...makeRows(1000)]),
    update: () =>
      (this.rows = this.rows.map((row, i) => (i % 10 ? row : { id: row.id, label: row.label + MARK }))),
    clear: () => this.replace([]),
    swaprows: () => {
      if (this.rows.length < 999) return;
      const swapped = [...this.rows];
      [swapped[1], swapped[998]] = [swapped[998], swapped[1]];
      this.rows = swapped;
    },
  };

  replace(rows) {
    this.rows = rows;
    this.selected = undefined;
  }

  clicked({ target }) {
    const cell = target.closest("a")?.parentNode;
    if (!cell) return;
    const { number } = cell.parentNode;
    if (cell.cellIndex === 1) this.selected = number;
    else this.rows = this.rows.filter(({ id }) => id !== number);
  }

  render() {
    // White space between the cells would be text nodes in every row.
    // prettier-ignore
    return html`<div class="container">
      <div class="jumbotron">
        <h1>Rows by Lit</h1>
        <div class="row">
          ${BUTTONS.map(([id, label]) => html`<button type="button" class="btn" id=${id} @click=${this.operations[id]}>${label}</button>`)}
        </div>
      </div>
      <table class="table table-hover table-striped test-data">
        <tbody id="tbody" @click=${this.clicked}>${repeat(this.rows, ({ id }) => id, ({ id, label }) => html`<tr
            class=${id === this.selected ? "danger" : nothing} .number=${id}
            ><td class="col-md-1">${id}</td><td class="col-md-4"><a>${label}</a></td><td class="col-md-1"
            ><a><span class="glyphicon glyphicon-remove" aria-hidden="true"></span></a></td
            ><td class="col-md-6"></td></tr>`)}</tbody>
      </table>
      <span class="preloadicon glyphicon glyphicon-remove" aria-hidden="true"></span>
    </div>`;
  }
}

customElements.define("rows-page", RowsPage);
document.getElementById("main").append(document.createElement("rows-page"));
