// SPDX-License-Identifier: MIT
// Task locals. Each value is a link of a chain. A task that inherits shares the chain of the task that
// started it, and adds its own in front; only links that are the task's alone ever change.
#include <stdlib.h>

#include "task.h"

typedef struct link {
    const struct link *next;
    const kp_local *key;
    void *value;
    uint32_t users; // tasks that hold it, and links in front of it
} link;

// Makes a task give its chain back.
typedef struct {
    kp__owned owned;
    kp__task *task;
} hold;

static void release(const link *from)
{
    while (from) {
        link *last = (link *)(uintptr_t)from;
        if (--last->users)
            return;
        from = last->next;
        free(last);
    }
}

static void let_go(kp__owned *owned)
{
    hold *self = (hold *)owned;

    release(self->task->locals);
    self->task->locals = NULL;
    free(self);
}

static bool take_hold(kp__task *task)
{
    hold *self = malloc(sizeof *self);

    if (!self)
        return false;
    self->task = task;
    // Behind all else that ends with the task, which may still read them.
    kp__owned **last = &task->owned;
    while (*last)
        last = &(*last)->next;
    kp__own(last, &self->owned, let_go);
    return true;
}

static bool inherit(kp__task *task, const kp__task *from)
{
    link *chain = (link *)(uintptr_t)from->locals;

    if (!chain)
        return true;
    if (!take_hold(task))
        return false;
    chain->users++;
    task->locals = chain;
    return true;
}

// The link of the key, if no other task can see it.
static link *own_link(const kp__task *task, const kp_local *key)
{
    link *at = (link *)(uintptr_t)task->locals;

    while (at && at->users == 1 && at->key != key)
        at = (link *)(uintptr_t)at->next;
    return at && at->users == 1 ? at : NULL;
}

int kp_local_set(const kp_local *key, void *value)
{
    kp__task *task = kp__running;

    if (!task)
        return KP_EDEADLK;
    link *own = own_link(task, key);
    if (own) {
        own->value = value;
        return 0;
    }
    link *added = malloc(sizeof *added);
    if (!added || (!task->locals && !take_hold(task))) {
        free(added);
        return KP_ENOMEM;
    }
    *added = (link){ task->locals, key, value, 1 };
    task->locals = added;
    kp__inherit = inherit;
    return 0;
}

void *kp_local_get(const kp_local *key)
{
    const link *at = kp__running ? kp__running->locals : NULL;

    while (at && at->key != key)
        at = at->next;
    return at ? at->value : NULL;
}
