// SPDX-License-Identifier: MIT
// The quickest way to wait, for a function that does nothing else: Asyncify does not rewrite it. It is marked
// KP__SUSPENDS, see fiber.h, and no more than
//     return KP__WAIT(begin_…(…));
// in which begin_… is as task.h says.
#ifndef KP__WAIT_H
#define KP__WAIT_H

#include <fiber_switch.h>

#include "task.h"

#ifdef KP_DEV
bool kp__rehearse_switch(int result); // see rehearse.h
#else
#define kp__rehearse_switch(result) false
#endif

#define KP__WAIT(begin) (kp__fiber_goes_on() ? kp__running->result : kp__waited(begin))

static inline __attribute__((always_inline)) int kp__waited(int begun)
{
    if (begun != KP__SUSPEND && !kp__rehearse_switch(begun))
        return begun;
    return kp__fiber_suspend() ? kp__running->result : 0;
}

#endif
