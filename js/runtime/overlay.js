// SPDX-License-Identifier: MIT
// What is shown in place of an app that cannot be.
import { IS_EMBEDDED } from "./used.js";

/**
 * Shows why the app does not run, and a button that may help.
 * @param {HTMLElement} root gets it as its last child
 * @param {string} title
 * @param {string} cause
 * @param {string} label of the button
 * @param {() => void} action of the button
 */
export function showFailure(root, title, cause, label, action) {
  const [box, heading, text, button] = ["div", "h2", "p", "button"].map((tag) =>
    root.ownerDocument.createElement(tag),
  );
  box.className = "kp-overlay";
  box.setAttribute("role", "alert");
  heading.textContent = title;
  text.textContent = cause;
  button.textContent = label;
  button.addEventListener("click", action, { once: true });
  box.append(heading, text, button);
  root.append(box);
  // Above all else, where that is nobody's but the app's.
  if (!IS_EMBEDDED || root === root.ownerDocument.body) {
    box.popover = "manual";
    box.showPopover?.();
  }
}
