// SPDX-License-Identifier: MIT
// Only in apps built with Emscripten: what its libc wants of the host.
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

// That memory has grown: the host looks for itself.
void emscripten_notify_memory_growth(size_t memory);

void emscripten_notify_memory_growth(size_t memory)
{
    (void)memory;
}

// What the linker calls abort: a trap, as in wasi-libc, so that only the task ends. Emscripten's own
// ends the program without a word.
_Noreturn void __wrap_abort(void);

_Noreturn void __wrap_abort(void)
{
    __builtin_trap();
}

// What its files call, as far as Emscripten does not let it fail already: a page has none.
#define CALL(name, ...)                                     \
    int __syscall_##name(__VA_ARGS__);                      \
    __attribute__((weak)) int __syscall_##name(__VA_ARGS__) \
    {                                                       \
        return -ENOSYS;                                     \
    }

CALL(chdir, intptr_t)
CALL(dup3, int, int, int)
CALL(faccessat, int, intptr_t, int, int)
CALL(fstat64, int, intptr_t)
CALL(fstatat64, int, intptr_t, intptr_t, int)
CALL(getcwd, intptr_t, size_t)
CALL(getdents64, int, intptr_t, size_t)
CALL(lstat64, intptr_t, intptr_t)
CALL(mkdir, intptr_t, int)
CALL(readlink, intptr_t, intptr_t, int)
CALL(rename, intptr_t, intptr_t)
CALL(rmdir, intptr_t)
CALL(stat64, intptr_t, intptr_t)
CALL(unlink, intptr_t)
