// SPDX-License-Identifier: MIT
// Notices that a file was saved. Folders are watched rather than files: editors save by renaming.
import { statSync, watch } from "node:fs";
import { dirname, join } from "node:path";

const sourceName = /^[^.].*\.(c|h|html|css|js)$/;
/** Editors write a file in more than one step. */
const settleMs = 40;

// What matters in a folder, besides the paths that are watched.
const everything = () => true;
const sources = (/** @type {string} */ name) => sourceName.test(name);
const nothing = () => false;

/** Calls back once a burst of changes to the watched files is over. */
export class Watcher {
  /** @type {Map<string, (name: string) => boolean>} what matters, by folder */
  #folders = new Map();
  /** @type {Map<string, { watcher: import("node:fs").FSWatcher, identity: string }>} by folder, for those that exist */
  #watchers = new Map();
  /** @type {Set<string>} */
  #paths = new Set();
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
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return this.#addFolder(path, everything);
    this.#paths.add(path);
    this.#addFolder(dirname(path), sources);
  }

  close() {
    clearTimeout(this.#timer);
    for (const { watcher } of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  /**
   * @param {string} folder
   * @param {(name: string) => boolean} matters
   */
  #addFolder(folder, matters) {
    if ((this.#folders.get(folder) ?? nothing) === nothing) this.#folders.set(folder, matters);
    this.#watch(folder);
  }

  /**
   * Watches the folder that has this path now, which may be another one than before.
   * @param {string} folder
   */
  #watch(folder) {
    const identity = identityOf(folder);
    const known = this.#watchers.get(folder);
    if (known && known.identity === identity) return;
    known?.watcher.close();
    this.#watchers.delete(folder);
    if (identity === null) return this.#await(folder);
    try {
      const recursive = this.#folders.get(folder) === everything;
      const watcher = watch(folder, { recursive }, (_, name) => {
        const matters = this.#folders.get(folder) ?? nothing;
        const isGone = identityOf(folder) !== identity;
        if (name === null || isGone || matters(name) || this.#paths.has(join(folder, name))) this.#noticed();
      });
      // Watched anew when a build reads from it again.
      watcher.on("error", () => this.#watchers.delete(folder));
      this.#watchers.set(folder, { watcher, identity });
    } catch {
      // It was removed just now, or may not be read.
    }
  }

  /**
   * Watches for the coming of a folder, in the one above.
   * @param {string} folder
   */
  #await(folder) {
    this.#paths.add(folder);
    if (dirname(folder) !== folder) this.#addFolder(dirname(folder), nothing);
    if (identityOf(folder) !== null) this.#noticed();
  }

  #noticed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      for (const folder of [...this.#folders.keys()]) this.#watch(folder);
      this.#changed();
    }, settleMs);
  }
}

/**
 * What tells a folder from another that was made in its place.
 * @param {string} folder
 * @returns {string | null} null when there is none
 */
function identityOf(folder) {
  try {
    const { dev, ino, birthtimeNs } = statSync(folder, { bigint: true });
    return `${dev} ${ino} ${birthtimeNs}`;
  } catch {
    return null;
  }
}
