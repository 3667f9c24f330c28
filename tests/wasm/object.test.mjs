// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeArchive, readArchive } from "../../wasm/archive.mjs";
import { functionNames, readObject, readSizes } from "../../wasm/object.mjs";
import { findToolchain } from "../../wasm/toolchain.mjs";
import { folderWith, missing } from "../support/build.mjs";

const SOURCE = `
  int outside(int);
  extern int number;
  int table[] = { 1, 2, 3 };
  static int first(int x) { return outside(x) + number; }
  static int second(int x) { return first(x) * 2; }
  int (*chosen)(int) = second;
  int (*other)(int) = outside;
  int visible(int x) { return chosen(x) + second(x); }
  int twin(int x) __attribute__((alias("visible")));
  __attribute__((weak)) int weak(void) { return 0; }
  __attribute__((import_module("somewhere"), import_name("there"))) void imported(void);
  __attribute__((export_name("kp"))) void exported(void) { imported(); }
`;

for (const name of ["emscripten", "wasi", "embedded"]) {
  describe(`object files of ${name}`, { skip: await missing(name) }, () => {
    /** @param {import("node:test").TestContext} t */
    async function compiled(t) {
      const folder = await folderWith(t, { "a.c": SOURCE });
      const toolchain = await findToolchain(name);
      const files = new Map([[`${folder}/a.c`, Buffer.from(SOURCE)]]);
      const flags = ["-O1", "-fno-inline", "-ffunction-sections"];
      const { object, output } = await toolchain.compile({ source: `${folder}/a.c`, flags, files });
      assert(object, output);
      return object;
    }

    test("who defines, needs and calls whom", async (t) => {
      const object = readObject(await compiled(t));
      const defined = ["chosen", "exported", "other", "table", "twin", "visible", "weak"];
      assert.deepEqual(object.defined.sort(), defined);
      assert.deepEqual(object.exported, ["exported"]);
      for (const each of ["outside", "number", "imported"]) assert(object.undefined.includes(each), each);
      assert.deepEqual([...object.imported], [["imported", "somewhere"]]);

      const find = (/** @type {string} */ each) => object.functions.find(({ names }) => names.includes(each));
      const [first, second, visible] = ["first", "second", "visible"].map(find);
      assert(first && second && visible);
      assert.deepEqual([first.local, second.local, visible.local], [true, true, false]);
      assert.deepEqual(visible.names.sort(), ["twin", "visible"]);
      assert.deepEqual(first.uses, ["outside"]);
      assert.deepEqual(second.uses, [first]);
      assert.deepEqual([first.callsIndirectly, visible.callsIndirectly], [false, true]);
      assert(object.addressed.includes(second) && object.addressed.includes("outside"));
    });

    test("what takes how much", async (t) => {
      const bytes = await compiled(t);
      const { functions, sections } = readSizes(bytes);
      assert.equal(functions.length, readObject(bytes).functions.length);
      const size = (/** @type {{ bytes: number }[]} */ parts) =>
        parts.reduce((sum, part) => sum + part.bytes, 0);
      assert.equal(size(sections) + 8, bytes.length);
      const code = sections.filter(({ name }) => name === "code");
      assert.ok(size(code) - size(functions) > 0 && size(code) - size(functions) < 12);
      assert.ok(sections.some(({ name }) => name === '"linking"'));
    });

    test("survive an archive", async (t) => {
      const bytes = await compiled(t);
      const members = [
        { name: "a.o", bytes },
        { name: `${"long".repeat(30)}.o`, bytes: bytes.slice() },
        { name: "odd", bytes: new Uint8Array([1, 2, 3]) },
      ];
      const again = readArchive(makeArchive(members));
      assert.deepEqual(
        again.map((member) => member.name),
        members.map((member) => member.name),
      );
      again.forEach((member, i) =>
        assert(Buffer.from(member.bytes).equals(members[i]?.bytes ?? new Uint8Array())),
      );
    });

    test("cut anywhere: refused, or a file of which something is missing", async (t) => {
      const bytes = await compiled(t);
      const whole = readObject(bytes).defined;
      let refused = 0;
      for (let length = 0; length < bytes.length; length++) {
        try {
          assert.deepEqual(
            readObject(bytes.subarray(0, length)).defined.filter((name) => !whole.includes(name)),
            [],
          );
        } catch (error) {
          assert(error instanceof RangeError || error instanceof TypeError, `at ${length}: ${error}`);
          refused++;
        }
      }
      assert(refused > bytes.length / 2);
    });
  });
}

test("an archive that is none, or is cut", () => {
  assert.throws(() => readArchive(Buffer.from("!<thin>\n")), TypeError);
  const archive = makeArchive([{ name: "a", bytes: new Uint8Array(10) }]);
  assert.throws(() => readArchive(archive.subarray(0, archive.length - 5)), RangeError);
});

test("names of a linked module: none when there is no section of names", () => {
  const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  assert.deepEqual([...functionNames(empty)], []);
  assert.throws(() => functionNames(new Uint8Array([0, 0x61])), TypeError);
});
