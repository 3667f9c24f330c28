// SPDX-License-Identifier: MIT
// Rehearsals: a development build can run an app's tasks in another order, switch where it need not, and
// cancel in the worst moment, so that tests see what users would see only sometimes. See kapok/testing.
#ifndef KP__REHEARSE_H
#define KP__REHEARSE_H

#include "task.h"

#ifdef KP_DEV
void kp__rehearse(uint32_t order, uint32_t seed, bool switch_always, uint32_t cancel_at);

// The running task is about to wait: kp__rehearse_wait, in task.h.

// What could go on at once, with this result, waits for its turn all the same: kp__rehearse_switch, in
// wait.h.

// The tasks of a pass, linked by ready_next. Returns the first in the order of the rehearsal.
kp__task *kp__rehearse_order(kp__task *first);
#else
static inline void kp__rehearse(uint32_t order, uint32_t seed, bool switch_always, uint32_t cancel_at)
{
    (void)order, (void)seed, (void)switch_always, (void)cancel_at;
}
#endif

#endif
