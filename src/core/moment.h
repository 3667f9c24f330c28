// SPDX-License-Identifier: MIT
#ifndef KP__MOMENT_H
#define KP__MOMENT_H

#include <stdint.h>

// Wakes who waits for it. `moment` is a KP__MOMENT_….
void kp__moment_came(uint32_t moment);

#endif
