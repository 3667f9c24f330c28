// SPDX-License-Identifier: MIT
// The page by Preact: a component a row, which is rendered again only when its data or its selection changes.
import { Component, render } from "preact";
import { BUTTONS, makeRows, MARK } from "../data.js";

class Row extends Component {
  select = () => this.props.onSelect(this.props.row);
  remove = () => this.props.onRemove(this.props.row);

  shouldComponentUpdate({ row, isSelected }) {
    return row !== this.props.row || isSelected !== this.props.isSelected;
  }

  render({ row, isSelected }) {
    return (
      <tr class={isSelected ? "danger" : undefined}>
        <td class="col-md-1">{row.id}</td>
        <td class="col-md-4">
          <a onClick={this.select}>{row.label}</a>
        </td>
        <td class="col-md-1">
          <a onClick={this.remove}>
            <span class="glyphicon glyphicon-remove" aria-hidden="true"></span>
          </a>
        </td>
        <td class="col-md-6"></td>
      </tr>
    );
  }
}

class Page extends Component {
  state = { rows: [], selected: undefined };

  operations = {
    run: () => this.setState({ rows: makeRows(1000), selected: undefined }),
    runlots: () => this.setState({ rows: makeRows(10_000), selected: undefined }),
    add: () => this.setState(({ rows }) => ({ rows: [...rows, ...makeRows(1000)] })),
    update: () =>
      this.setState(({ rows }) => ({
        rows: rows.map((row, i) => (i % 10 ? row : { id: row.id, label: row.label + MARK })),
      })),
    clear: () => this.setState({ rows: [], selected: undefined }),
    swaprows: () =>
      this.setState(({ rows }) => {
        if (rows.length < 999) return null;
        const swapped = [...rows];
        [swapped[1], swapped[998]] = [rows[998], rows[1]];
        return { rows: swapped };
      }),
  };

  select = ({ id }) => this.setState({ selected: id });
  remove = ({ id }) => this.setState(({ rows }) => ({ rows: rows.filter((row) => row.id !== id) }));

  render(_, { rows, selected }) {
    return (
      <div class="container">
        <div class="jumbotron">
          <h1>Rows by Preact</h1>
          <div class="row">
            {BUTTONS.map(([id, label]) => (
              <button type="button" class="btn" id={id} key={id} onClick={this.operations[id]}>
                {label}
              </button>
            ))}
          </div>
        </div>
        <table class="table table-hover table-striped test-data">
          <tbody id="tbody">
            {rows.map((row) => (
              <Row
                key={row.id}
                row={row}
                isSelected={row.id === selected}
                onSelect={this.select}
                onRemove={this.remove}
              />
            ))}
          </tbody>
        </table>
        <span class="preloadicon glyphicon glyphicon-remove" aria-hidden="true"></span>
      </div>
    );
  }
}

render(<Page />, document.getElementById("main"));
