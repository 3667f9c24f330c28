// SPDX-License-Identifier: MIT
// What a command says when it cannot go on.
import { dirname } from "node:path";
import { styleText } from "node:util";

/** An error that the user can do something about: it names the cause and the cure. */
export class Failure extends Error {
  /**
   * @param {string} cause what is wrong, as a sentence
   * @param {string} cure what to do about it, as a sentence
   * @param {{ exitCode?: number }} [options] exitCode: 1 when the work failed, 2 when the command line is wrong
   */
  constructor(cause, cure, { exitCode = 1 } = {}) {
    super(cause);
    this.name = "Failure";
    this.cure = cure;
    this.exitCode = exitCode;
  }
}

/** @type {Record<string, [cause: string, cure: string]>} */
const systemErrors = {
  EACCES: ["permission denied", "Change its permissions, or choose another place."],
  EPERM: ["not permitted", "Change its permissions, or choose another place."],
  EROFS: ["the file system is read-only", "Choose a place that can be written, see --out."],
  ENOSPC: ["the disk is full", "Free some space and try again."],
  ENAMETOOLONG: ["the name is too long", "Choose a shorter name."],
  ENOENT: ["it does not exist", "Check the name."],
  ENOTDIR: ["a part of its path is not a folder", "Check the path."],
  EBUSY: ["it is in use, or something is mounted there", "Choose a folder inside it."],
  ELOOP: ["it is a symbolic link that leads round in a circle", "Mend the link."],
  EISDIR: ["it is a folder", "Give a file, or choose another name."],
  EMFILE: ["too many open files", "Close some programs, or raise the limit (ulimit -n)."],
};

/**
 * The failure that an error of the operating system, or a package that is not there, amounts to; any other error is
 * returned as it is.
 * @param {any} error
 * @param {string} [path] the path to name, when the error's own would mean nothing to the user
 */
export function explained(error, path = error?.path) {
  const [, absent] = /^Cannot find package '([^']+)'/.exec(error?.message) ?? [];
  if (error?.code === "ERR_MODULE_NOT_FOUND" && absent)
    return new Failure(`The npm package ${quoted(absent)} is missing.`, "Run npm install, then try again.");
  const [cause, cure] = systemErrors[error?.code] ?? [];
  if (!cause || !cure) return error;
  if (error.syscall === "uv_cwd")
    return new Failure("The current folder is there no more.", "Change to another one.");
  if (error.syscall === "mkdtemp")
    return new Failure(
      `No temporary files can be made in ${quoted(dirname(error.path))}: ${cause} (${error.code}).`,
      "Set TMPDIR to a folder that can be written.",
    );
  return path ? new Failure(`${quoted(path)}: ${cause} (${error.code}).`, cure) : error;
}

/**
 * A name from outside, safe and unambiguous to print.
 * @param {string} name
 */
export const quoted = (name) => JSON.stringify(name);

/**
 * Colours only where they are seen: a terminal, and not with NO_COLOR.
 * @param {Parameters<typeof styleText>[0]} format
 * @param {string} text
 * @param {NodeJS.WriteStream} [stream] where the text will be written
 */
export function styled(format, text, stream = process.stdout) {
  return stream.isTTY && stream.hasColors() ? styleText(format, text) : text;
}

/**
 * One line of what goes on, apart from a command's results.
 * @param {string} text
 */
export const showProgress = (text) => void process.stderr.write(styled("dim", `  ${text}\n`, process.stderr));

/**
 * What the compiler says of a program that it accepts, as it is.
 * @param {string} text
 */
export const showWarnings = (text) => void process.stderr.write(text);

/**
 * Prints an error the way every command does and returns the exit code for it. A compiler's output is
 * printed as it is, so that editors and terminals can follow its file:line:column.
 * @param {any} thrown
 * @returns {number}
 */
export function report(thrown) {
  const error = explained(thrown);
  const lines = error?.output ? [error.output.trimEnd()] : [];
  lines.push(`${styled(["bold", "red"], "error:", process.stderr)} ${error?.message ?? error}`);
  if (error?.cure) lines.push(error.cure);
  else if (!isExpected(error)) lines.push(error?.stack ?? "");
  process.stderr.write(lines.join("\n") + "\n");
  return error?.exitCode ?? 1;
}

/**
 * Errors of the compiler and of the toolchain speak for themselves; anything else that is not a Failure is
 * a defect of Kapok, whose stack is wanted.
 * @param {any} error
 */
const isExpected = (error) => ["Failure", "CompileError", "ToolchainError"].includes(error?.name);
