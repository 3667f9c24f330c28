// SPDX-License-Identifier: MIT
// UTF-8: what an app hands over may be anything; what crosses the border is valid.
#ifndef KP__TEXT_H
#define KP__TEXT_H

#include <stdint.h>

typedef struct {
    uint32_t bytes, units; // UTF-16 code units
} kp__text_size;

// Writes `text` to `to`, without a NUL, with U+FFFD for every byte that is not UTF-8, and returns how long
// that is. With NULL as `to` it only measures.
kp__text_size kp__text_copy(char *to, const char *text);

#endif
