// SPDX-License-Identifier: MIT
import { isAbsolute, relative, sep } from "node:path";

/**
 * A path as messages shall show it: relative when it is below the current folder. Never like an option.
 * @param {string} path absolute
 */
export function displayed(path) {
  const below = relative(process.cwd(), path);
  if (below === "") return ".";
  if (below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below)) return path;
  return /^[-@]/.test(below) ? `.${sep}${below}` : below;
}
