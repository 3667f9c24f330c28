// SPDX-License-Identifier: MIT

/** The program is at fault: it does not compile or link. */
export class CompileError extends Error {
  name = "CompileError";

  /**
   * @param {string} output what the compiler or the linker wrote, each message with file, line and
   *   column where it has them
   * @param {string} [message]
   */
  constructor(output, message = "The program does not compile.") {
    super(message);
    /** @readonly */
    this.output = output;
  }
}

/** The machine is at fault: something that a build needs is missing or broken. The message says the cure. */
export class ToolchainError extends Error {
  name = "ToolchainError";
}
