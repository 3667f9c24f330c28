// SPDX-License-Identifier: MIT
// Writes batches of commands as the C core does, so that the browser side can be tested without it.
import * as abi from "../../js/runtime/abi.gen.js";

const places = {
  text: abi.PLACE_TEXT,
  attribute: abi.PLACE_ATTRIBUTE,
  property: abi.PLACE_PROPERTY,
  style: abi.PLACE_STYLE,
  class: abi.PLACE_CLASS,
  data: abi.PLACE_DATA,
};

/** A value that is sent as a length in CSS pixels. @param {number} length */
export const px = (length) => ({ length });

/** A value that is sent as a name's number. @param {number} name */
export const named = (name) => ({ name });

export class Batch {
  /** @type {number[]} */
  words = [];
  text = "";
  /** Numbers of what was announced; survives `reset`. @type {Map<string, number>} */
  numbers = new Map();
  /** The controls that stand somewhere; survives `reset`. @type {Set<number>} */
  placed = new Set();
  /** How many templates were made of controls. */
  frozen = 0;

  /** @param {number} command @param {number} control @param {number[]} operands */
  add(command, control, ...operands) {
    this.words.push((command | (control << 8)) >>> 0, ...operands.map((operand) => operand >>> 0));
    return this;
  }

  /** @param {number} command @param {number} control @param {string} text @param {number[]} operands */
  #add(command, control, text, ...operands) {
    this.text += `${text}\0`;
    return this.add(command, control, ...operands);
  }

  /** Announces a name, once. @param {string} text */
  name(text) {
    return this.#announce(abi.COMMAND_NAME, text);
  }

  /** @param {string} markup */
  template(markup) {
    return this.#announce(abi.COMMAND_TEMPLATE, markup);
  }

  /** @param {number} command @param {string} text */
  #announce(command, text) {
    let number = this.numbers.get(text);
    if (!number) {
      number = this.numbers.size + 1;
      this.numbers.set(text, number);
      this.#add(command, 0, text, number);
    }
    return number;
  }

  /** @param {number} control @param {string} markup */
  create(control, markup) {
    const template = this.template(markup);
    return this.add(abi.COMMAND_CREATE, control, template);
  }

  /** Makes a template of controls that are one tree. @param {number[]} controls the root first */
  freeze(...controls) {
    const template = 10_000 + ++this.frozen;
    this.add(abi.COMMAND_FREEZE, controls[0], template, controls.length, ...controls);
    return template;
  }

  /** @param {number} control @param {number} template made by `freeze` */
  createFrom(control, template) {
    return this.add(abi.COMMAND_CREATE, control, template);
  }

  /**
   * @param {number} control
   * @param {keyof typeof places} place
   * @param {string} name
   * @param {any} value
   * @param {number} [part]
   */
  set(control, place, name, value, part = 0) {
    const number = name && this.name(name);
    const target = (/** @type {number} */ type) =>
      number | (part << 16) | (places[place] << 24) | (type << 28);
    const send = (/** @type {number} */ type, /** @type {number[]} */ ...operands) =>
      this.add(abi.COMMAND_SET, control, target(type), ...operands);
    if (value === null) return send(abi.TYPE_NONE);
    if (value === false) return send(abi.TYPE_FALSE);
    if (value === true) return send(abi.TYPE_TRUE);
    if (typeof value === "string") return this.#add(abi.COMMAND_SET, control, value, target(abi.TYPE_TEXT));
    if (Number.isInteger(value)) return send(abi.TYPE_INT, value);
    if (value.name) return send(abi.TYPE_NAME, value.name);
    const float = new Uint32Array(new Float64Array([value.length ?? value]).buffer);
    return send(value.length === undefined ? abi.TYPE_NUMBER : abi.TYPE_LENGTH, ...float);
  }

  /** @param {number} control @param {string} text @param {number} [part] */
  setText(control, text, part) {
    return this.set(control, "text", "", text, part);
  }

  /** @param {number} control @param {string} event @param {boolean} [on] */
  listen(control, event, on = true) {
    const name = this.name(event);
    return this.add(abi.COMMAND_LISTEN, control, name, Number(on));
  }

  /** @param {number} control @param {number} [parent] @param {number} [before] */
  insert(control, parent = 1, before = 0) {
    const command = this.placed.has(control) ? abi.COMMAND_MOVE : abi.COMMAND_INSERT;
    this.placed.add(control);
    return this.add(command, control, parent, before);
  }

  /** @param {number} control */
  detach(control) {
    this.placed.delete(control);
    return this.add(abi.COMMAND_DETACH, control);
  }

  /** @param {number} control */
  clear(control) {
    return this.add(abi.COMMAND_CLEAR, control);
  }

  /** @param {number} control */
  forget(control, count = 1) {
    for (let each = control; each < control + count; each++) this.placed.delete(each);
    return this.add(abi.COMMAND_FORGET, control, count);
  }

  /** @param {number} control @param {number} [part] */
  focus(control, part = 0) {
    return this.add(abi.COMMAND_FOCUS, control, part);
  }

  /** @param {number} control @param {string} cause */
  fail(control, cause) {
    return this.#add(abi.COMMAND_FAIL, control, cause);
  }

  /** Takes what is gathered, as the operands of `apply`, out of here and into memory at `at`. */
  write(/** @type {WebAssembly.Memory} */ memory, at = 1024) {
    const bytes = new TextEncoder().encode(this.text);
    const textAt = at + this.words.length * 4;
    const missing = textAt + bytes.length - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    new Uint32Array(memory.buffer, at, this.words.length).set(this.words);
    new Uint8Array(memory.buffer, textAt, bytes.length).set(bytes);
    const operands = /** @type {const} */ ([at, this.words.length, textAt, bytes.length]);
    this.words = [];
    this.text = "";
    return operands;
  }
}
