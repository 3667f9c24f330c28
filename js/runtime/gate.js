// SPDX-License-Identifier: MIT
// The one way into the app. An entry that comes while another runs waits for its turn, since the app
// runs on one stack. After the end every entry is refused.
import { createUsedImports, USES_EVENTS } from "./used.js";

/** @typedef {() => void} Entry */

/** @typedef {ReturnType<typeof createGate>} Gate */

// Handlers that keep raising events would otherwise freeze the page.
const longestQueue = 100_000;

/**
 * @param {object} host
 * @param {(thrown: unknown) => Entry | void} host.onThrow told what left an entry: a trap, or the
 *   program's exit. What it returns is run next.
 * @param {() => void} host.onLeave called after each entry
 * @param {(message: string) => void} host.onError
 */
export function createGate({ onThrow, onLeave, onError }) {
  /** @type {Entry[]} */
  const queue = [];
  let isBusy = false;
  let isClosed = false;

  /** @param {Entry | void} entry */
  function run(entry) {
    while (entry) {
      try {
        entry();
        entry = undefined;
      } catch (thrown) {
        entry = isClosed ? undefined : onThrow(thrown);
      }
      onLeave();
    }
  }

  /** @param {Entry} entry */
  function enterInTurn(entry) {
    queue.push(entry);
    if (isBusy) return;
    isBusy = true;
    for (let i = 0; i < queue.length; i++) {
      if (i > longestQueue) {
        onError("Handlers keep raising events without end; some were dropped.");
        break;
      }
      run(queue[i]);
    }
    queue.length = 0;
    isBusy = false;
  }

  return {
    /**
     * Runs the entry now or, when another is running, after it. When closed it does nothing.
     * @param {Entry} entry
     */
    enter(entry) {
      if (isClosed) return;
      // Only events and answers can come while the app runs.
      if (USES_EVENTS || /** @type {unknown} */ (createUsedImports)) enterInTurn(entry);
      else run(entry);
    },
    /** From now on, and for what is waiting already, there is no way in. */
    close() {
      isClosed = true;
      queue.length = 0;
    },
  };
}
