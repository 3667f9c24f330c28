// SPDX-License-Identifier: MIT
// The table of commands. A command's own file is loaded only when it runs, so that --help is instant.
import { readFileSync } from "node:fs";
import { cac } from "cac";
import { Failure } from "./failure.js";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
const cli = cac("kapok");

cli
  .command("build [app]", "Build a website from a .c file or a folder of them")
  .option("--out <folder>", "Where the website goes (default: dist/NAME)")
  .option("--base <url>", "Where it will be served, when a relative address will not do (default: ./)")
  .option("--toolchain <name>", "auto, emscripten, wasi or embedded (default: auto)")
  .option("--dev", "A development build, with the checks that `run` has: for tests")
  .option("--report", "Tell where the bytes are: by file, function and control; takes a little longer")
  .option("--quiet", "Say nothing, unless it fails")
  .example((name) => `  $ ${name} build countdown.c`)
  .example((name) => `  $ ${name} build my-app --out public`)
  .action(async (app, options) => (await import("./build.js")).build(theApp(app, options), options));

cli
  .command("run [app]", "Build, serve on this machine, and reload the page at every save")
  .option("--port <number>", "Where to start looking for a free port (default: 4173)")
  .option("--toolchain <name>", "auto, emscripten, wasi or embedded (default: auto)")
  .example((name) => `  $ ${name} run countdown.c`)
  .action(async (app, options) => (await import("./run.js")).run(theApp(app, options), options));

cli.help().version(version);

/**
 * A name that starts with a dash stands behind --.
 * @param {string | undefined} app
 * @param {{ "--": string[] }} options
 */
function theApp(app, { "--": rest }) {
  const names = [app ?? [], rest].flat();
  if (names.length === 1) return names[0];
  throw misuse(
    names.length ? `One app at a time, not ${names.length}.` : "Which app? A .c file or a folder is missing.",
  );
}

/** @param {string} cause */
function misuse(cause) {
  const command = cli.matchedCommandName ? `${cli.matchedCommandName} ` : "";
  return new Failure(cause, `See: kapok ${command}--help`, { exitCode: 2 });
}

/**
 * @param {string[]} argv as Node gives it
 * @throws {Failure} when the command line is wrong
 */
export async function main(argv) {
  try {
    await runCommand(argv);
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    throw name === "CACError" ? misuse(`${message}.`) : error;
  }
}

/** @param {string[]} argv */
async function runCommand(argv) {
  cli.parse(argv, { run: false });
  if (cli.options.help || cli.options.version) return;
  if (!cli.matchedCommand) {
    if (cli.args.length) throw misuse(`There is no command ${JSON.stringify(cli.args[0])}.`);
    cli.globalCommand.checkUnknownOptions();
    return cli.outputHelp();
  }
  exactOptions(argv);
  await cli.runMatchedCommand();
}

/**
 * Options are text, given at most once; cac makes numbers and lists of them (a folder may be called 007).
 * @param {string[]} argv
 */
function exactOptions(argv) {
  for (const [name, value] of Object.entries(cli.options)) {
    if (Array.isArray(value) && name !== "--") throw misuse(`The option --${name} was given twice.`);
    if (typeof value !== "number") continue;
    const at = argv.findLastIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
    if (at > 0) cli.options[name] = argv[at].includes("=") ? argv[at].slice(name.length + 3) : argv[at + 1];
  }
}
