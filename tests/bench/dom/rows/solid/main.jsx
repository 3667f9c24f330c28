// SPDX-License-Identifier: MIT
// The page by Solid, compiled: a signal a label, so that an update sets one text and renders nothing.
import { batch, createSelector, createSignal, For } from "solid-js";
import { render } from "solid-js/web";
import { BUTTONS, makeRows, MARK } from "../data.js";

/** @param {number} count */
const makeSignals = (count) =>
  makeRows(count).map(({ id, label: text }) => {
    const [label, setLabel] = createSignal(text);
    return { id, label, setLabel };
  });

function Page() {
  const [rows, setRows] = createSignal([]);
  const [selected, setSelected] = createSignal();
  const isSelected = createSelector(selected);

  /** @param {ReturnType<typeof makeSignals>} made */
  const replace = (made) =>
    batch(() => {
      setRows(made);
      setSelected(undefined);
    });
  const operations = {
    run: () => replace(makeSignals(1000)),
    runlots: () => replace(makeSignals(10_000)),
    add: () => setRows((rows) => [...rows, ...makeSignals(1000)]),
    update: () =>
      batch(() => {
        for (let i = 0; i < rows().length; i += 10) rows()[i].setLabel((label) => label + MARK);
      }),
    clear: () => replace([]),
    swaprows() {
      if (rows().length < 999) return;
      const swapped = [...rows()];
      [swapped[1], swapped[998]] = [swapped[998], swapped[1]];
      setRows(swapped);
    },
  };
  const remove = (id) => setRows((rows) => rows.filter((row) => row.id !== id));

  return (
    <div class="container">
      <div class="jumbotron">
        <h1>Rows by Solid</h1>
        <div class="row">
          <For each={BUTTONS}>
            {([id, label]) => (
              <button type="button" class="btn" id={id} onClick={operations[id]}>
                {label}
              </button>
            )}
          </For>
        </div>
      </div>
      <table class="table table-hover table-striped test-data">
        <tbody id="tbody">
          <For each={rows()}>
            {({ id, label }) => (
              <tr class={isSelected(id) ? "danger" : ""}>
                <td class="col-md-1" textContent={id}></td>
                <td class="col-md-4">
                  <a onClick={[setSelected, id]} textContent={label()}></a>
                </td>
                <td class="col-md-1">
                  <a onClick={[remove, id]}>
                    <span class="glyphicon glyphicon-remove" aria-hidden="true"></span>
                  </a>
                </td>
                <td class="col-md-6"></td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
      <span class="preloadicon glyphicon glyphicon-remove" aria-hidden="true"></span>
    </div>
  );
}

render(Page, document.getElementById("main"));
