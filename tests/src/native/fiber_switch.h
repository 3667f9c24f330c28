// SPDX-License-Identifier: MIT
// A context goes on where it was: no function is called again.
#ifndef KP__FIBER_SWITCH_H
#define KP__FIBER_SWITCH_H

#include <stdbool.h>

#include "../../../src/core/fiber.h"

void kp__test_suspend(void);
bool kp__test_run(kp__fiber *fiber, int (*function)(void *), void *argument);

static inline bool kp__fiber_goes_on(void)
{
    return false;
}

static inline bool kp__fiber_run(kp__fiber *fiber, int (*function)(void *), void *argument)
{
    return kp__test_run(fiber, function, argument);
}

static inline bool kp__fiber_suspend(void)
{
    kp__test_suspend();
    return true;
}

#endif
