// SPDX-License-Identifier: MIT
// Listens at the root of the page for all controls, and finds out which of them want what happened.
import {
  EINVAL,
  EIO,
  EVENT_ALT,
  EVENT_CHECKED,
  EVENT_CTRL,
  EVENT_META,
  EVENT_REPEAT,
  EVENT_SHIFT,
  REPLY_PREVENT_DEFAULT,
  REPLY_STOP_PROPAGATION,
} from "./abi.gen.js";
import { KapokError } from "./errors.js";
import { IS_EMBEDDED, unused, USES_IMAGE_ERRORS, USES_KEYS, USES_QUIET_EVENTS, USES_RESIZE } from "./used.js";

/** @typedef {import("./allow.js").Name} Name */

/** @typedef {import("./template.js").Wish} Wish */

/**
 * @typedef {object} Detail what a handler is told, see `kp_deliver` in wasm/abi.json
 * @property {string} [text]
 * @property {number} [flags]
 * @property {number} [x]
 * @property {number} [y]
 * @property {number} [width]
 * @property {number} [height]
 * @property {number} [code]
 */

/**
 * Calls the app's handler, to be done inside the gate: `target` as kp_deliver is told, see wasm/abi.json.
 * Returns what the handler asked for.
 * @typedef {(control: number, target: number, detail: Detail) => number} Raise
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
  if (USES_IMAGE_ERRORS && event.type === "error")
    return { text: `image failed to load: ${target.currentSrc || target.src}`, code: EIO };
  return {
    text: `${(USES_KEYS && !key ? event.key : null) ?? target.value ?? ""}`,
    flags:
      (event.shiftKey && EVENT_SHIFT) |
      (event.ctrlKey && EVENT_CTRL) |
      (event.altKey && EVENT_ALT) |
      (event.metaKey && EVENT_META) |
      (USES_KEYS && event.repeat && EVENT_REPEAT) |
      ((target.checked ?? target.open) && EVENT_CHECKED),
    x: event.clientX,
    y: event.clientY,
  };
}

/**
 * @param {object} host
 * @param {HTMLElement} host.root
 * @param {(Element | undefined)[]} host.nodes the controls' elements by number
 * @param {(Wish[] | undefined)[]} host.wishes the events that they asked for
 * @param {import("./template.js").Template[]} host.kinds what they were made from
 * @param {(control: number, number: number) => Element} host.part
 * @param {(entry: () => void) => void} host.enter into the app, now or when what runs there has returned
 * @param {Raise} host.raise
 */
export function createEvents({ root, nodes, wishes, kinds, part, enter, raise }) {
  /** @type {Set<string>} the kinds of event that the root listens for */
  const heard = new Set();
  const stopping = IS_EMBEDDED ? new AbortController() : unused;
  const signal = IS_EMBEDDED ? stopping.signal : unused;
  let isDeaf = false;
  let size = USES_RESIZE ? viewport(root) : unused;

  /**
   * Whether the element is one of the parts that the control has from `first` on.
   * @param {number} control
   * @param {Element} element
   * @param {number} [first]
   * @param {number} [count]
   */
  const hasPart = (control, element, first = 0, count = Infinity) =>
    kinds[control].paths.some(
      (_, number) => number >= first && number < first + count && part(control, number) === element,
    );

  /**
   * Who wants the event, from the inside out. What does not bubble is for the control whose own
   * element it happened to; entering and leaving, for its root only.
   * @param {any} event
   */
  function route({ target, type, bubbles }) {
    /** @type {{ control: number, part: number, name: Name, depth: number }[]} */
    const found = [];
    /** @type {Element[]} those from the target up */
    const passed = [];
    for (let element = target; element; element = element !== root && element.parentNode) {
      passed.push(element);
      // To search now costs less than to mark each element that might be asked about.
      const control = nodes.indexOf(element);
      if (control < 0) continue;
      for (const { name, part: first, parts } of kinds[control].wishes.concat(wishes[control] ?? [])) {
        if (name.type !== type) continue;
        const depth = passed.indexOf(part(control, first));
        if (
          depth >= 0 &&
          (!USES_QUIET_EVENTS ||
            bubbles ||
            !depth ||
            (!/enter|leave/.test(type) && hasPart(control, target, first, parts)))
        )
          found.push({ control, part: first, name, depth });
      }
    }
    // The page hears of a picture that nobody else asked about.
    if (USES_IMAGE_ERRORS && type === "error" && !found[0])
      for (const { name } of wishes[1]?.filter(({ name }) => name.type === type) ?? []) {
        const control = nodes.findIndex((node, number) => node && hasPart(number, target));
        if (control > 0) found.push({ control, part: 0, name, depth: 0 });
      }
    return found.sort((a, b) => a.depth - b.depth);
  }

  /** @param {any} event */
  function handle(event) {
    // The keys that compose a character are the input method's.
    if (isDeaf || (USES_KEYS && event.key && event.isComposing)) return;
    let isStopped = false;
    for (const { control, part, name } of route(event)) {
      if (USES_KEYS && name.key && name.key !== event.key) continue;
      const element = nodes[control];
      const detail = read(event, USES_KEYS ? name.key : unused);
      enter(() => {
        // By now the control may have gone, and its number be another's.
        if (isStopped || nodes[control] !== element) return;
        const reply = raise(control, name.number | (part << 16), detail);
        if (reply & REPLY_PREVENT_DEFAULT) event.preventDefault();
        if (!(reply & REPLY_STOP_PROPAGATION)) return;
        isStopped = true;
        event.stopPropagation();
      });
    }
  }

  function handleResize() {
    const { width, height } = size;
    size = viewport(root);
    if (size.width === width && size.height === height) return;
    for (const { name } of wishes[1] ?? [])
      if (name.type === "resize") enter(() => void raise(1, name.number, size));
  }

  function hearResize() {
    const window = /** @type {Window & typeof globalThis} */ (root.ownerDocument.defaultView);
    if (!IS_EMBEDDED || root === window.document.body)
      return window.addEventListener("resize", handleResize, { signal });
    const observer = new window.ResizeObserver(handleResize);
    observer.observe(root);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  /** @param {string} type */
  function hear(type) {
    if (heard.has(type)) return;
    heard.add(type);
    if (USES_RESIZE && type === "resize") return hearResize();
    const options = { passive: false, signal };
    if (!USES_QUIET_EVENTS) return root.addEventListener(type, handle, options);
    // What does not bubble passes the root on its way down only.
    root.addEventListener(type, (event) => event.bubbles && handle(event), options);
    root.addEventListener(type, (event) => event.bubbles || handle(event), { ...options, capture: true });
  }

  return {
    /**
     * @param {number} control
     * @param {number} on 0: not any more
     * @param {Name} name
     * @throws {KapokError} when there is no such event
     */
    listen(control, on, name) {
      if (!name.type) throw new KapokError(EINVAL, `there is no event ${name.text}`);
      const others = wishes[control]?.filter((other) => other.name !== name) ?? [];
      if (on) others.push({ name, part: 0, parts: kinds[control].paths.length });
      wishes[control] = others;
      hear(name.type);
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
    stop: IS_EMBEDDED ? () => stopping.abort() : unused,
  };
}
