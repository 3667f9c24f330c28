// SPDX-License-Identifier: MIT
// Chance that is good enough for an order of turns, and the same every time.
#ifndef KP__RANDOM_H
#define KP__RANDOM_H

#include <stdint.h>

// Marsaglia's xorshift ("Xorshift RNGs", 2003). The state must not be 0, and never becomes it.
static inline uint32_t kp__random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    return *state ^= *state << 5;
}

#endif
