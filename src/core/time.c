// SPDX-License-Identifier: MIT
// Waiting for a time, a beat, the browser's next frame or its leisure.
#include <math.h>

#include "host.gen.h"
#include "task.h"

int64_t kp_now(void)
{
    return (int64_t)kp__host_now();
}

static KP__APART int begin_sleep(double until)
{
    int refused = kp__may_wait();

    return refused ? refused : kp__begin_wait("time", until, 0, NULL, NULL);
}

int kp_sleep(int64_t milliseconds)
{
    if (milliseconds <= 0)
        return kp_yield();
    return kp__wait(begin_sleep(kp__host_now() + (double)milliseconds));
}

int kp_sleep_until(int64_t time)
{
    if ((double)time <= kp__host_now())
        return kp_yield();
    return kp__wait(begin_sleep((double)time));
}

static KP__APART int begin_breathe(void)
{
    int refused = kp__may_wait();

    return refused || !kp__slice_spent() ? refused : kp__begin_yield();
}

int kp_breathe(void)
{
    return kp__wait(begin_breathe());
}
