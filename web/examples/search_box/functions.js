// SPDX-License-Identifier: MIT
// What main.c calls by kp_await.

/**
 * The lines that contain a text.
 * @param {string} text
 * @param {{ signal: AbortSignal }} options the signal aborts when the app does not wait any more
 */
export async function search(text, { signal }) {
  const response = await fetch("assets/trees.txt", { signal });
  if (!response.ok) throw new Error(`The list of trees is not there (${response.status}).`);
  const trees = (await response.text()).split("\n");
  return trees.filter((tree) => text && tree.toLowerCase().includes(text.toLowerCase())).join("\n");
}
