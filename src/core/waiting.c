// SPDX-License-Identifier: MIT
// How a task waits, and what ends its wait.
#include <math.h>

#include "timers.h"
#include "wait.h"

int kp__begin_wait(const char *why, double deadline, int due_result, void (*withdraw)(kp__task *),
                   void *waiting)
{
    kp__task *task = kp__running;
    double limit = kp__limit_of(task);

    task->state = KP__WAITING;
    task->outside = false;
    task->why = why;
    task->since = kp__recent_time;
    task->withdraw = withdraw;
    task->waiting = waiting;
    task->due_result = due_result;
    task->timer_is_limit = deadline < 0 || limit < deadline;
    if (task->timer_is_limit)
        deadline = limit;
    if (deadline < INFINITY)
        kp__timer_arm(task, deadline);
    return KP__SUSPEND;
}

void kp__wake(kp__task *task, int result)
{
    task->result = result;
    task->why = NULL;
    kp__timer_disarm(task);
    kp__task_ready(task);
}

// What undoes it may cancel or resume the very task: that one no longer waits. The name keeps Asyncify away,
// see wasm/asyncify.mjs.
KP__APART void kp__nosuspend_withdraw(kp__task *task)
{
    task->state = KP__READY;
    if (task->withdraw)
        task->withdraw(task);
}

void kp__end_wait(kp__task *task, int result)
{
    kp__nosuspend_withdraw(task);
    kp__wake(task, result);
}

void kp__wake_due(kp__task *task)
{
    kp__end_wait(task, task->timer_is_limit ? KP_ETIMEDOUT : task->due_result);
}

KP__SUSPENDS int kp__wait(int begun)
{
    return KP__WAIT(begun);
}
