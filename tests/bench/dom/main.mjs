// SPDX-License-Identifier: MIT
// ./build.sh bench dom: the table of js-framework-benchmark by Kapok, by hand and by others. ./build.sh bench picture:
// what it found, as the picture in README.md.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cac } from "cac";
import { Failure, quoted, report, showProgress } from "../../../js/cli/failure.js";
import { chosen, IMPLEMENTATIONS } from "./pages.mjs";
import { draw } from "./picture.mjs";
import { tables } from "./tables.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const MOST_ROUNDS = 1000;

const cli = cac("./build.sh bench");

cli
  .command("dom", "Measure the table of js-framework-benchmark")
  .option("--rounds <number>", "How often each is measured", { default: 10 })
  .option("--only <names>", `Which of ${Object.keys(IMPLEMENTATIONS).join(",")}, with commas (default: all)`)
  .option("--out <file>", "Where the figures go, as JSON", { default: "dist/bench.json" })
  .action(async ({ rounds, only, out }) => {
    if (!Number.isInteger(rounds) || rounds < 1 || rounds > MOST_ROUNDS)
      throw new Failure(`--rounds ${rounds} is not a number of rounds.`, `Give 1 to ${MOST_ROUNDS}.`, {
        exitCode: 2,
      });
    const names = chosen(only === undefined ? undefined : `${only}`.split(","));
    // Loaded only now, so that --help is instant.
    const { measureAll } = await import("./bench.mjs");
    const found = await measureAll(names, rounds, showProgress);
    await mkdir(dirname(`${out}`), { recursive: true });
    await writeFile(`${out}`, JSON.stringify(found, null, 2) + "\n");
    console.log(tables(found));
    console.log(`\nThe figures are in ${quoted(out)}. ./build.sh bench picture draws them.`);
  });

cli
  .command("picture", "Draw the figures for README.md")
  .option("--from <file>", "The figures", { default: "dist/bench.json" })
  .action(async ({ from }) => {
    const text = await readFile(`${from}`, "utf8").catch(() => {
      throw new Failure(`There is no ${quoted(from)}.`, "Measure first: ./build.sh bench dom");
    });
    const folder = join(root, "web/docs");
    await writeFile(join(folder, "bench.json"), text);
    await writeFile(join(folder, "bench.svg"), draw(JSON.parse(text)));
    console.log("web/docs/bench.json and web/docs/bench.svg are written.");
  });

cli.help();

// Playwright closes the browser at each of these, which ends what is under way; at SIGINT it ends all.
let interrupted = 0;
for (const signal of /** @type {const} */ (["SIGTERM", "SIGHUP"]))
  process.once(signal, () => (interrupted = 128 + constants.signals[signal]));

try {
  cli.parse(process.argv, { run: false });
  if (cli.matchedCommand) await cli.runMatchedCommand();
  else if (!cli.options.help) {
    throw misuse(`There is no bench ${quoted(cli.args[0] ?? "")}.`);
  }
} catch (error) {
  process.exitCode = interrupted || report(error.name === "CACError" ? misuse(`${error.message}.`) : error);
}

/** @param {string} cause */
function misuse(cause) {
  return new Failure(cause, "See: ./build.sh bench --help", { exitCode: 2 });
}
