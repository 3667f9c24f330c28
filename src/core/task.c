// SPDX-License-Identifier: MIT
// A task from its beginning to its end. How it waits in between is in waiting.c.
#include "task.h"

#include <math.h>
#include <stdlib.h>

#include "host.gen.h"
#include "report.h"
#include "run.h"
#include "timers.h"
#include "tree.h"

// Linked only where a task waits, where something ends with a task, and where a task makes groups.
#pragma weak kp__waiters_tell_all
#pragma weak kp__timer_reserve
#pragma weak kp__timer_disarm
#pragma weak kp__nosuspend_withdraw
#pragma weak kp__end_wait
#pragma weak kp__end_owned
#pragma weak kp__nursery_orphan
#pragma weak kp__nursery_cancel

kp__task *kp__running;

static kp__slots tasks = KP__SLOTS(kp__task);
static uint32_t task_count; // the spare one counts
kp__task *kp__spare;

// --- What ends with a task

// What was deferred is done by the task, so that it can unlock a mutex. If it tries to wait it is told
// KP_EDEADLK.
static void end_owned_by(kp__task *task)
{
    if (!kp__end_owned || !task->owned)
        return;
    task->outer = kp__running;
    task->scope = NULL;
    task->nosuspend = 1;
    task->special = true;
    kp__running = task;
    kp__end_owned(&task->owned);
    kp__running = task->outer;
}

// --- Making and ending

kp__task *kp__task_new(struct kp_group *group, kp_task_function function, void *argument, size_t stack,
                       bool farewell)
{
    if (group->canceled && !farewell)
        return NULL;
    bool can_wait = !kp__timer_reserve || kp__timer_reserve(task_count + 1);
    kp__task *task = can_wait ? kp__slot_take(&tasks) : NULL;
    if (!task)
        return NULL;
    task->fiber.stack = kp__stack_take(stack);
    if (!task->fiber.stack) {
        kp__slot_free(&tasks, task);
        return NULL;
    }
    task->fiber.stack_pointer = task->fiber.stack->high;
    task->function = function;
    task->argument = argument;
    task->farewell = farewell;
    task->limit = group->limit;
    task->special = task->limit < INFINITY;
    task->number = group->started++;
    kp__group_join(group, task);
    task_count++;
    return task;
}

void kp__task_free(kp__task *ended)
{
    kp__slot_free(&tasks, ended);
}

static void finish(kp__task *task)
{
    struct kp_group *group = task->group;

    kp__not_spare(task);
    end_owned_by(task);
    if (kp__timer_disarm)
        kp__timer_disarm(task);
    kp__fiber_drop(&task->fiber);
    kp__stack_give(task->fiber.stack);
    task->fiber.stack = NULL;
    kp__group_leave(group, task);
    task_count--;
    if (kp__waiters_tell_all)
        kp__waiters_tell_all(&task->joiners, task->result);
    if (!kp__group_lost(group, task))
        kp__task_free(task);
}

// Its function is over. The groups it made may use what lies on its stack: they end first.
void kp__task_end(kp__task *task, int result)
{
    task->result = result;
    task->state = KP__ENDING;
    if (kp__nursery_orphan && task->groups)
        kp__nursery_orphan(task);
    else
        finish(task);
}

void kp__task_childless(kp__task *task)
{
    if (task->state == KP__ENDING)
        finish(task);
}

// A task's end may make others ready, whose link is needed for the results that groups keep.
void kp__tasks_drop_all(void)
{
    kp__ready_forget();
    for (uint32_t i = 1; i <= tasks.made; i++) {
        kp__task *task = kp__slot_at(&tasks, i);
        if (!task || task->state >= KP__ENDING)
            continue;
        if (kp__nosuspend_withdraw && task->state == KP__WAITING)
            kp__nosuspend_withdraw(task);
        kp__undo();
        kp__task_end(task, KP_ECANCELED);
        kp__ready_forget();
    }
}

// --- Running

#ifdef KP_DEV
#define LONG_RUN_MS 50 // longer than a user takes for immediate; Nielsen's 0.1 s less what the browser needs

