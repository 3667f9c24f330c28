// SPDX-License-Identifier: MIT
// Notices that a file was saved. Folders are watched rather than files: editors save by renaming.
import { statSync, watch } from "node:fs";
import { dirname, join } from "node:path";

const sourceName = /^[^.].*\.(c|h|html|css|js)$/;
/** Editors write a file in more than one step. */
const settleMs = 40;

/** Calls back once a burst of changes to the watched files is over. */
export class Watcher {
  /** @type {Map<string, import("node:fs").FSWatcher>} by folder */
  #folders = new Map();
  /** @type {Set<string>} */
  #files = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #changed;

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * Watches a file, in addition to what is watched already, and the sources beside it; or all that is in a folder.
   * @param {string} path absolute; nothing need be there yet
   */
  add(path) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return this.#watch(path, () => true, true);
    const folder = dirname(path);
    this.#files.add(path);
    this.#watch(folder, (name) => sourceName.test(name) || this.#files.has(join(folder, name)));
  }

  close() {
    clearTimeout(this.#timer);
    for (const watcher of this.#folders.values()) watcher.close();
    this.#folders.clear();
  }

  /**
   * @param {string} folder
   * @param {(name: string) => boolean} matters
   * @param {boolean} [recursive]
   */
  #watch(folder, matters, recursive = false) {
    if (this.#folders.has(folder)) return;
    try {
      const watcher = watch(folder, { recursive }, (_, name) => {
        if (name !== null && !matters(name)) return;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(this.#changed, settleMs);
      });
      // A folder that was removed is watched anew when a build reads from it again.
      watcher.on("error", () => this.#folders.delete(folder));
      this.#folders.set(folder, watcher);
    } catch {
      // The folder does not exist: nothing to see until it does.
    }
  }
}
