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
  COMMAND_MOVE,
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
  TYPE_INT,
  TYPE_LENGTH,
  TYPE_NAME,
  TYPE_NUMBER,
  TYPE_TEXT,
  TYPE_TRUE,
} from "./abi.gen.js";
import { isSafeUrl, judgeName } from "./allow.js";
import { describe, KapokError } from "./errors.js";
import { isText, move, setAttribute } from "./elements.js";
import { createEvents, viewport } from "./events.js";
import { freeze, parseTemplate } from "./template.js";
import {
  IS_EMBEDDED,
  USES_ADDRESSES,
  USES_EVENTS,
  USES_FOCUS,
  USES_ITEMS,
  USES_PROPERTIES,
  USES_READING,
  USES_STYLES,
  unused,
} from "./used.js";

/** @typedef {import("./elements.js").Value} Value */

/** What is set most often, as in the `target` of a command. */
const TEXT_OF_TEXT = (TYPE_TEXT << 4) | PLACE_TEXT;

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
  /** @type {(import("./template.js").Wish[] | undefined)[]} the events that a control asked for */
  const wishes = [];
  /** @type {import("./template.js").Template[]} */
  const templates = [];
  /** @type {import("./allow.js").Name[]} */
  const names = [];
  /** @type {import("./template.js").Template[]} what a control was made from, by the control's number */
  const kinds = [];
  /** @type {(Text | undefined)[]} the text of a control's root, by the control's number */
  const texts = [];
  /** @type {(Text[] | undefined)[]} those of other parts that have changed, by the part's number */
  const partTexts = [];
  /** @type {(Element | undefined)[]} what stands beside a control that failed, by the control's number */
  const notes = [];
  const events = USES_EVENTS ? createEvents({ root, nodes, wishes, kinds, part, enter, raise }) : unused;
  let isLive = true;
  let isBare = true; // what the root held before the app is still there

  // The batch that is being applied.
  let words = /** @type {Uint32Array} */ (new Uint32Array());
  let at = 0;
  let end = 0;
  /** @type {string[]} */
  let batch = [];
  let cut = 0;
  let fresh = 0; // the control that was made last

  if (IS_EMBEDDED) root.classList.add("kp-page"); // what the stylesheet goes by
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
   * @param {number} control
   * @param {number} number of the part
   */
  function part(control, number) {
    let element = find(control);
    if (number)
      for (const down of kinds[control].paths[number])
        element = /** @type {Element} */ (down ? element.firstElementChild : element.nextElementSibling);
    return element;
  }

  /** @param {number} control */
  const container = (control) => part(control, kinds[control]?.container);

  const takeText = () => batch[cut++];

  /**
   * @param {number} type
   * @returns {Value}
   */
  function takeValue(type) {
    if (type === TYPE_TEXT) return takeText();
    if (type === TYPE_NAME) return names[words[at++]].text;
    if (type === TYPE_INT) return words[at++] | 0;
    if (type === TYPE_NUMBER || type === TYPE_LENGTH) {
      const number = new DataView(words.buffer).getFloat64(4 * at, true);
      at += 2;
      return type === TYPE_LENGTH ? `${number}px` : number;
    }
    return type > TYPE_TRUE ? skipRest() : type ? type === TYPE_TRUE : null;
  }

  // How long it is cannot be known, so that what follows cannot be read.
  function skipRest() {
    at = end;
    return refuse(EINVAL, `unknown command${IS_EMBEDDED ? "; the app is of another version of Kapok" : ""}`);
  }

  /**
   * @param {number} control
   * @param {number} target as in a `set` command
   * @param {Value} value
   */
  function set(control, target, value) {
    const number = (target >>> 16) & 255;
    const place = (target >>> 24) & 15;
    if (place === PLACE_TEXT) return setText(control, number, `${value ?? ""}`);
    /** @type {any} */
    const element = part(control, number);
    const name = names[target & 0xffff];
    const { text } = name;
    if (name.places[place] === false) refuse(EINVAL, `${text} may not be set`);
    if (USES_ADDRESSES && name.isAddress && !isSafeUrl(`${value ?? ""}`, element)) {
      element.removeAttribute(text);
      refuse(EINVAL, `${text}: this address may not be used: ${value}`);
    }
    if (place === PLACE_ATTRIBUTE) setAttribute(element, text, value);
    else if (place === PLACE_DATA) setAttribute(element, `data-${text}`, value);
    else if (place === PLACE_CLASS) element.classList.toggle(text, !!value);
    else if (USES_STYLES && place === PLACE_STYLE) element.style.setProperty(text, `${value ?? ""}`);
    else if (USES_PROPERTIES && place === PLACE_PROPERTY) {
      const wanted = value ?? /** @type {any} */ (kinds[control].origins[number])[text];
      // The title of the page is the document's, if the page is the app's.
      const owner = element === document.body && text === "title" ? document : element;
      // What the user sees already is not set again, as it would move the cursor in a field.
      if (owner[text] !== wanted) owner[text] = wanted;
    }
  }

  /**
   * Where a template has a place for text, its clones have it too, which is quicker than to make one. To come by a
   * text takes longer than to set it, so it is held: that of a part once it has changed, as items have many.
   * @param {number} control
   * @param {number} number of the part
   * @param {string} text
   */
  function setText(control, number, text) {
    let node = number ? partTexts[control]?.[number] : texts[control];
    if (!node?.parentNode) {
      const element = part(control, number);
      if (!isText(element.firstChild)) {
        element.prepend("");
        const origin = kinds[control].origins[number];
        if (!isText(origin.firstChild)) origin.prepend("");
      }
      node = /** @type {Text} */ (element.firstChild);
      if (!number) texts[control] = node;
      else if (control !== fresh) (partTexts[control] ??= [])[number] = node;
    }
    node.data = text;
  }

  /** The first thing to be shown takes the place of what was there. */
  function bare() {
    if (isBare) root.replaceChildren();
    isBare = false;
  }

  /** @param {number} control */
  function clear(control) {
    const element = container(control);
    const { kept } = kinds[control];
    if (!kept && !isText(element.firstChild)) element.textContent = "";
    else
      for (let count = element.childElementCount; count > kept; count--) element.lastElementChild?.remove();
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
    if (element === root) {
      bare();
      root.append(note);
    } else element.after(note);
  }

  /** @param {Uint32Array} controls */
  function freezeAll(controls) {
    return freeze(
      Array.from(controls, (member) => ({
        template: kinds[member],
        elements: kinds[member].paths.map((_, number) => part(member, number)),
        wishes: wishes[member] ?? [],
      })),
    );
  }

  /**
   * The operands are taken first, so that the next command can be read whatever this one meets.
   * @param {number} command
   * @param {number} control
   */
  function run(command, control) {
    const first = words[at];
    switch (command) {
      case COMMAND_SET:
        at++;
        if (first >>> 24 === TEXT_OF_TEXT) return setText(control, (first >>> 16) & 255, takeText());
        return set(control, first, takeValue(first >>> 28));
      case COMMAND_CREATE:
        at++;
        fresh = control;
        kinds[control] = templates[first] ?? refuse(EINVAL, "no such template");
        nodes[control] = /** @type {Element} */ (kinds[control].element.cloneNode(true));
        return;
      case COMMAND_INSERT:
      case COMMAND_MOVE: {
        const before = words[at + 1];
        at += 2;
        const node = find(control);
        const parent = container(first);
        const next = before ? find(before) : null;
        if (first === 1) bare();
        if (command === COMMAND_INSERT) parent.insertBefore(node, next);
        else if (USES_EVENTS) events.ignore(() => move(node, parent, next));
        else move(node, parent, next);
        if (notes.length) node.after(notes[control] ?? "");
        return;
      }
      case COMMAND_NAME:
        at++;
        names[first] = judgeName(takeText(), first);
        return;
      case COMMAND_TEMPLATE:
        at++;
        templates[first] = parseTemplate(takeText(), document);
        return;
      case COMMAND_DETACH:
        notes[control]?.remove();
        return find(control).remove();
      case COMMAND_CLEAR:
        return clear(control);
      case COMMAND_FORGET: {
        const after = control + first;
        at++;
        for (const list of [nodes, wishes, texts, partTexts, notes]) list.fill(undefined, control, after);
        return;
      }
      case COMMAND_FAIL:
        return fail(control, takeText());
    }
    if (USES_EVENTS && command === COMMAND_LISTEN) {
      at += 2;
      find(control);
      events.listen(control, words[at - 1], names[first]);
    } else if (USES_FOCUS && command === COMMAND_FOCUS) {
      at++;
      focus(part(control, first));
    } else if (USES_ITEMS && command === COMMAND_FREEZE) {
      const controls = words.subarray(at + 2, (at += 2 + words[at + 1]));
      templates[first] = freezeAll(controls);
    } else skipRest();
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
    words = new Uint32Array(memory.buffer());
    batch = bytes ? memory.text(text, bytes).split("\0") : [""];
    cut = fresh = 0;
    at = commands >>> 2;
    end = at + count;
    while (isLive && at < end)
      try {
        while (isLive && at < end) {
          head = words[at++];
          run(head & 255, head >>> 8);
        }
      } catch (thrown) {
        result ||= thrown instanceof KapokError ? thrown.code : EIO;
        onError(`command ${head & 255} of control ${head >>> 8}: ${describe(thrown)}`);
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

  /** Ends it, also in the middle of a batch. What is on the page stays. */
  function stop() {
    isLive = false;
    events.stop();
  }

  return { apply, bare, read: USES_READING ? read : unused, stop: IS_EMBEDDED ? stop : unused };
}
