// SPDX-License-Identifier: MIT
// Finds the app's main. Compilers for WebAssembly rename it, since a call must match the signature:
//
//                          main(void)            main(int, char **)
//     clang, wasi-libc     __main_void, main     __main_argc_argv
//     emcc up to LLVM 14   main                  main
//     emcc since           __main_void, main     __main_argc_argv
//
// The `main` beside main(void) is an adapter that takes the two arguments and drops them, so it
// has one signature wherever it exists.
int __main_argc_argv(int argc, char **argv) __attribute__((weak));
int kp__plain_main(int argc, char **argv) __asm__("main") __attribute__((weak));

// From the linker: runs the constructors. Calling it also keeps the linker from calling it in
// every export.
void __wasm_call_ctors(void);

// libc's, where the app writes to a stream: writes out what its streams still hold, as the end of a program
// does.
void __stdio_exit(void) __attribute__((weak));

int kp__main(void);

int kp__main(void)
{
    static char name[] = "app";
    static char *argv[] = { name, 0 };

    __wasm_call_ctors();
    int status = __main_argc_argv ? __main_argc_argv(1, argv) : kp__plain_main(1, argv);
    if (__stdio_exit)
        __stdio_exit();
    return status;
}
