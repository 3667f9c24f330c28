// SPDX-License-Identifier: MIT
// clang, lld and wasi-libc as WebAssembly, from npm: works wherever Node does. They run in this process
// and see a file system that exists only for one call.
import { resolve } from "node:path";
import { cached, hashOf } from "../cache.mjs";
import { ToolchainError } from "../errors.mjs";
import { displayed } from "../paths.mjs";
import { linkerArguments, LONG_DOUBLE } from "./wasm-ld.mjs";

const LIBRARIES = "/usr/lib";
const LIBC = `${LIBRARIES}/wasm32-wasip1/libc.a`;
const LIBC_LONG_DOUBLE = `${LIBRARIES}/wasm32-wasip1/${LONG_DOUBLE}`;
const BUILTINS = `${LIBRARIES}/wasm32-unknown-wasip1/libclang_rt.builtins.a`;

// The call's own files are in one folder and have plain names. What clang believes to read, with
// the names that its messages show, is laid over that: unlike the file system below, this layer knows
// what `..` means.
const FOLDER = "kapok";
const [OVERLAY, INPUT, OUTPUT] = ["overlay", "input.c", "output"].map((name) => `/${FOLDER}/${name}`);

/** @typedef {Record<string, string | Uint8Array>} Files */
/** @typedef {typeof import("@yowasp/clang") & { version: string }} Package */

/**
 * @returns {Promise<import('./wasm-ld.mjs').Toolchain>}
 * @throws {ToolchainError} when the npm package is missing
 */
export async function find() {
  const clang = /** @type {Package} */ (
    await import("@yowasp/clang").catch((error) => {
      throw new ToolchainError(
        `The embedded toolchain cannot be loaded: ${error.message}\n` +
          "It is the npm package @yowasp/clang. Install it with: npm install @yowasp/clang",
      );
    })
  );
  /** @type {Map<string, Promise<string[]>>} */
  const frontEnds = new Map();

  /** @param {string[]} flags */
  const frontEnd = (flags) => {
    const key = JSON.stringify(flags);
    const args = frontEnds.get(key) ?? frontEndArguments(clang, flags);
    frontEnds.set(key, args);
    return args;
  };

  return {
    name: "embedded",
    version: `@yowasp/clang ${clang.version}`,
    librarySources: ["wasi.c"],
    jobs: 1, // it computes in this thread
    compile: async ({ source, flags, files }) => {
      const args = (await frontEnd(flags)).map((arg) => (arg === INPUT ? source : arg));
      const { output, messages } = await call(clang, [...args, "-ivfsoverlay", OVERLAY], overlay(files));
      return { object: output, output: messages };
    },
    link: async ({ inputs, exports, longDouble }) => {
      const files = Object.fromEntries(inputs.map(({ name, bytes }) => [name, bytes]));
      const names = inputs.map(({ name }) => `/${FOLDER}/${name}`);
      const archives = [...(longDouble ? [LIBC_LONG_DOUBLE] : []), LIBC, BUILTINS];
      const args = [
        "wasm-ld",
        "--no-stack-first",
        ...linkerArguments(exports),
        ...names,
        ...archives,
        "-o",
        OUTPUT,
      ];
      const { output, printed, messages } = await call(clang, args, files);
      const copy = await cached("libc", hashOf(clang.version, LONG_DOUBLE), () => copyLibc(clang));
      const said = messages.replaceAll(`/${FOLDER}/`, "");
      return { module: output, output: said, map: printed, archives: [copy] };
    },
  };
}

/**
 * All that `link` may take from the package. It gives none of its files away, but its `ar` can merge
 * them into one of ours.
 * @param {Package} clang
 */
async function copyLibc(clang) {
  const script = `CREATE ${OUTPUT}\nADDLIB ${LIBC}\nADDLIB ${LIBC_LONG_DOUBLE}\nADDLIB ${BUILTINS}\nSAVE\nEND\n`;
  const { output, messages } = await call(clang, ["ar", "-M"], {}, script);
  if (!output) throw new ToolchainError(`The embedded libc cannot be read:\n${messages}`);
  return output;
}

/** @type {Promise<unknown> | undefined} */
let loaded;

/**
 * One run of a program of the package.
 * @param {Package} clang
 * @param {string[]} args
 * @param {Files} files in FOLDER
 * @param {string} [input] standard input
 * @returns {Promise<{ output: Uint8Array | null, printed: string, messages: string }>} `output` is what it wrote to
 *   OUTPUT; null when it wrote nothing or failed
 */
async function call(clang, args, files, input = "") {
  /** @type {Uint8Array[][]} */
  const [printed = [], messages = []] = [[], []];
  const collect = (/** @type {Uint8Array[]} */ to) => (/** @type {Uint8Array | null} */ bytes) =>
    void (bytes && to.push(bytes.slice()));
  let rest = Buffer.from(input);
  const options = {
    stdin: (/** @type {number} */ length) => {
      const chunk = rest.subarray(0, length);
      rest = rest.subarray(length);
      return chunk.length > 0 ? chunk : null;
    },
    stdout: collect(printed),
    stderr: collect(messages),
    decodeASCII: false,
    fetchProgress: () => {},
  };
  /** @type {unknown} */
  let output = null;
  try {
    await (loaded ??= Promise.resolve(clang.runLLVM(undefined, {}, options)));
    const tree = /** @type {any} */ (await clang.runLLVM(args, { [FOLDER]: { ...files } }, options));
    output = tree[FOLDER]?.output;
  } catch (error) {
    if (!(error instanceof clang.Exit))
      throw new ToolchainError(
        `The embedded ${args[0]} crashed: ${error}\n${Buffer.concat(messages)}\n` +
          "Try another toolchain with --toolchain, or compile less in one file.",
      );
  }
  return {
    output: output instanceof Uint8Array ? output : null,
    printed: Buffer.concat(printed).toString(),
    messages: Buffer.concat(messages).toString(),
  };
}

/**
 * What the compiler's driver would call its front end with, to write INPUT's object to OUTPUT. Calling
 * the front end directly spares a run for each file, and lets it find the source in the overlay.
 * @param {Package} clang
 * @param {string[]} flags
 */
async function frontEndArguments(clang, flags) {
  const args = ["clang", "-###", ...flags, "-c", INPUT, "-o", OUTPUT];
  const { messages } = await call(clang, args, { "input.c": "" });
  const line = messages.split("\n").find((each) => each.includes('"-cc1"'));
  if (!line) throw new ToolchainError(`The embedded clang refuses its flags:\n${messages.trim()}`);
  // Each argument in quotes, in which \ stands before " $ and \.
  const quoted = [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)];
  return quoted.map(([, text]) => /** @type {string} */ (text).replace(/\\(.)/g, "$1")).filter(Boolean);
}

/**
 * @param {Map<string, Uint8Array>} files by absolute path
 * @returns {Files} the files under plain names, and the description of where they seem to be. The root
 *   of the file system is the current folder, so that relative names work.
 */
function overlay(files) {
  /** @type {Files} */
  const result = {};
  const roots = [...files].map(([path, bytes], i) => {
    result[`file${i}`] = bytes;
    const name = resolve("/", displayed(path));
    return { type: "file", name, "external-contents": `/${FOLDER}/file${i}` };
  });
  result.overlay = JSON.stringify({
    version: 0,
    "case-sensitive": true,
    "use-external-names": false,
    roots,
  });
  return result;
}
