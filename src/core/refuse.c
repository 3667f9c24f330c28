// SPDX-License-Identifier: MIT
// Why a task may not wait.
#include <math.h>

#include "host.gen.h"
#include "report.h"
#include "task.h"

// A task that goes on after so many waits in a row were refused does not listen.
#define IGNORED_LIMIT 64

// What a wait would be refused with where waiting is not forbidden; 0 if it would not.
static int refusal(const kp__task *task)
{
    if (task->canceled && !kp__in_shield(task))
        return KP_ECANCELED;
    double limit = kp__limit_of(task);
    return limit < INFINITY && kp__host_now() >= limit ? KP_ETIMEDOUT : 0;
}

int kp__refused(void)
{
    kp__task *task = kp__running;

    if (!task || task->nosuspend)
        return KP_EDEADLK;
    int refused = refusal(task);
    if (refused == 0 && !task->canceled)
        task->ignored = 0;
    if (refused == 0)
        return 0;
    if (++task->ignored < IGNORED_LIMIT)
        return refused;
    kp__log(KP__LOG_ERROR,
            "The task %s of a %s was canceled but goes on waiting; it has been stopped. "
            "Return from a task when a call returns KP_ECANCELED or KP_ETIMEDOUT.",
            task->name, kp__task_owner(task));
    task->state = KP__DROPPED;
    return KP__SUSPEND;
}

int kp_check(void)
{
    return kp__running ? refusal(kp__running) : 0;
}
