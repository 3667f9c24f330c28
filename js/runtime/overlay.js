// SPDX-License-Identifier: MIT
// What is shown in place of an app that cannot be.
import { describe } from "./errors.js";
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
  const isOwn = !IS_EMBEDDED || root === root.ownerDocument.body;
  /** @type {any[]} */
  const [box, heading, text, button] = [isOwn ? "dialog" : "div", "h2", "p", "button"].map((tag) =>
    root.ownerDocument.createElement(tag),
  );
  box.className = "kp-overlay";
  box.setAttribute("role", isOwn ? "alertdialog" : "alert");
  heading.textContent = title;
  text.textContent = cause;
  button.textContent = label;
  button.addEventListener("click", action, { once: true });
  box.append(heading, text, button);
  root.append(box);
  if (!isOwn) return;
  // Above all else, and it can be reached even if a dialog of the app is open.
  box.ariaLabel = title;
  box.setAttribute("closedby", "none");
  box.showModal?.();
}

/**
 * The same in a page that Kapok made. It is loaded anew: nothing of what went wrong can be left then.
 * @param {string} title
 * @param {unknown} thrown
 * @param {string} label
 */
export const failPage = (title, thrown, label) =>
  showFailure(document.body, title, describe(thrown), label, () => location.reload());

/** @param {unknown} thrown before the app was started: nothing but that it loads has been shown */
export function failStart(thrown) {
  document.body.replaceChildren();
  failPage("The app could not be started", thrown, "Retry");
}
