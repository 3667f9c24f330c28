// SPDX-License-Identifier: MIT
// Run by npm before it packs: puts what the package carries but the repository does not into its place.
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findCjson } from "./cjson.mjs";

const folder = fileURLToPath(new URL("../dist/cjson", import.meta.url));

await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(await findCjson())) {
  // Others may be reading it.
  await writeFile(join(folder, `${name}.tmp`), text);
  await rename(join(folder, `${name}.tmp`), join(folder, name));
}
