// SPDX-License-Identifier: MIT
#include "rehearse.h"

#include "host.gen.h"
#include "random.h"
#include "wait.h"

#ifdef KP_DEV
static struct {
    uint32_t order, state, cancel_at, waits;
    bool switch_always;
} rehearsal;

void kp__rehearse(uint32_t order, uint32_t seed, bool switch_always, uint32_t cancel_at)
{
    rehearsal.order = order;
    rehearsal.state = seed * 2654435761u | 1;
    rehearsal.switch_always = switch_always;
    rehearsal.cancel_at = cancel_at;
}

void kp__rehearse_wait(void)
{
    if (rehearsal.cancel_at && kp__running && ++rehearsal.waits == rehearsal.cancel_at)
        kp__task_cancel(kp__running);
}

bool kp__rehearse_switch(int result)
{
    kp__task *task = kp__running;

    if (!rehearsal.switch_always || result < 0 || !task || task->nosuspend)
        return false;
    task->result = result;
    task->why = NULL;
    kp__task_ready(task);
    return true;
}

// Takes each task in front of or behind those before it; at random, that is not every order, but every pair
// comes both ways round.
kp__task *kp__rehearse_order(kp__task *first)
{
    kp__task *ordered = NULL, *last = NULL;

    if (rehearsal.order == KP__ORDER_FIFO)
        return first;
    for (kp__task *task = first, *next; task; task = next) {
        next = task->ready_next;
        bool in_front = rehearsal.order == KP__ORDER_REVERSED || kp__random(&rehearsal.state) & 1024;
        task->ready_next = in_front ? ordered : NULL;
        if (!in_front && last)
            last->ready_next = task;
        if (in_front || !ordered)
            ordered = task;
        if (!in_front || !last)
            last = task;
    }
    return ordered;
}
#endif
