// SPDX-License-Identifier: MIT
// What a user does to a page, as the events that a browser makes of it.
import { checkUsable, find, findField, isVisible } from "./find.js";

/** @typedef {import("./find.js").Target} Target */

const focusable = "a[href], button, input, select, textarea, summary, [tabindex]";
const clickable = "a[href], button, summary, [role=button], input[type=checkbox], input[type=radio]";
const modifiers = { Shift: "shiftKey", Control: "ctrlKey", Alt: "altKey", Meta: "metaKey" };

/**
 * @param {any} window
 * @param {() => Promise<void>} rest lets the app run until it waits
 */
export function createUser(window, rest) {
  const { document } = window;
  const root = document.body;
  /** @type {{field: any, value: string, text?: string} | undefined} the field being edited, what it held before, and
   *   what has been typed so far where the browser shows more than it gives: "1." in a field for numbers */
  let edited;

  /**
   * @param {any} element
   * @param {string} type
   * @param {string} constructor
   * @param {object} [init]
   * @returns {boolean} false when the app wants no default action
   */
  const dispatch = (element, type, constructor, init) =>
    element.dispatchEvent(
      new window[constructor](type, { bubbles: true, cancelable: true, composed: true, ...init }),
    );

  /** A field that was changed says so when it is left. */
  function commit() {
    const { field, value } = edited ?? {};
    if (!field || field.value === value) return;
    edited = { field, value: field.value };
    if (field.isConnected) dispatch(field, "change", "Event", { cancelable: false });
  }

  /** @param {any} element */
  function focus(element) {
    if (document.activeElement === element) return;
    commit();
    edited = undefined;
    if (element) element.focus();
    else document.activeElement?.blur();
    if (element?.matches("input, textarea")) edited = { field: element, value: element.value };
  }

  /** @param {any} element */
  function click(element) {
    for (const type of ["pointerdown", "mousedown"]) {
      const wantsFocus = dispatch(element, type, type.startsWith("p") ? "PointerEvent" : "MouseEvent");
      if (type === "mousedown" && wantsFocus) focus(element.closest(focusable));
    }
    dispatch(element, "pointerup", "PointerEvent");
    dispatch(element, "mouseup", "MouseEvent");
    if (element.isConnected) element.click();
  }

  /**
   * @param {any} field
   * @param {string} value
   * @param {string} inputType
   * @param {string | null} data
   */
  function change(field, value, inputType, data) {
    field.value = value;
    dispatch(field, "input", "InputEvent", { cancelable: false, inputType, data });
  }

  /**
   * @param {any} field
   * @param {string} text
   */
  function insert(field, text) {
    const { selectionStart, selectionEnd, maxLength } = field;
    const value = (selectionStart === null && edited?.text) || field.value;
    const start = selectionStart ?? value.length;
    const next = value.slice(0, start) + text + value.slice(selectionEnd ?? value.length);
    if (field.readOnly || (maxLength >= 0 && next.length > maxLength)) return;
    if (edited) edited.text = next;
    change(field, next, "insertText", text);
    if (selectionStart !== null && field.value === next)
      field.setSelectionRange(start + text.length, start + text.length);
  }

  /** @param {any} field */
  function erase(field) {
    const { value, selectionStart, selectionEnd } = field;
    const end = selectionEnd ?? value.length;
    const start =
      selectionStart === null || selectionStart === end
        ? end - ([...value.slice(0, end)].at(-1)?.length ?? 0)
        : selectionStart;
    if (field.readOnly || start === end) return;
    if (edited) edited.text = undefined;
    change(field, value.slice(0, start) + value.slice(end), "deleteContentBackward", null);
    if (selectionStart !== null) field.setSelectionRange(start, start);
  }

  /** @param {boolean} backwards */
  function moveFocus(backwards) {
    const stops = [...document.querySelectorAll(focusable)].filter(
      (element) => isVisible(element) && !element.matches(":disabled") && element.tabIndex >= 0,
    );
    const at = stops.indexOf(document.activeElement);
    const next = at < 0 ? (backwards ? stops.length - 1 : 0) : at + (backwards ? -1 : 1);
    focus(stops[next] ?? null);
  }

  /**
   * What a browser does with a key, unless the app prevents it.
   * @param {any} element
   * @param {string} key
   * @param {any} held
   */
  function act(element, key, held) {
    const isText = element.matches("textarea") || (element.matches("input") && !element.matches(clickable));
    if (key === "Tab") return moveFocus(held.shiftKey);
    if (held.ctrlKey || held.altKey || held.metaKey) return;
    if (key === "Enter" && element.matches("a[href], button, summary")) return element.click();
    if (key === " " && element.matches(clickable) && !element.matches("a")) return element.click();
    if (!isText) return;
    if (key === "Enter" && element.matches("textarea")) insert(element, "\n");
    else if (key === "Enter") commit();
    else if (key === "Backspace") erase(element);
    else if ([...key].length === 1) insert(element, key);
  }

  /** @param {string} keys such as "a", "Enter" or "Shift+Tab" */
  async function press(keys) {
    const [, prefix, key] = /** @type {string[]} */ (
      /^((?:(?:Shift|Control|Alt|Meta)\+)*)(.+)$/su.exec(keys) ?? []
    );
    if (!key)
      throw new Error(`"${keys}" is no key. Use names such as "a", "Enter", "ArrowLeft" or "Shift+Tab".`);
    /** @type {any} */
    const held = {};
    for (const name of prefix.split("+")) if (name) held[/** @type {any} */ (modifiers)[name]] = true;
    const element = document.activeElement ?? root;
    if (dispatch(element, "keydown", "KeyboardEvent", { key, ...held })) act(element, key, held);
    dispatch(document.activeElement ?? root, "keyup", "KeyboardEvent", { key, ...held });
    await rest();
  }

  return {
    press,
    /** @param {Target} target */
    async click(target) {
      const element = find(root, target);
      checkUsable(element, target);
      click(element);
      await rest();
    },
    /**
     * @param {Target} target
     * @param {string} text
     */
    async type(target, text) {
      const field = findField(root, target);
      checkUsable(field, target);
      if (field.readOnly) throw new Error(`It can be read, but not changed: ${field.outerHTML}`);
      focus(field);
      if (field.selectionStart !== null) field.setSelectionRange(field.value.length, field.value.length);
      for (const character of text)
        await press(character === "\n" ? "Enter" : character === "\t" ? "Tab" : character);
    },
    /**
     * @param {Target} target
     * @param {boolean} [on]
     */
    async check(target, on = true) {
      const field = findField(root, target);
      checkUsable(field, target);
      if (!["checkbox", "radio"].includes(field.type))
        throw new Error(`It cannot be ticked: ${field.outerHTML}`);
      if (field.checked !== on) click(field);
      await rest();
    },
  };
}
