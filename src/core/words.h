// SPDX-License-Identifier: MIT
// Clearing and copying what is a few words long. A browser takes longer to be asked to fill or copy memory
// than to do it word by word; the compiler must not turn these loops into the former.
#ifndef KP__WORDS_H
#define KP__WORDS_H

#include <stddef.h>
#include <stdint.h>

typedef uint32_t __attribute__((may_alias)) kp__word;

// `bytes` is a multiple of 4, and both are aligned to 4.
static inline void kp__clear_words(void *to, size_t bytes)
{
    for (kp__word *word = to, *end = word + bytes / sizeof *word; word < end; word++) {
        *word = 0;
        __asm__ volatile("");
    }
}

static inline void kp__copy_words(void *to, const void *from, size_t bytes)
{
    const kp__word *source = from;

    for (kp__word *word = to, *end = word + bytes / sizeof *word; word < end; word++) {
        *word = *source++;
        __asm__ volatile("");
    }
}

#endif
