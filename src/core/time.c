// SPDX-License-Identifier: MIT
// Waiting for a time, a beat, the browser's next frame or its leisure.
#include "host.gen.h"
#include "task.h"

int64_t kp_now(void)
{
    return (int64_t)kp__host_now();
}

KP__APART int kp__begin_wait_until(const char *why, double time)
{
    int refused = kp__may_wait();

    return refused ? refused : kp__begin_wait(why, time, 0, NULL, NULL);
}

int kp_sleep(int64_t milliseconds)
{
    if (milliseconds <= 0)
        return kp_yield();
    return kp__wait(kp__begin_wait_until("time", kp__host_now() + (double)milliseconds));
}

int kp_sleep_until(int64_t time)
{
    if ((double)time <= kp__host_now())
        return kp_yield();
    return kp__wait(kp__begin_wait_until("time", (double)time));
}

static KP__APART int begin_breathe(void)
{
    int refused = kp__may_wait();

    return refused || !kp__slice_spent() ? refused : kp__begin_turn();
}

int kp_breathe(void)
{
    return kp__wait(begin_breathe());
}
