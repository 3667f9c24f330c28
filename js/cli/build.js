// SPDX-License-Identifier: MIT
// kapok build: an app becomes a folder that any static file server can serve.
import { join, relative } from "node:path";
import { findApp } from "./app.js";
import { Failure, showProgress, styled } from "./failure.js";
import { checkOutput, writeSite } from "./output.js";
import { buildSite } from "./site.js";
import { measure, sizeTable } from "./sizes.js";

/**
 * @param {string} path the app
 * @param {{ out?: string, base?: string, toolchain?: string }} options
 */
export async function build(path, { out, base = "./", toolchain }) {
  const app = await findApp(path);
  const folder = out ?? join("dist", app.name);
  if (!/^(\.\/|\/|https?:\/\/.*\/)$|^\/.*\/$/.test(base))
    throw new Failure(
      `--base ${JSON.stringify(base)} is not the address of a folder.`,
      "Give ./ or something like /my-site/, with a slash at both ends.",
    );
  await checkOutput(folder, app);
  const site = await buildSite(app, { base, toolchain, onProgress: showProgress });
  await writeSite(folder, site.files, app.assets);
  console.log(`${styled("bold", relative("", folder) || folder)} is ready (toolchain: ${site.toolchain})`);
  console.log(sizeTable(await measure(site.files)));
}
