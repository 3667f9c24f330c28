// SPDX-License-Identifier: MIT

/** @param {number[]} values at least one */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {{ value: number, weight?: number }[]} factors above 0 */
export function geometricMean(factors) {
  let [sum, weights] = [0, 0];
  for (const { value, weight = 1 } of factors) {
    sum += weight * Math.log(value);
    weights += weight;
  }
  return Math.exp(sum / weights);
}
