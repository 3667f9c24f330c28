// SPDX-License-Identifier: MIT
// KP_TIMEOUT, KP_SHIELD and KP_NOSUSPEND: what a task may wait for, and for how long. A scope lies on the
// stack of its task, which knows the innermost.
#include <math.h>

#include "host.gen.h"
#include "task.h"

static void enter(kp__scope *scope, double own, bool shield)
{
    kp__task *task = kp__running;
    double around = kp__limit_of(task);

    scope->outer = task->scope;
    scope->own = own;
    scope->limit = shield || own < around ? own : around;
    scope->shield = shield || kp__in_shield(task);
    task->scope = scope;
    task->special = true;
}

bool kp__scope_enter(kp__scope *scope, int64_t milliseconds, bool shield)
{
    if (kp__running)
        enter(scope, kp__host_now() + (double)(milliseconds > 0 ? milliseconds : 0), shield);
    return true;
}

// The task whose innermost scope this is; NULL for a block that ran where no task does.
static kp__task *leave(const kp__scope *scope)
{
    kp__task *task = kp__running;

    if (!task || task->scope != scope)
        return NULL;
    task->scope = scope->outer;
    return task;
}

void kp__scope_leave(kp__scope *scope)
{
    kp__task *task = leave(scope);

    if (task)
        task->timed_out = kp__host_now() >= scope->own;
}

bool kp_timed_out(void)
{
    return kp__running && kp__running->timed_out;
}

void kp__shelter_enter(kp__scope *scope)
{
    enter(scope, INFINITY, true);
}

void kp__shelter_leave(kp__scope *scope)
{
    (void)leave(scope);
}

int kp__nosuspend_enter(void)
{
    if (kp__running) {
        kp__running->nosuspend++;
        kp__running->special = true;
    }
    return 1;
}

void kp__nosuspend_leave(int *entered)
{
    if (*entered && kp__running)
        kp__running->nosuspend--;
    *entered = 0;
}
