// SPDX-License-Identifier: MIT
// Listens at the root of the page for all controls, and finds out which of them want what happened.
import {
  EINVAL,
  EIO,
  MODIFIER_ALT,
  MODIFIER_CTRL,
  MODIFIER_META,
  MODIFIER_REPEAT,
  MODIFIER_SHIFT,
  REPLY_PREVENT_DEFAULT,
  REPLY_STOP_PROPAGATION,
} from "./abi.gen.js";
import { KapokError } from "./errors.js";

/** @typedef {import("./allow.js").Name} Name */

/** @typedef {{control: number, names: Name[]}} Listener of one control: the events it asked for */

/**
 * @typedef {object} Detail what a handler is told, see `event` in wasm/abi.json
 * @property {string} [text]
 * @property {number} [modifiers]
 * @property {number} [x]
 * @property {number} [y]
 * @property {number} [width]
 * @property {number} [height]
 * @property {boolean} [checked]
 * @property {number} [code]
 */

/**
 * Hands an event to the app, now or, when the app is running, later. `isWanted` is asked at that
 * time; `onReply` is told what the handler asked for.
 * @typedef {(control: number, name: number, detail: Detail,
 *   isWanted: () => boolean, onReply: (reply: number) => void) => void} Deliver
 */

/**
 * The size that the app has to itself: of the window when it owns the page, else of its root.
 * @param {HTMLElement} root
 */
export function viewport(root) {
  const { body, defaultView } = root.ownerDocument;
  return root === body && defaultView
    ? { width: defaultView.innerWidth, height: defaultView.innerHeight }
    : { width: root.clientWidth, height: root.clientHeight };
}

/**
 * @param {any} event
 * @param {string | undefined} key the one that was waited for
 * @returns {Detail}
 */
function read(event, key) {
  const { target } = event;
  if (event.type === "error")
    return { text: `image failed to load: ${target.currentSrc || target.src}`, code: EIO };
  return {
    text: `${(key ? target.value : (event.key ?? target.value)) ?? ""}`,
    modifiers:
      (event.shiftKey && MODIFIER_SHIFT) |
      (event.ctrlKey && MODIFIER_CTRL) |
      (event.altKey && MODIFIER_ALT) |
      (event.metaKey && MODIFIER_META) |
      (event.repeat && MODIFIER_REPEAT),
    x: event.clientX,
    y: event.clientY,
    checked: target.checked ?? target.open,
  };
}

/**
 * @param {object} host
 * @param {HTMLElement} host.root
 * @param {(Element | undefined)[]} host.nodes the controls' elements by number
 * @param {(control: number, element: Element) => boolean} host.hasPart is the element the control's own?
 * @param {Deliver} host.deliver
 */
export function createEvents({ root, nodes, hasPart, deliver }) {
  const stopping = new AbortController();
  // The app's own, as there may be several on a page.
  const key = Symbol("kapok");
  /** @type {Set<string>} the kinds of event that the root listens for */
  const heard = new Set();
  let isDeaf = false;
  let size = viewport(root);

  /** @param {any} element @returns {Listener | undefined} */
  const listenerOf = (element) => element?.[key];

  /**
   * Who wants the event, from the inside out. What does not bubble is for the control whose own
   * element it happened to; entering and leaving, for its root only.
   * @param {Event} event
   */
  function route({ target, type, bubbles }) {
    const found = [];
    for (let element = /** @type {any} */ (target); element; element = element.parentNode) {
      const { control = 0, names = [] } = listenerOf(element) ?? {};
      for (const name of names)
        if (
          name.event?.type === type &&
          (bubbles ||
            element === target ||
            (!/(enter|leave)$/.test(type) && hasPart(control, /** @type {Element} */ (target))))
        )
          found.push({ control, name });
      if (element === root) break;
    }
    return found.length || type !== "error" ? found : routeError(/** @type {Element} */ (target));
  }

  /**
   * The page hears of a picture that nobody else asked about.
   * @param {Element} target
   */
  function routeError(target) {
    const control = nodes.findIndex((node, number) => node?.contains(target) && hasPart(number, target));
    const name = listenerOf(root)?.names.find(({ text }) => text === "error");
    return control > 0 && name ? [{ control, name }] : [];
  }

  /** @param {Event} event */
  function handle(event) {
    const pressed = /** @type {any} */ (event).key;
    // The keys that compose a character are the input method's.
    if (isDeaf || (pressed && /** @type {any} */ (event).isComposing)) return;
    let isStopped = false;
    for (const { control, name } of route(event)) {
      const wanted = name.event?.key;
      if (wanted && wanted !== pressed) continue;
      const element = nodes[control];
      deliver(
        control,
        name.number,
        read(event, wanted),
        // Until it is delivered the control may have gone, and its number be another's.
        () => !isStopped && nodes[control] === element,
        (reply) => {
          if (reply & REPLY_PREVENT_DEFAULT) event.preventDefault();
          if (reply & REPLY_STOP_PROPAGATION) event.stopPropagation();
          isStopped ||= !!(reply & REPLY_STOP_PROPAGATION);
        },
      );
    }
  }

  function handleResize() {
    const { width, height } = size;
    size = viewport(root);
    if (size.width === width && size.height === height) return;
    for (const { event, number } of listenerOf(root)?.names ?? [])
      if (event?.type === "resize") deliver(1, number, size, () => true, () => {}); // prettier-ignore
  }

  function watchSize() {
    const window = /** @type {Window & typeof globalThis} */ (root.ownerDocument.defaultView);
    const { signal } = stopping;
    if (root === root.ownerDocument.body) return window.addEventListener("resize", handleResize, { signal });
    const observer = new window.ResizeObserver(handleResize);
    observer.observe(root);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  /** @param {string} type */
  function hear(type) {
    if (heard.has(type)) return;
    heard.add(type);
    if (type === "resize") return watchSize();
    const options = { passive: false, signal: stopping.signal };
    root.addEventListener(type, (event) => event.bubbles && handle(event), options);
    root.addEventListener(type, (event) => event.bubbles || handle(event), { ...options, capture: true });
  }

  return {
    /**
     * @param {number} control
     * @param {any} element its root
     * @param {Name} name
     * @param {boolean} on
     * @throws {KapokError} when there is no such event
     */
    listen(control, element, name, on) {
      if (!name.event) throw new KapokError(EINVAL, `there is no event ${name.text}`);
      const listener = (element[key] ??= { control, names: [] });
      listener.names = listener.names.filter((/** @type {Name} */ other) => other !== name);
      if (!on) return;
      listener.names.push(name);
      hear(name.event.type);
    },
    /**
     * What happens meanwhile is not the user's doing, and not told to the app.
     * @param {() => void} action
     */
    ignore(action) {
      isDeaf = true;
      try {
        action();
      } finally {
        isDeaf = false;
      }
    },
    stop: () => stopping.abort(),
  };
}
