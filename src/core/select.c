// SPDX-License-Identifier: MIT
// kp_select: a waiter in the queue of each case. The one that is woken unlinks them all.
#include <stddef.h>

#include "channel.h"
#include "host.gen.h"
#include "random.h"
#include "wait.h"

typedef struct {
    kp_case *cases;
    size_t count;
} selection;

// KP_EAGAIN, or how it went.
static int try_now(kp_case *self)
{
    switch (self->kind) {
    case KP__SEND:
        return kp__send_now(self->channel, self->item);
    case KP__RECV:
        return kp__recv_now(self->channel, self->item);
    case KP__FLAG:
        return self->flag->set ? 0 : KP_EAGAIN;
    case KP__JOIN:
        return kp__join_now(self->task, self->item);
    case KP__AFTER:
        break;
    }
    return KP_EAGAIN;
}

// Where it waits; NULL for time.
static kp__waiters *queue_of(const kp_case *self)
{
    switch (self->kind) {
    case KP__SEND:
        return kp__senders(self->channel);
    case KP__RECV:
        return kp__receivers(self->channel);
    case KP__FLAG:
        return &self->flag->waiters;
    case KP__JOIN:
        return &kp__task_find(self->task)->joiners;
    case KP__AFTER:
        break;
    }
    return NULL;
}

static void withdraw(kp__task *task)
{
    const selection *all = task->waiting;

    for (size_t i = 0; i < all->count; i++)
        kp__waiter_remove(&all->cases[i].waiter);
}

static int chosen(kp__waiter *waiter, int result)
{
    kp_case *self = KP__CONTAINER(waiter, kp_case, waiter);
    const selection *all = waiter->task->waiting;

    self->result = result;
    return (int)(self - all->cases);
}

// The first case that can go on now, or KP_EAGAIN.
static int choose_now(const selection *all, size_t start)
{
    for (size_t i = 0; i < all->count; i++) {
        size_t at = (start + i) % all->count;
        int result = try_now(&all->cases[at]);
        if (result == KP_EAGAIN)
            continue;
        all->cases[at].result = result;
        return (int)at;
    }
    return KP_EAGAIN;
}

// Two cases may stand in one queue, so there too they stand in order from `start`.
static int wait_for_all(const selection *all, size_t start)
{
    const kp_case *first_due = NULL;

    for (size_t i = 0; i < all->count; i++) {
        kp_case *at = &all->cases[(start + i) % all->count];
        kp__waiters *queue = queue_of(at);
        at->waiter.chosen = chosen;
        at->waiter.queue = NULL;
        if (queue)
            kp__waiters_add(queue, &at->waiter, at->item);
        else if (!first_due || at->milliseconds < first_due->milliseconds)
            first_due = at;
    }
    return kp__begin_wait("one of several", first_due ? kp__host_now() + (double)first_due->milliseconds : -1,
                          first_due ? (int)(first_due - all->cases) : 0, withdraw, (void *)(uintptr_t)all);
}

static int begin_select(const selection *all, size_t start)
{
    int result = all->count ? kp__may_wait() : KP_EINVAL;

    if (!result)
        result = choose_now(all, start);
    if (result != KP_EAGAIN)
        return result;
    for (size_t i = 0; i < all->count; i++) {
        all->cases[i].result = 0;
        if (all->cases[i].kind == KP__AFTER && all->cases[i].milliseconds <= 0)
            return (int)i;
    }
    return wait_for_all(all, start);
}

KP__SUSPENDS int kp_select(kp_case *cases, size_t count)
{
    selection all = { cases, count };

    return KP__WAIT(begin_select(&all, 0));
}

static size_t any_place(size_t count)
{
    static uint32_t state = 2463534242;
    uint32_t random = kp__random(&state);

    return count ? random % count : 0;
}

KP__SUSPENDS int kp_select_fair(kp_case *cases, size_t count)
{
    selection all = { cases, count };

    return KP__WAIT(begin_select(&all, any_place(count)));
}
