// SPDX-License-Identifier: MIT
// What a user does to the page.

/**
 * @param {import("./model.js").Control} control on the page
 * @param {import("./protocol.js").Step} step
 */
export function perform({ elements, kind }, [name, , ...operands]) {
  const [root, main] = [0, kind.main].map((part) => /** @type {any} */ (elements)[part]);
  if (name === "enter") main.focus({ preventScroll: true });
  if (name === "write") {
    const [text, start, end, direction] = operands;
    main.value = text;
    if (main.selectionStart !== null) main.setSelectionRange(start, end, direction);
    main.dispatchEvent(new InputEvent("input", { bubbles: true }));
    main.dispatchEvent(new Event("change", { bubbles: true }));
  }
  if (name === "tick") main.click();
  if (name === "scroll") root.scrollTop = operands[0];
  if (name === "press") root.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
}
