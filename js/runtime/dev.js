// SPDX-License-Identifier: MIT
// Loaded by pages that `kapok run` serves, and by no others: reloads the page when the app was
// built anew, shows what the compiler had to say when it could not be, and measures each batch of commands.
import { measureBatches } from "./measures.js";

/** @typedef {{type: "reload"} | {type: "error", text: string}} Message sent by the server, as JSON */

const events = new URL("./__kapok/events", document.baseURI);
const retryDelay = 1000;

/** @type {HTMLElement | undefined} */
let panel;

/** @param {string} text what the compiler wrote */
function show(text) {
  panel?.remove();
  panel = document.createElement("section");
  const heading = document.createElement("h2");
  const output = document.createElement("pre");
  const button = document.createElement("button");
  panel.className = "kp-page kp-overlay"; // with colors of its own, since it is beside the page
  panel.setAttribute("role", "alert");
  heading.textContent = "The app could not be built; this is the last one that could";
  output.textContent = text;
  output.style.cssText = "overflow: auto; max-height: 40dvh";
  // At the bottom, so that most of the app can still be used.
  panel.style.cssText = "top: auto; width: auto; max-width: none; box-sizing: border-box";
  button.type = "button";
  button.textContent = "Dismiss";
  button.addEventListener("click", () => panel?.remove());
  panel.append(heading, output, button);
  // Beside the body, whose content is the app's.
  document.documentElement.append(panel);
  panel.popover = "manual";
  panel.showPopover?.();
}

function connect() {
  const source = new EventSource(events);
  source.onmessage = ({ data }) => {
    const message = /** @type {Message} */ (JSON.parse(data));
    if (message.type === "reload") location.reload();
    else show(message.text);
  };
  // The browser itself tries again, unless the server has refused.
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, retryDelay);
  };
}

measureBatches();
connect();
