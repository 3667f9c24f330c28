// SPDX-License-Identifier: MIT
// The public entry `kapok/runtime`: runs an app in a part of any page.
export { KapokError } from "./errors.js";
export { mount } from "./mount.js";
