// SPDX-License-Identifier: MIT
// Waiting for a moment that only the browser knows. Those who wait for the same one are woken together, by
// one entry, so that what they change is one batch.
#include "moment.h"

#include "host.gen.h"
#include "wait.h"

static kp__waiters waiting[2];

static int begin_moment(uint32_t moment, double deadline, const char *why, kp__waiter *waiter)
{
    int refused = kp__may_wait();

    if (refused)
        return refused;
    if (!waiting[moment].first)
        kp__host_request(moment);
    if (moment == KP__MOMENT_FRAME)
        kp__running->urgent = true;
    return kp__begin_wait_outside(why, deadline, &waiting[moment], waiter);
}

void kp__moment_came(uint32_t moment)
{
    kp__waiters_wake_all(&waiting[moment], 0);
}

KP__SUSPENDS int kp_frame(void)
{
    kp__waiter waiter;

    return KP__WAIT(begin_moment(KP__MOMENT_FRAME, -1, "the next frame", &waiter));
}

KP__SUSPENDS int kp_idle(int64_t milliseconds)
{
    kp__waiter waiter;

    return KP__WAIT(begin_moment(KP__MOMENT_IDLE,
                                 milliseconds < 0 ? -1 : kp__host_now() + (double)milliseconds,
                                 "an idle browser", &waiter));
}
