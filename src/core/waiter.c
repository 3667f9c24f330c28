// SPDX-License-Identifier: MIT
// Queues of tasks that wait for the same thing. A waiter lies on the stack of the task that waits; it is
// unlinked before that task goes on, so that no queue ever holds one that is gone.
#include "task.h"

void kp__waiters_add(kp__waiters *queue, kp__waiter *waiter, void *item)
{
    waiter->queue = queue;
    waiter->task = kp__running;
    waiter->item = item;
    waiter->next = NULL;
    waiter->previous = queue->last;
    if (queue->last)
        queue->last->next = waiter;
    else
        queue->first = waiter;
    queue->last = waiter;
}

void kp__waiter_remove(kp__waiter *waiter)
{
    kp__waiters *queue = waiter->queue;

    if (!queue)
        return;
    if (waiter->previous)
        waiter->previous->next = waiter->next;
    else
        queue->first = waiter->next;
    if (waiter->next)
        waiter->next->previous = waiter->previous;
    else
        queue->last = waiter->previous;
    waiter->queue = NULL;
}

static void withdraw(kp__task *task)
{
    kp__waiter_remove(task->waiting);
}

static int begin_wait(const char *why, double deadline, kp__waiters *queue, kp__waiter *waiter, void *item)
{
    waiter->chosen = NULL;
    kp__waiters_add(queue, waiter, item);
    return kp__begin_wait(why, deadline, 0, withdraw, waiter);
}

int kp__begin_wait_in(const char *why, kp__waiters *queue, kp__waiter *waiter, void *item)
{
    return begin_wait(why, -1, queue, waiter, item);
}

int kp__begin_wait_outside(const char *why, double deadline, kp__waiters *queue, kp__waiter *waiter)
{
    int begun = begin_wait(why, deadline, queue, waiter, NULL);

    kp__running->outside = true;
    return begun;
}

static KP__APART int kp__nosuspend_choose(kp__waiter *waiter, int result)
{
    return waiter->chosen ? waiter->chosen(waiter, result) : result;
}

void kp__waiter_wake(kp__waiter *waiter, int result)
{
    kp__task *task = waiter->task;

    result = kp__nosuspend_choose(waiter, result);
    kp__nosuspend_withdraw(task);
    kp__wake(task, result);
}

void kp__waiters_tell_all(kp__waiters *queue, int value)
{
    for (kp__waiter *waiter; (waiter = queue->first);) {
        if (waiter->item)
            *(int *)waiter->item = value;
        kp__waiter_wake(waiter, 0);
    }
}

void kp__waiters_wake_all(kp__waiters *queue, int result)
{
    while (queue->first)
        kp__waiter_wake(queue->first, result);
}
