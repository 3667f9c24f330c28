// SPDX-License-Identifier: MIT
// From C to what a page loads: compile, link, asyncify, optimise. The same for every toolchain; what
// differs between them is in toolchains/.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve, sep } from "node:path";
import { asyncify } from "./asyncify.mjs";
import { readArchive } from "./archive.mjs";
import { loadBinaryen } from "./binaryen.mjs";
import { CJSON_HEADERS, findCjson } from "./cjson.mjs";
import { CompileError, ToolchainError } from "./errors.mjs";
import { filesSource } from "./files.mjs";
import { findIncludes } from "./includes.mjs";
import { buildCjson, buildLibrary, INCLUDE } from "./library.mjs";
import { checkMain, linkError, unavailableError, undefinedError } from "./link-errors.mjs";
import { readObject } from "./object.mjs";
import { displayed } from "./paths.mjs";
import { mapLimited, which, withFolder } from "./process.mjs";
import { findRemovable } from "./removable.mjs";
import { findStatics } from "./statics.mjs";
import { weighed } from "./weigh.mjs";

export { CompileError, ToolchainError };

/** @typedef {import("./toolchains/wasm-ld.mjs").Toolchain} Toolchain */

// A conversion of a long double in a format for printf or scanf.
const LONG_DOUBLE_FORMAT = /%[-+ #0]*(\*|\d+)?(\.(\*|\d+)?)?L[aAeEfFgG]/;

const LIBRARY = "libkapok.a";
const TOOLCHAINS = ["emscripten", "wasi", "embedded"];

/**
 * @typedef {object} AppOptions
 * @property {string[]} sources .c files, absolute paths
 * @property {string[]} [includeDirs] absolute paths, searched for headers in this order
 * @property {string[]} [defines] "NAME" or "NAME=VALUE"
 * @property {string[]} [flags] more flags for clang
 * @property {string} [toolchain] auto, emscripten, wasi or embedded; default: auto
 * @property {boolean} [dev] with the checks of a development build, and with the functions' names
 * @property {boolean} [embedded] whether its page may be somebody else's, who may stop it; default: yes
 * @property {"z" | "2" | "1"} [optimize] for size, for speed, or little and soon; default: z
 * @property {boolean} [weigh] whether to find out where the module's bytes are, which takes longer; default: no
 * @property {(text: string) => void} [onProgress] told what goes on, a line at a time
 * @property {(path: string) => void} [onDependency] told each file that the program is made from, before
 *   it is compiled
 */

/**
 * @typedef {object} BuiltApp
 * @property {Uint8Array} wasm
 * @property {string[]} names of the functions that are linked
 * @property {string} toolchain the name of the one that was used
 * @property {string} warnings of the compiler; empty when there are none
 * @property {{ bytes: number, linkedBytes: number, functions: number, instrumented: number }} report size at the end and
 *   before Asyncify, number of functions, and how many of them can suspend
 * @property {import("./weigh.mjs").Weight} [weight] where its bytes are, if asked for
 */

/**
 * Builds an app.
 * @param {AppOptions} options
 * @returns {Promise<BuiltApp>}
 * @throws {CompileError} when the program is wrong
 * @throws {ToolchainError} when something that the build needs is missing or broken
 */
export async function buildApp(options) {
  const { toolchain: name = "auto", dev = false, embedded = true } = options;
  const { optimize = "z", onProgress = () => {} } = options;
  checkOptions(options);
  const [toolchain, border] = await Promise.all([findToolchain(name), readBorder(), preload()]);
  const flags = [...commonFlags(optimize), ...(dev ? ["-DKP_DEV"] : [])];
  const exports = Object.entries(border.exports)
    .filter(([, only]) => dev || (!only.dev && (embedded || !only.embedded)))
    .map(([name]) => name);

  return withFolder(async (folder) => {
    const library = await buildLibrary(toolchain, flags, onProgress);
    const members = readArchive(library).map(({ name, bytes }) => ({ name, object: readObject(bytes) }));
    const libraryObjects = members.map(({ object }) => object);
    const app = await compileApp(toolchain, options, flags, folder, onProgress);
    checkMain(app.objects);
    onProgress("Linking");
    const archives = [{ name: LIBRARY, bytes: library }];
    if (app.cjson) archives.push({ name: "libcjson.a", bytes: app.cjson });
    const linked = await toolchain.link({
      inputs: [...app.objects, ...archives],
      longDouble: app.objects.some(({ bytes }) =>
        LONG_DOUBLE_FORMAT.test(Buffer.from(bytes).toString("latin1")),
      ),
      // What is not to be exported is not linked either: its data could not be taken out again.
      exports: libraryObjects
        .flatMap(({ exported }) => exported)
        .filter((name) => !Object.hasOwn(border.exports, name) || exports.includes(name)),
    });
    if (!linked.module) throw linkError(linked.output, app.objects);

    onProgress("Adding fibers, optimising");
    const foreign = [...linked.archives, ...(app.cjson ? [app.cjson] : [])].flatMap(objectsIn);
    const own = [...app.objects, ...members.map((each) => ({ ...each, name: `${LIBRARY}(${each.name})` }))];
    const settings = {
      border,
      isRemovable: findRemovable({
        app: app.objects.map(({ object }) => object),
        library: libraryObjects,
        foreign,
      }),
      statics: findStatics(linked.map, new Map(own.map(({ name, object }) => [name, object])), foreign),
      undefinedError: (/** @type {string[]} */ names) => undefinedError(names, app.objects, foreign),
      unavailableError: (/** @type {string[]} */ names) => unavailableError(names, app.objects, foreign),
      optimize,
      exports,
      embedded,
      dev,
    };
    const made = await asyncify(linked.module, settings);
    const { wasm, names, instrumented } = made;
    const weight = options.weigh
      ? weighed(made, await asyncify(linked.module, { ...settings, isRemovable: () => true }), app.files)
      : undefined;
    const report = {
      bytes: wasm.length,
      linkedBytes: linked.module.length,
      functions: names.length,
      instrumented: instrumented.length,
    };
    return { wasm, names, toolchain: toolchain.name, warnings: app.warnings, report, weight };
  });
}

/**
 * @param {string} name auto, emscripten, wasi or embedded
 * @returns {Promise<Toolchain>}
 * @throws {ToolchainError} when there is no such toolchain, or it is not on this machine
 */
export async function findToolchain(name) {
  const chosen = name === "auto" ? ((await which("emcc")) ? "emscripten" : "embedded") : name;
  if (!TOOLCHAINS.includes(chosen))
    throw new ToolchainError(`There is no toolchain "${name}". There are: auto, ${TOOLCHAINS.join(", ")}.`);
  const { find } = await import(`./toolchains/${chosen}.mjs`);
  return find();
}

/** @param {AppOptions} options */
function checkOptions({ sources, optimize = "z" }) {
  if (sources.length === 0)
    throw new ToolchainError("There is no source to compile. Name at least one .c file.");
  const relativeOne = sources.find((source) => !isAbsolute(source));
  if (relativeOne) throw new TypeError(`buildApp takes absolute paths, not ${relativeOne}`);
  if (!["z", "2", "1"].includes(optimize))
    throw new ToolchainError(
      `There is no optimisation "${optimize}". There are: z for size, 2 for speed, 1 for a quick build.`,
    );
}

/** @returns {Promise<import("./asyncify.mjs").Border>} */
async function readBorder() {
  return JSON.parse(await readFile(new URL("abi.json", import.meta.url), "utf8"));
}

/** Loads Binaryen while compilers run. That it fails is told when it is used. */
async function preload() {
  loadBinaryen().catch(() => {});
}

/**
 * What every browser of 2022 has, the library and the app alike; functions apart, so that the linker can leave
 * out what is not used.
 * @param {string} optimize
 */
function commonFlags(optimize) {
  return [
    ...[`-O${optimize}`, "-ffunction-sections", "-fdata-sections"],
    ...["-mmutable-globals", "-msign-ext", "-mnontrapping-fptoint"],
  ];
}

/**
 * @param {Toolchain} toolchain
 * @param {AppOptions} options
 * @param {string[]} common
 * @param {string} folder for files that the compiler must find
 * @param {(text: string) => void} onProgress
 */
async function compileApp(toolchain, options, common, folder, onProgress) {
  const { defines = [], onDependency = () => {} } = options;
  const sources = [...options.sources];
  const filesFolder = join(dirname(/** @type {string} */ (sources[0])), "files");
  const files = await filesSource(filesFolder);
  if (files !== undefined) {
    onDependency(filesFolder);
    sources.push(join(folder, "files.c"));
    await writeFile(join(folder, "files.c"), files);
  }
  const { includeDirs, flags } = splitFlags(options);
  const found = await findIncludes(sources, [...includeDirs, INCLUDE]);
  for (const path of found.files.keys()) if (!path.startsWith(folder + sep)) onDependency(path);

  const usesCjson = CJSON_HEADERS.some((header) => found.missing.has(header));
  const cjson = usesCjson ? await addCjson(toolchain, common, folder, onProgress) : null;
  if (cjson) for (const [path, bytes] of cjson.headers) found.files.set(path, bytes);

  const all = [
    ...["-std=gnu17", "-Wall", "-Werror=implicit-function-declaration", ...common],
    ...[...includeDirs, INCLUDE, ...(cjson ? cjson.includeDirs : [])].flatMap((path) => [
      "-I",
      displayed(path),
    ]),
    ...defines.map((define) => `-D${define}`),
    ...flags,
  ];
  onProgress(`Compiling with ${toolchain.name}`);
  const results = await mapLimited(sources, toolchain.jobs, (source) =>
    toolchain.compile({ source: displayed(source), flags: all, files: found.files }),
  );
  const output = results.map((result) => result.output).join("");
  const objects = results.flatMap(({ object }, i) =>
    object ? [namedObject(/** @type {string} */ (sources[i]), i, object)] : [],
  );
  if (objects.length < sources.length) throw new CompileError(output);
  const own = [...found.files].filter(([path]) => !path.startsWith(INCLUDE) && !path.startsWith(folder));
  return { objects, warnings: output, cjson: cjson?.archive, files: new Map(own) };
}

/**
 * @param {string} source absolute path
 * @param {number} index
 * @param {Uint8Array} bytes
 */
function namedObject(source, index, bytes) {
  // Linkers see harmless names; their messages are translated back.
  const name = `${index}-${basename(source).replaceAll(/[^\w.]/g, "_")}.o`;
  return { name, bytes, source: displayed(source), object: readObject(bytes) };
}

/**
 * @param {Toolchain} toolchain
 * @param {string[]} flags
 * @param {string} folder that the headers are written to
 * @param {(text: string) => void} onProgress
 */
async function addCjson(toolchain, flags, folder, onProgress) {
  const source = await findCjson();
  const include = join(folder, "include");
  const headers = new Map(CJSON_HEADERS.map((name) => [join(include, name), Buffer.from(source["cJSON.h"])]));
  await mkdir(join(include, "cjson"), { recursive: true });
  for (const [path, bytes] of headers) await writeFile(path, bytes);
  await writeFile(join(folder, "cJSON.c"), source["cJSON.c"]);
  await writeFile(join(folder, "cJSON.h"), source["cJSON.h"]);
  const archive = await buildCjson(toolchain, source, flags, onProgress, folder);
  return { archive, headers, includeDirs: [include] };
}

/**
 * Folders for headers may also stand among the flags.
 * @param {AppOptions} options
 */
function splitFlags({ includeDirs = [], flags = [] }) {
  const folders = [...includeDirs];
  const rest = [];
  for (let i = 0; i < flags.length; i++) {
    const flag = /** @type {string} */ (flags[i]);
    if (!flag.startsWith("-I")) rest.push(flag);
    else folders.push(resolve(flag.slice(2) || flags[++i] || "."));
  }
  return { includeDirs: folders, flags: rest };
}

/** @param {Uint8Array} archive */
function objectsIn(archive) {
  return readArchive(archive).map(({ bytes }) => readObject(bytes));
}
