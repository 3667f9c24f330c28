// SPDX-License-Identifier: MIT
// What is shown in place of an app that cannot be.

/**
 * Shows why the app does not run, and a button that may help.
 * @param {HTMLElement} root gets it as its last child
 * @param {"alert" | "alertdialog"} role
 * @param {string} title
 * @param {string} cause
 * @param {string} label of the button
 * @param {() => void} action of the button; it is pressed at most once
 * @returns {HTMLElement} what is shown
 */
export function showFailure(root, role, title, cause, label, action) {
  const document = root.ownerDocument;
  const box = document.createElement("div");
  const heading = document.createElement("h2");
  const text = document.createElement("p");
  const button = document.createElement("button");
  box.className = "kp-overlay";
  box.setAttribute("role", role);
  box.setAttribute("aria-label", title);
  heading.textContent = title;
  text.textContent = cause;
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", action, { once: true });
  box.append(heading, text, button);
  root.append(box);
  return box;
}
