// SPDX-License-Identifier: MIT
// In the place of libc's: WebAssembly as every browser runs it cannot jump out of functions.
// To include it is no mistake, since libraries do so for what an app may not use.
#ifndef KP__SETJMP_H
#define KP__SETJMP_H

#ifndef __wasm__
#pragma GCC system_header // where #include_next is no mistake
#include_next <setjmp.h>
#else

#define KP__NO_JUMP             \
    __attribute__((unavailable( \
        "a web page has no setjmp and longjmp; return an error code from each function instead")))

typedef int jmp_buf[1];
typedef int sigjmp_buf[1];

int setjmp(jmp_buf env) KP__NO_JUMP;
int _setjmp(jmp_buf env) KP__NO_JUMP;
int sigsetjmp(sigjmp_buf env, int savemask) KP__NO_JUMP;
_Noreturn void longjmp(jmp_buf env, int value) KP__NO_JUMP;
_Noreturn void _longjmp(jmp_buf env, int value) KP__NO_JUMP;
_Noreturn void siglongjmp(sigjmp_buf env, int value) KP__NO_JUMP;

#endif
#endif
