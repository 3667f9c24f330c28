// SPDX-License-Identifier: MIT
// The length of a text. libc's strlen looks at four bytes at once, in six times as many; the core's texts are
// short, and few. The library is compiled with this in its place, see wasm/library.mjs.
#include <stddef.h>

size_t kp__text_length(const char *text);

size_t kp__text_length(const char *text)
{
    const char *end = text;

    for (; *end; end++)
        __asm__ volatile(""); // lest the compiler make it a call of the other
    return (size_t)(end - text);
}
