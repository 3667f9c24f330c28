// SPDX-License-Identifier: MIT
// Clearing what is a few words long. A browser takes longer to be asked to fill memory than to do it word by
// word; the compiler must not turn the loop into the former.
#ifndef KP__WORDS_H
#define KP__WORDS_H

#include <stddef.h>
#include <stdint.h>

typedef uint32_t __attribute__((may_alias)) kp__word;

// `bytes` is a multiple of 4, and `to` is aligned to 4.
static inline void kp__clear_words(void *to, size_t bytes)
{
    for (kp__word *word = to, *end = word + bytes / sizeof *word; word < end; word++) {
        *word = 0;
        __asm__ volatile("");
    }
}

#endif
