// SPDX-License-Identifier: MIT
// Starts the app of a page that Kapok made. Its index.html names the module:
// <link id="kapok-app" rel="preload" as="fetch" crossorigin href="app.wasm" data-integrity="sha256-…">
// What the body holds is shown until the app has something to show.
import { createClock } from "./clock.js";
import { instantiateAt } from "./load.js";
import { writeTo } from "./output.js";
import { failPage, failStart } from "./overlay.js";
import { createProgram } from "./program.js";
import { CAN_DUMP, functionsAreLoaded, unused, USES_CLOCK } from "./used.js";

const link = /** @type {HTMLLinkElement} */ (document.getElementById("kapok-app"));
const root = document.body;

async function boot() {
  functionsAreLoaded?.();
  try {
    const program = await createProgram({
      ...writeTo(console),
      link: (_, imports) => instantiateAt(link.href, { integrity: link.dataset.integrity }, imports),
      root,
      clock: USES_CLOCK ? createClock(document) : unused,
      onEnd() {},
      onFailure(error) {
        console.error(error.message);
        failPage("The app has crashed", error, "Restart");
      },
    });
    // For whoever looks into it from the browser's console.
    if (CAN_DUMP) Object.assign(globalThis, { kapok: { dump: program.dump } });
    program.start();
  } catch (thrown) {
    failStart(thrown);
  }
}

// Not awaited here: what is loaded late imports from this very module.
boot();
