// SPDX-License-Identifier: MIT
// Only in apps built with Emscripten: its libc tells the host that memory has grown. Ours looks for itself.
#include <stddef.h>

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
