// SPDX-License-Identifier: MIT
// Applies the app's commands to the page. The form of a command is in wasm/abi.json. A control is
// known by its number, and `nodes` holds its element; 1 is the page itself.
import {
  COMMAND_CLEAR,
  COMMAND_CREATE,
  COMMAND_DETACH,
  COMMAND_FAIL,
  COMMAND_FOCUS,
  COMMAND_FORGET,
  COMMAND_FREEZE,
  COMMAND_INSERT,
  COMMAND_LISTEN,
  COMMAND_NAME,
  COMMAND_SET,
  COMMAND_TEMPLATE,
  EINVAL,
  EIO,
  ESTALE,
  PLACE_ATTRIBUTE,
  PLACE_CLASS,
  PLACE_DATA,
  PLACE_PROPERTY,
  PLACE_STYLE,
  PLACE_TEXT,
  TYPE_FALSE,
  TYPE_INT,
  TYPE_LENGTH,
  TYPE_NAME,
  TYPE_NONE,
  TYPE_NUMBER,
  TYPE_TEXT,
  TYPE_TRUE,
} from "./abi.gen.js";
import { isSafeUrl, judgeName } from "./allow.js";
import { describe, KapokError } from "./errors.js";
import { move, setAttribute, setProperty } from "./elements.js";
import { createEvents, viewport } from "./events.js";
import { freeze, parseTemplate } from "./template.js";

/** @typedef {import("./elements.js").Value} Value */

/** @typedef {ReturnType<typeof createDom>} Dom */

/**
 * @param {object} host
 * @param {HTMLElement} host.root stands for the page
 * @param {import("./memory.js").Memory} host.memory
 * @param {(message: string) => void} host.onError told of each command that failed
 * @param {(entry: () => void) => void} host.enter into the app
 * @param {import("./events.js").Raise} host.raise an event
 */