double kp__run_begins(void)
{
    return kp__host_now();
}

void kp__run_took(const kp__task *task, double began)
{
    double took = kp__host_now() - began;

    if (took >= LONG_RUN_MS && kp__stack_low_intact(task->fiber.stack))
        kp__log(
            KP__LOG_WARNING,
            "%s of a %s ran for %d ms without waiting, and the page stood still. Call kp_breathe() now and "
            "then in what takes so long.",
            task->name, kp__task_owner(task), (int)took);
}
#endif

// Apart, so that what calls it needs no stack.
_Noreturn static KP__APART void panic_of_overrun(const kp__task *task)
{
    kp__panic("The task %s wrote past the end of its stack.", task->name);
}

void kp__task_ran(kp__task *task, bool returned)
{
    if (!kp__stack_low_intact(task->fiber.stack))
        panic_of_overrun(task);
    kp__task_end(task, returned ? task->fiber.result : KP_ECANCELED);
}

void kp__task_run(kp__task *task)
{
    kp__task_run_here(task);
}

kp__task *kp__task_new_for_handlers(struct kp_group *group, kp_task_function function, size_t bytes)
{
    kp__task *task = kp__task_new(group, function, NULL, KP__STACK_LARGE, false);

    if (!task)
        return NULL;
    task->urgent = true;
    task->argument = task->fiber.stack_pointer = task->fiber.stack->high - (bytes + 15) / 16 * 16;
    if (!kp__spare)
        kp__spare = task;
    return task;
}

const char *kp__task_owner(const kp__task *task)
{
    kp__control *owner = kp__control_or_removed(task->group->owner);

    return owner ? owner->kind->name : "?";
}

// --- Canceling

void kp__task_cancel(kp__task *task)
{
    task->canceled = task->special = true;
    if (!kp__in_shield(task)) {
        if (kp__end_wait && task->state == KP__WAITING)
            kp__end_wait(task, KP_ECANCELED);
        else if (task->state == KP__READY && task->why)
            task->result = KP_ECANCELED;
    }
    if (kp__nursery_cancel)
        kp__nursery_cancel(task);
}

void kp__task_end_now(kp__task *task)
{
    bool queued = task->state == KP__READY;

    kp__task_cancel(task);
    kp__undo();
    // What the loop is about to run is left to it.
    if (task->state == KP__READY && !(queued && kp__running)) {
        kp__task_unready(task);
        kp__task_run(task);
    }
}

// --- After a trap

kp__task *kp__task_trapped(void)
{
    kp__task *innermost = kp__running;

    kp__running = NULL;
    return innermost;
}

void kp__task_finish_trapped(kp__task *task, int code)
{
    while (task) {
        kp__task *outer = task->outer;
        kp__running = outer; // these come next, should what ends with this one trap too
        // It may have trapped on its way into a wait, for want of room to keep its frames.
        if (kp__has_tick() && task->state == KP__READY)
            kp__task_unready(task);
        if (kp__nosuspend_withdraw && task->state == KP__WAITING) {
            kp__nosuspend_withdraw(task);
            kp__undo();
        }
        task->trapped = true;
        kp__task_end(task, code);
        task = outer;
    }
}

// --- Finding

kp__task *kp__task_find(kp_task name)
{
    return kp__slot_find(&tasks, name);
}

kp__task *kp__task_at(uint32_t index)
{
    return kp__slot_at(&tasks, index);
}

uint32_t kp__tasks_made(void)
{
    return tasks.made;
}

uint32_t kp__task_count(void)
{
    return task_count - (kp__spare && kp__spare->state == KP__ENDED);
}

// --- What an app calls

int kp_cancel(kp_task name)
{
    kp__task *task = kp__task_find(name);

    if (!task || task->state == KP__ENDED)
        return KP_ENOENT;
    kp__task_cancel(task);
    kp__undo();
    return 0;
}

kp_task kp_self(void)
{
    if (!kp__running)
        return 0;
    kp__not_spare(kp__running);
    return kp__running->slot.name;
}
