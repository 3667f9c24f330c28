// SPDX-License-Identifier: MIT
// Starts the app of a page that Kapok made. Its index.html names the module:
// <link id="kapok-app" rel="preload" as="fetch" crossorigin href="app.wasm" integrity="sha384-…">
// What the body holds is shown until the app has something to show.
import { describe } from "./errors.js";
import { mount } from "./mount.js";
import { showFailure } from "./overlay.js";

const link = /** @type {HTMLLinkElement} */ (document.getElementById("kapok-app"));
const root = document.body;

async function boot() {
  try {
    await mount({ app: link.href, integrity: link.integrity, root });
  } catch (thrown) {
    console.error(thrown);
    const before = [...root.childNodes];
    root.replaceChildren();
    showFailure(root, "alert", "The app could not be started", describe(thrown), "Retry", () => {
      root.replaceChildren(...before);
      boot();
    });
  }
}

boot();
