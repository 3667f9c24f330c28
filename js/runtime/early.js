// SPDX-License-Identifier: MIT
// The functions that an app brings along are loaded before all else, and may fail at that: then nothing that follows
// is run. So this comes ahead of them, see js/used.js.
import { describe } from "./errors.js";
import { showFailure } from "./overlay.js";

/** @param {ErrorEvent} event */
function onError({ error, message }) {
  const root = document.body;
  root.replaceChildren();
  showFailure(root, "The app could not be started", describe(error ?? message), "Retry", () =>
    location.reload(),
  );
}

addEventListener("error", onError);

/** What fails from now on has its own way of being told. */
export const functionsAreLoaded = () => removeEventListener("error", onError);
