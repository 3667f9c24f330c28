// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";

/**
 * What a file must hash to, as the `integrity` attribute of HTML says it.
 * @param {string | Uint8Array} content
 */
export const integrityOf = (content) => `sha256-${createHash("sha256").update(content).digest("base64")}`;
