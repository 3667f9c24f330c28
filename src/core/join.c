// SPDX-License-Identifier: MIT
#include "wait.h"

int kp__join_now(kp_task name, int *result)
{
    const kp__task *task = kp__task_find(name);

    if (!task)
        return KP_ENOENT;
    if (task == kp__running)
        return KP_EDEADLK;
    if (task->state != KP__ENDED)
        return KP_EAGAIN;
    if (result)
        *result = task->result;
    return 0;
}

static int begin_join(kp_task name, int *result, kp__waiter *waiter)
{
    int refused = kp__may_wait();

    if (!refused)
        refused = kp__join_now(name, result);
    return refused == KP_EAGAIN
               ? kp__begin_wait_in("a task's end", &kp__task_find(name)->joiners, waiter, result)
               : refused;
}

KP__SUSPENDS int kp_join(kp_task name, int *result)
{
    kp__waiter waiter;

    return KP__WAIT(begin_join(name, result, &waiter));
}
