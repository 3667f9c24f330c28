// SPDX-License-Identifier: MIT
// What ends with a task or a group.
#include <stdlib.h>

#include "task.h"

void kp__own(kp__owned **list, kp__owned *owned, void (*end)(kp__owned *))
{
    owned->next = *list;
    owned->end = end;
    *list = owned;
}

void kp__disown(kp__owned **list, const kp__owned *owned)
{
    while (*list && *list != owned)
        list = &(*list)->next;
    if (*list)
        *list = owned->next;
}

// It may be the app's function. The name keeps Asyncify away from it, see wasm/asyncify.mjs.
static KP__APART void kp__nosuspend_end(kp__owned *owned)
{
    owned->end(owned);
}

void kp__end_owned(kp__owned **list)
{
    while (*list) {
        kp__owned *owned = *list;
        *list = owned->next;
        kp__nosuspend_end(owned);
    }
}

void kp__free_owned(kp__owned *owned)
{
    free(owned);
}

// --- kp_defer

typedef struct {
    kp__owned owned;
    void (*function)(void *);
    void *argument;
} deferred;

static void run_deferred(kp__owned *owned)
{
    deferred *self = (deferred *)owned;

    self->function(self->argument);
    free(self);
}

int kp_defer(void (*function)(void *), void *argument)
{
    if (!kp__running)
        return KP_EDEADLK;
    if (!function)
        return KP_EINVAL;
    deferred *self = malloc(sizeof *self);
    if (!self)
        return KP_ENOMEM;
    self->function = function;
    self->argument = argument;
    kp__own(&kp__running->owned, &self->owned, run_deferred);
    return 0;
}
