// SPDX-License-Identifier: MIT
// Starts the app of a page that Kapok made. Its index.html names the module:
// <link id="kapok-app" rel="preload" as="fetch" crossorigin href="app.wasm" data-integrity="sha384-…">
// What the body holds is shown until the app has something to show.
import { describe } from "./errors.js";
import { compile } from "./load.js";
import { showFailure } from "./overlay.js";
import { createRunner } from "./runner.js";

const link = /** @type {HTMLLinkElement} */ (document.getElementById("kapok-app"));
const root = document.body;

async function boot() {
  try {
    const module = await compile(link.href, { integrity: link.dataset.integrity });
    await createRunner({ module, root }).start();
  } catch (thrown) {
    const before = [...root.childNodes];
    root.replaceChildren();
    showFailure(root, "The app could not be started", describe(thrown), "Retry", () => {
      root.replaceChildren(...before);
      boot();
    });
  }
}

boot();
