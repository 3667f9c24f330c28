// SPDX-License-Identifier: MIT
// UTF-8: what an app hands over may be anything; what crosses the border is valid.
#ifndef KP__TEXT_H
#define KP__TEXT_H

#include <stdint.h>

// How long `text` is once every byte that is not UTF-8 has become U+FFFD: in bytes, without the
// NUL, and in UTF-16 code units.
typedef struct {
    uint32_t bytes, units;
} kp__text_size;
kp__text_size kp__text_measure(const char *text);

// Writes those bytes to `to`, without a NUL. `size` is what kp__text_measure has said of the text.
void kp__text_copy(char *to, const char *text, kp__text_size size);

#endif
