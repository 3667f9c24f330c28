// SPDX-License-Identifier: MIT
// Waiting for a time, a beat, the browser's next frame or its leisure.
#include "host.gen.h"
#include "wait.h"

int64_t kp_now(void)
{
    return (int64_t)kp__host_now();
}

KP__APART int kp__begin_wait_until(const char *why, double time)
{
    int refused = kp__may_wait();

    return refused ? refused : kp__begin_wait(why, time, 0, NULL, NULL);
}

KP__SUSPENDS int kp_sleep(int64_t milliseconds)
{
    return KP__WAIT(milliseconds <= 0 ? kp__begin_yield()
                                      : kp__begin_wait_until("time", kp__host_now() + (double)milliseconds));
}

KP__SUSPENDS int kp_sleep_until(int64_t time)
{
    return KP__WAIT((double)time <= kp__host_now() ? kp__begin_yield()
                                                   : kp__begin_wait_until("time", (double)time));
}
