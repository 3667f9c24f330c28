// SPDX-License-Identifier: MIT
// The functions that an app brings along are loaded before all else, and may fail at that: then nothing that follows
// is run. So this comes ahead of them, see js/used.js.
import { failStart } from "./overlay.js";

const onError = (/** @type {ErrorEvent} */ { error, message }) => failStart(error ?? message);
addEventListener("error", onError);

/** What fails from now on has its own way of being told. */
export const functionsAreLoaded = () => removeEventListener("error", onError);
