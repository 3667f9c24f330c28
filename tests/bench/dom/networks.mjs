// SPDX-License-Identifier: MIT

/** Networks as Chromium's developer tools have them: bytes a second, milliseconds a request. */
export const NETWORKS = {
  unthrottled: { title: "no throttling", throughput: -1, latency: 0 },
  slow4g: { title: "slow 4G", throughput: (1.6e6 * 0.9) / 8, latency: 562.5 },
};
