// SPDX-License-Identifier: MIT
// The system's clang, lld and wasi-libc, or those of the wasi-sdk that WASI_SDK_PATH names. The linker is
// called by hand: clang as the driver would run any wasm-opt that it finds.
import { readFile, stat } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { ToolchainError } from "../errors.mjs";
import { isProgram, run, which } from "../process.mjs";
import { compileNatively, jobs, linkNatively } from "./native.mjs";
import { linkerArguments, LONG_DOUBLE } from "./wasm-ld.mjs";

const TRIPLES = ["wasm32-wasip1", "wasm32-wasi"];
const CURE =
  "On Debian: apt install clang lld wasi-libc libclang-rt-dev-wasm32\n" +
  "Or set WASI_SDK_PATH to the folder of a wasi-sdk, or use --toolchain embedded, which needs neither.";

/**
 * @returns {Promise<import('./wasm-ld.mjs').Toolchain>}
 * @throws {ToolchainError} when a part is missing
 */
export async function find() {
  const sdk = process.env.WASI_SDK_PATH;
  const clang = await program("clang", sdk);
  const linker = await program("wasm-ld", sdk);
  const target = sdk ? [`--sysroot=${join(sdk, "share", "wasi-sysroot")}`] : [];
  const version = run(clang, ["--version"]);
  const { triple, libc, builtins } = await findLibc(clang, target);
  const { mtimeMs, size } = await stat(libc);
  // One thread: without saying so, clang 14 cannot compile what uses errno.
  const flags = [`--target=${triple}`, "-ftls-model=local-exec", ...target];

  return {
    name: "wasi",
    version: `${(await version).stdout}${libc} ${size} ${mtimeMs}`,
    librarySources: ["wasi.c"],
    jobs,
    compile: (job) => compileNatively(clang, flags, job),
    link: async ({ inputs, exports, longDouble }) => {
      // The first archive that defines printf wins.
      const archives = [...(longDouble ? [join(dirname(libc), LONG_DOUBLE)] : []), libc, builtins];
      const { module, stdout, output } = await linkNatively(linker, inputs, (names) => [
        ...linkerArguments(exports),
        ...names,
        ...archives,
      ]);
      const read = archives.map((path) => readFile(path));
      return { module, output, map: stdout, archives: await Promise.all(read) };
    },
  };
}

/**
 * @param {string} name
 * @param {string | undefined} sdk
 */
async function program(name, sdk) {
  if (!sdk) {
    const path = await which(name);
    if (path) return path;
    throw new ToolchainError(`The wasi toolchain needs ${name}, which is not in PATH.\n${CURE}`);
  }
  const path = join(sdk, "bin", name);
  if (await isProgram(path)) return path;
  throw new ToolchainError(`WASI_SDK_PATH names ${sdk}, which has no bin/${name}. Is it a wasi-sdk?`);
}

/**
 * Asks clang where its libc for WebAssembly is.
 * @param {string} clang
 * @param {string[]} flags
 */
async function findLibc(clang, flags) {
  for (const triple of TRIPLES) {
    const ask = async (/** @type {string} */ question) =>
      (await run(clang, [`--target=${triple}`, ...flags, question])).stdout.trim();
    const [libc, builtins] = await Promise.all([
      ask("-print-file-name=libc.a"),
      ask("-print-libgcc-file-name"),
    ]);
    if (!isAbsolute(libc)) continue;
    if (await stat(builtins).catch(() => null)) return { triple, libc, builtins };
    throw new ToolchainError(`clang's run-time library for WebAssembly is missing: ${builtins}\n${CURE}`);
  }
  throw new ToolchainError(`${clang} has no libc for WebAssembly.\n${CURE}`);
}
