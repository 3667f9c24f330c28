// SPDX-License-Identifier: MIT
#include <math.h>

#include "host.gen.h"
#include "task.h"

kp_interval kp_every(int64_t milliseconds)
{
    double period = milliseconds > 1 ? (double)milliseconds : 1;

    return (kp_interval){ .next = kp__host_now() + period, .period = period };
}

static KP__APART int count_ticks(kp_interval *interval)
{
    double ticks = floor((kp__host_now() - interval->next) / interval->period) + 1;

    if (ticks < 1)
        ticks = 1;
    interval->next += ticks * interval->period;
    return ticks < INT32_MAX ? (int)ticks : INT32_MAX;
}

// One whose work takes longer than a period is always late, and lets the others have their turn all the same.
static KP__APART int begin_wait_for_tick(const kp_interval *interval)
{
    if (interval->period < 1)
        return KP_EINVAL;
    if (interval->next <= kp__host_now())
        return kp__begin_yield();
    return kp__begin_wait_until("the next tick", interval->next);
}

int kp_interval_wait(kp_interval *interval)
{
    int result = kp__wait(begin_wait_for_tick(interval));

    return result < 0 ? result : count_ticks(interval);
}
