// SPDX-License-Identifier: MIT
// The front door, as far as it can be tried without installing anything.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../build.sh", import.meta.url));

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
const run = (args, env = process.env) => spawnSync("bash", [script, ...args], { encoding: "utf8", env });

/** @param {ReturnType<typeof run>} result */
const told = ({ status, stdout, stderr }) => [status, stdout, stderr];

test("help, and what is no command", () => {
  const help = run(["--help"]);
  assert.equal(help.status, 0);
  assert.match(help.stdout, /^Usage: .*\n\n {2}run \[EXAMPLE\]/);
  assert.deepEqual(told(run([])), [2, "", help.stdout]);
  assert.deepEqual(told(run(["biuld"])), [2, "", `There is no command "biuld".\n${help.stdout}`]);
});

test("an example that does not exist: those that do are named", () => {
  for (const name of ["no such", "$(touch pwned)", "-x", ".."]) {
    const { status, stderr } = run(["run", name]);
    assert.equal(status, 1, name);
    assert.ok(
      stderr.startsWith(`There is no example "${name}". There are: async_handler countdown `),
      stderr,
    );
  }
});

test("a Node that is too old is told before anything is installed", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "kapok-test-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const programs = {
    node: `#!/bin/sh\n[ "$1" = --version ] && echo v18.20.4 || exit 1\n`,
    "apt-get": `#!/bin/sh\ntouch '${folder}/installed'\n`,
    "dpkg-query": "#!/bin/sh\nexit 1\n",
  };
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
  for (const name of ["bash", "dirname", "mktemp", "cat"]) symlinkSync(`/bin/${name}`, join(folder, name));
  for (const command of ["run", "test", "check", "size"]) {
    const { status, stderr } = run([command], { PATH: folder });
    assert.equal(status, 1);
    assert.equal(
      stderr,
      "Node.js 20.19 or newer is needed, with npm; here is v18.20.4, and no npm. Install it first: see nodejs.org.\n",
    );
  }
});