export function createDom({ root, memory, onError, enter, raise }) {
  const document = root.ownerDocument;
  /** @type {(Element | undefined)[]} */
  const nodes = [];
  /** @type {(import("./allow.js").Name[] | undefined)[]} the events that a control asked for */
  const wishes = [];
  /** @type {import("./template.js").Template[]} */
  const templates = [];
  /** @type {import("./allow.js").Name[]} */
  const names = [];
  /** @type {import("./template.js").Template[]} what a control was made from, by the control's number */
  const kinds = [];
  /** @type {Element[]} what stands beside a control that failed, by the control's number */
  const notes = [];
  const events = createEvents({ root, nodes, wishes, kinds, part, enter, raise });
  let isLive = true;
  let isBare = true; // what the root held before the app is still there

  // The batch that is being applied.
  let words = /** @type {Uint32Array} */ (new Uint32Array());
  let at = 0;
  let end = 0;
  let texts = "";
  let cut = 0;
  const halves = new Uint32Array(2);
  const float = new Float64Array(halves.buffer);

  root.classList.add("kp-page"); // what the stylesheet goes by
  nodes[1] = root;
  const blank = document.createElement("div"); // what the root's properties go back to
  kinds[1] = { element: root, origins: [blank], wishes: [], paths: [[]], container: 0, kept: 0 };

  /**
   * @param {number} code
   * @param {string} cause
   * @returns {never}
   */
  function refuse(code, cause) {
    throw new KapokError(code, cause);
  }

  /** @param {number} control */
  const find = (control) => nodes[control] ?? refuse(ESTALE, "the control is gone");

  /**
   * @param {Element} element of a control or of its template
   * @param {boolean[]} path
   */
  function walk(element, path) {
    for (let i = 0; i < path.length; i++)
      element = /** @type {Element} */ (path[i] ? element.firstElementChild : element.nextElementSibling);
    return element;
  }

  /**
   * @param {number} control
   * @param {number} number of the part
   */
  function part(control, number) {
    const element = find(control);
    return number ? walk(element, kinds[control].paths[number]) : element;
  }

  /** @param {number} control */
  const container = (control) => part(control, kinds[control]?.container);

  const takeText = () => texts.substring(cut, (cut += words[at++]));

  function takeFloat() {
    halves[0] = words[at++];
    halves[1] = words[at++];
    return float[0];
  }

  /**
   * @param {number} type
   * @returns {Value}
   */
  function takeValue(type) {
    switch (type) {
      case TYPE_TEXT:
        return takeText();
      case TYPE_NONE:
        return null;
      case TYPE_FALSE:
      case TYPE_TRUE:
        return type === TYPE_TRUE;
      case TYPE_INT:
        return words[at++] | 0;
      case TYPE_NUMBER:
      case TYPE_LENGTH:
        return takeFloat();
      case TYPE_NAME:
        return names[words[at++]].text;
    }
    return skipRest();
  }

  // How long it is cannot be known, so that what follows cannot be read.
  function skipRest() {
    at = end;
    return refuse(EINVAL, "unknown command; the app is of another version of Kapok");
  }

  /**
   * @param {number} control
   * @param {number} target as in a `set` command
   * @param {Value} value
   */
  function set(control, target, value) {
    const number = (target >>> 16) & 255;
    const element = part(control, number);
    const place = (target >>> 24) & 15;
    if (place === PLACE_TEXT) return setText(element, kinds[control], number, `${value ?? ""}`);
    const { text, places, isAddress } = names[target & 0xffff];
    if (places[place] === false) refuse(EINVAL, `${text} may not be set`);
    if (isAddress && !isSafeUrl(`${value ?? ""}`, element)) {
      element.removeAttribute(text);
      refuse(EINVAL, `this address may not be used: ${value}`);
    }
    if (place === PLACE_ATTRIBUTE) setAttribute(element, text, value);
    else if (place === PLACE_DATA) setAttribute(element, `data-${text}`, value);
    else if (place === PLACE_CLASS) element.classList.toggle(text, !!value);
    else if (place === PLACE_STYLE) {
      const unit = target >>> 28 === TYPE_LENGTH ? "px" : "";
      /** @type {HTMLElement} */ (element).style.setProperty(text, `${value ?? ""}${unit}`);
    } else if (place === PLACE_PROPERTY) {
      // The title of the page is the document's, if the page is the app's.
      setProperty(
        element === document.body && text === "title" ? document : element,
        text,
        value ?? /** @type {any} */ (kinds[control].origins[number])[text],
      );
    }
  }

  /**
   * Where a template has a place for text, its clones have it too, which is quicker than to make one.
   * @param {Element} element
   * @param {import("./template.js").Template} kind
   * @param {number} number of the part
   * @param {string} text
   */
  function setText(element, kind, number, text) {
    const first = element.firstChild;
    if (first?.nodeType === 3) {
      first.nodeValue = text;
      return;
    }
    element.prepend(text);
    const origin = kind.origins[number];
    if (origin.firstChild?.nodeType !== 3) origin.prepend("");
  }

  /**
   * @param {number} control
   * @param {number} parent
   * @param {number} before
   */
  function insert(control, parent, before) {
    const node = find(control);
    const target = container(parent);
    const next = before ? find(before) : null;
    if (parent === 1) bare();
    if (node.isConnected) events.ignore(() => move(node, target, next));
    else target.insertBefore(node, next);
    if (notes[control]) node.after(notes[control]);
  }

  /** The first thing to be shown takes the place of what was there. */
  function bare() {
    if (isBare) root.replaceChildren();
    isBare = false;
  }

  /** @param {number} control */
  function clear(control) {
    const element = container(control);
    let count = element.childElementCount - kinds[control].kept;
    if (element.firstChild?.nodeType === 1 && count === element.childElementCount) element.textContent = "";
    while (count-- > 0) element.lastElementChild?.remove();
  }

  /** @param {any} element */
  function focus(element) {
    element.focus();
    if (element.getRootNode().activeElement !== element)
      refuse(EINVAL, "it cannot take the focus; is it on the page?");
  }

  /**
   * A void element cannot hold the note, so it stands behind the control, and goes with it.
   * @param {number} control
   * @param {string} cause
   */
  function fail(control, cause) {
    const element = find(control);
    const note = (notes[control] ??= document.createElement("p"));
    note.className = "kp-failure";
    note.setAttribute("role", "alert");
    note.textContent = cause;
    element.classList.add("kp-failed");
    if (element === root) root.append(note);
    else element.after(note);
  }

  /**
   * The operands are taken first, so that the next command can be read whatever this one meets.
   * @param {number} command
   * @param {number} control
   */
  function run(command, control) {
    switch (command) {
      case COMMAND_SET: {
        const target = words[at++];
        return set(control, target, takeValue(target >>> 28));
      }
      case COMMAND_CREATE:
        kinds[control] = templates[words[at++]] ?? refuse(EINVAL, "no such template");
        nodes[control] = /** @type {Element} */ (kinds[control].element.cloneNode(true));
        return;
      case COMMAND_INSERT:
        return insert(control, words[at++], words[at++]);
      case COMMAND_LISTEN: {
        const name = names[words[at++]];
        const on = words[at++];
        find(control);
        return events.listen(control, on, name);
      }
      case COMMAND_NAME: {
        const number = words[at++];
        names[number] = judgeName(takeText(), number);
        return;
      }
      case COMMAND_TEMPLATE: {
        const name = words[at++];
        templates[name] = parseTemplate(takeText(), document);
        return;
      }
      case COMMAND_FREEZE: {
        const name = words[at++];
        const controls = words.subarray(at + 1, (at += 1 + words[at]));
        templates[name] = freeze(
          find(control),
          Array.from(controls, (member) => ({
            template: kinds[member],
            elements: kinds[member].paths.map((_, number) => part(member, number)),
            wishes: wishes[member] ?? [],
          })),
        );
        return;
      }
      case COMMAND_DETACH:
        notes[control]?.remove();
        return find(control).remove();
      case COMMAND_CLEAR:
        return clear(control);
      case COMMAND_FORGET:
        if (notes[control]) delete notes[control];
        wishes[control] = nodes[control] = undefined;
        return;
      case COMMAND_FOCUS:
        return focus(part(control, words[at++]));
      case COMMAND_FAIL:
        return fail(control, takeText());
    }
    skipRest();
  }

  /**
   * The import of the same name.
   * @param {number} commands
   * @param {number} count
   * @param {number} text
   * @param {number} bytes
   * @returns {number} 0 or the code of the first command that failed; all the others are applied
   */
  function apply(commands, count, text, bytes) {
    let result = 0;
    let head = 0;
    words = memory.view().words;
    texts = memory.text(text, bytes);
    cut = 0;
    at = commands >>> 2;
    end = at + count;
    while (isLive && at < end) {
      try {
        while (isLive && at < end) {
          head = words[at++];
          run(head & 255, head >>> 8);
        }
      } catch (thrown) {
        result ||= thrown instanceof KapokError ? thrown.code : EIO;
        onError(`command ${head & 255} of control ${head >>> 8}: ${describe(thrown)}`);
      }
    }
    return result;
  }

  /**
   * @param {number} control
   * @param {number} target as in a `set` command
   * @returns {any} the property's value
   */
  function read(control, target) {
    const element = part(control, (target >>> 16) & 255);
    const { text } = names[target & 0xffff];
    if (text !== "width" && text !== "height") return /** @type {any} */ (element)[text];
    return (control === 1 ? viewport(root) : element.getBoundingClientRect())[text];
  }

  return {
    apply,
    read,
    bare,
    /** Ends it, also in the middle of a batch. What is on the page stays. */
    stop() {
      isLive = false;
      events.stop();
    },
  };
}
