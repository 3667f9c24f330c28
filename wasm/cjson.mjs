// SPDX-License-Identifier: MIT
// Where cJSON comes from. It is not part of this repository: a packed npm package carries a copy;
// otherwise Debian's source package is taken, with Debian's security patches.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cached, hashOf } from "./cache.mjs";
import { ToolchainError } from "./errors.mjs";
import { run, which, withFolder } from "./process.mjs";

/** The names by which a program includes it. */
export const CJSON_HEADERS = ["cjson/cJSON.h", "cJSON.h"];

const SHIPPED = fileURLToPath(new URL("../dist/cjson", import.meta.url));
const APT = "/etc/apt";
const CURE = "Set CJSON_DIR to a folder that holds cJSON.c and cJSON.h.";

/** @typedef {{ "cJSON.c": string, "cJSON.h": string }} CjsonSource */

/**
 * cJSON's two files: from CJSON_DIR, from the copy in the package, or from Debian.
 * @returns {Promise<CjsonSource>}
 * @throws {ToolchainError} when there is none
 */
export async function findCjson() {
  const { CJSON_DIR } = process.env;
  if (CJSON_DIR) {
    const source = await readFolder(CJSON_DIR);
    if (source) return source;
    throw new ToolchainError(`CJSON_DIR names ${CJSON_DIR}, which does not hold both cJSON.c and cJSON.h.`);
  }
  const shipped = await readFolder(SHIPPED);
  if (shipped) return shipped;
  const bytes = await cached("cjson", hashOf("debian"), async () =>
    Buffer.from(JSON.stringify(await fromDebian())),
  );
  return JSON.parse(Buffer.from(bytes).toString());
}

/**
 * @param {string} folder
 * @returns {Promise<CjsonSource | null>}
 */
async function readFolder(folder) {
  try {
    const read = (/** @type {string} */ name) => readFile(join(folder, name), "utf8");
    return { "cJSON.c": await read("cJSON.c"), "cJSON.h": await read("cJSON.h") };
  } catch {
    return null;
  }
}

/** @returns {Promise<CjsonSource>} */
async function fromDebian() {
  const [apt, unpacker] = await Promise.all([which("apt-get"), which("dpkg-source")]);
  if (!apt) throw new ToolchainError(`The program uses cJSON, which is not here.\n${CURE}`);
  if (!unpacker)
    throw new ToolchainError(
      `The program uses cJSON; to unpack its source, Debian's dpkg-dev is needed.\nInstall it, or: ${CURE}`,
    );
  return withFolder(async (folder) => {
    const options = await aptOptions(folder);
    await succeed(apt, [...options, "update"], folder);
    await succeed(apt, [...options, "source", "--download-only", "cjson"], folder);
    const description = (await readdir(folder)).find((name) => name.endsWith(".dsc"));
    if (!description) throw new ToolchainError(`apt-get delivered no source of cJSON.\n${CURE}`);
    await succeed(unpacker, ["-x", description, "source"], folder);
    const source = await readFolder(join(folder, "source"));
    if (!source) throw new ToolchainError(`Debian's source of cJSON does not hold what it should.\n${CURE}`);
    return source;
  });
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {string} cwd
 */
async function succeed(program, args, cwd) {
  const { ok, stderr } = await run(program, args, { cwd });
  if (!ok)
    throw new ToolchainError(`cJSON cannot be had from Debian, ${program} says:\n${stderr.trim()}\n${CURE}`);
}

/**
 * Options for apt-get that make it look for sources where the machine takes its packages from, and
 * keep all that it writes in `folder`: nothing of the system changes, and no root is needed.
 * @param {string} folder
 */
async function aptOptions(folder) {
  const parts = join(folder, "parts");
  await Promise.all(
    ["parts", "lists/partial", "archives/partial"].map((name) =>
      mkdir(join(folder, name), { recursive: true }),
    ),
  );
  const names = await readdir(join(APT, "sources.list.d")).catch(() => []);
  for (const name of ["../sources.list", ...names]) {
    const text = await readFile(join(APT, "sources.list.d", name), "utf8").catch(() => "");
    const style = name.endsWith(".list") ? "list" : name.endsWith(".sources") ? "sources" : null;
    if (style) await writeFile(join(parts, name.replace("../", "main-")), sourcesOf(text, style));
  }
  const settings = {
    "Dir::Etc::SourceList": "/dev/null",
    "Dir::Etc::SourceParts": parts,
    "Dir::State::Lists": join(folder, "lists"),
    "Dir::Cache": folder,
    "APT::Sandbox::User": "root",
    "APT::Get::List-Cleanup": "false",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

/**
 * The same places, asked for sources instead of packages.
 * @param {string} text of a file of apt's
 * @param {"list" | "sources"} style one line a place, or a paragraph a place
 */
export function sourcesOf(text, style) {
  return style === "list"
    ? text
        .split("\n")
        .filter((line) => /^deb\s/.test(line))
        .map((line) => `${line.replace(/^deb/, "deb-src")}\n`)
        .join("")
    : text.replace(/^Types:.*$/gim, "Types: deb-src");
}
