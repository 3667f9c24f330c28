// SPDX-License-Identifier: MIT
// Memory that grows all the time: what holds on to a view of it for too long does not survive that.

const mostPages = 2000;

/**
 * @param {(module: WebAssembly.Module, imports: WebAssembly.Imports) => Promise<WebAssembly.Exports>} link
 * @returns {typeof link} the same, with a page more at each call of an import or export
 */
export const growing = (link) => async (module, imports) => {
  /** @type {WebAssembly.Memory} */
  let memory;
  let pages = 0;

  function grow() {
    if (!memory || pages++ >= mostPages) return;
    try {
      memory.grow(1);
    } catch {
      // The module allows no more.
      pages = mostPages;
    }
  }

  /**
   * @param {Record<string, any>} calls
   * @returns {any}
   */
  const wrapped = (calls) =>
    Object.fromEntries(
      Object.entries(calls).map(([name, call]) => [
        name,
        typeof call === "function"
          ? (/** @type {any[]} */ ...operands) => {
              grow();
              return call(...operands);
            }
          : call,
      ]),
    );

  const entries = Object.entries(imports).map(([name, calls]) => [name, wrapped(calls)]);
  const exports = await link(module, Object.fromEntries(entries));
  memory = /** @type {WebAssembly.Memory} */ (exports.memory);
  return wrapped(exports);
};
