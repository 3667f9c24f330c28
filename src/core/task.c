// SPDX-License-Identifier: MIT
// A task from its beginning to its end, and how it waits in between.
#include "task.h"

#include <math.h>
#include <stdlib.h>

#include "host.gen.h"
#include "rehearse.h"
#include "report.h"
#include "timers.h"
#include "tree.h"
#include "wait.h"

// A task that goes on after so many waits in a row were refused does not listen.
#define IGNORED_LIMIT 64

kp__task *kp__running;
bool (*kp__inherit)(kp__task *task, const kp__task *from);

static kp__slots tasks = KP__SLOTS(kp__task);
static uint32_t task_count;

// --- What ends with a task

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

// What was deferred is done by the task, so that it can unlock a mutex. If it tries to wait it is told
// KP_EDEADLK.
static void end_owned_by(kp__task *task)
{
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
    kp__task *task = kp__timer_reserve(task_count + 1) ? kp__slot_take(&tasks) : NULL;
    if (!task)
        return NULL;
    task->fiber.stack = kp__stack_take(stack);
    if (!task->fiber.stack) {
        kp__slot_free(&tasks, task);
        return NULL;
    }
    task->function = function;
    task->argument = argument;
    task->farewell = farewell;
    task->limit = group->limit;
    task->special = task->limit < INFINITY;
    task->group = group;
    task->number = group->started++;
    task->group_next = group->first;
    if (group->first)
        group->first->group_previous = task;
    group->first = task;
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

    end_owned_by(task);
    kp__timer_disarm(task);
    kp__fiber_drop(&task->fiber);
    kp__stack_give(task->fiber.stack);
    task->fiber.stack = NULL;
    task->state = KP__ENDED;
    if (task->group_previous)
        task->group_previous->group_next = task->group_next;
    else
        group->first = task->group_next;
    if (task->group_next)
        task->group_next->group_previous = task->group_previous;
    task_count--;
    kp__waiters_tell_all(&task->joiners, task->result);
    if (!kp__group_lost(group, task))
        kp__task_free(task);
}

// Its function is over. The groups it made may use what lies on its stack: they end first.
static void end(kp__task *task, int result)
{
    struct kp_group *group, *next;

    task->result = result;
    task->state = KP__ENDING;
    if (!task->groups) {
        finish(task);
        return;
    }
    for (group = task->groups; group; group = next) {
        next = group->parent_next;
        kp__group_orphan(group);
    }
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
        if (task->state == KP__WAITING)
            kp__nosuspend_withdraw(task);
        end(task, KP_ECANCELED);
        kp__ready_forget();
    }
}

// --- Running

#ifdef KP_DEV
#define LONG_RUN_MS 50 // longer than a user takes for immediate; Nielsen's 0.1 s less what the browser needs

static void warn_of_long_run(const kp__task *task, double started)
{
    double took = kp__host_now() - started;

    if (took >= LONG_RUN_MS)
        kp__log(
            KP__LOG_WARNING,
            "%s of a %s ran for %d ms without waiting, and the page stood still. Call kp_breathe() now and "
            "then in what takes so long.",
            task->name, kp__task_owner(task), (int)took);
}
#endif

// Apart, so that kp__task_run needs no stack.
_Noreturn static KP__APART void panic_of_overrun(const kp__task *task)
{
    kp__panic("The task %s wrote past the end of its stack.", task->name);
}

void kp__task_run(kp__task *task)
{
    kp__task *outer = kp__running;

    task->outer = outer;
    kp__running = task;
    task->state = KP__RUNNING;
#ifdef KP_DEV
    double started = kp__host_now();
#endif
    bool returned = kp__fiber_run(&task->fiber, task->function, task->argument);
    kp__running = outer;
    if (!kp__stack_low_intact(task->fiber.stack))
        panic_of_overrun(task);
#ifdef KP_DEV
    warn_of_long_run(task, started);
#endif
    if (returned)
        end(task, task->fiber.result);
    else if (task->state == KP__DROPPED)
        end(task, KP_ECANCELED);
}

const char *kp__task_owner(const kp__task *task)
{
    kp__control *owner = kp__control_or_removed(task->group->owner);

    return owner ? owner->kind->name : "?";
}

// --- Waiting

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

// What withdraws may be the app's function, and may cancel or resume the very task: that one no longer waits.
// The name keeps Asyncify away, see wasm/asyncify.mjs.
KP__APART void kp__nosuspend_withdraw(kp__task *task)
{
    task->state = KP__READY;
    if (task->withdraw)
        task->withdraw(task);
}

static void withdraw_and_wake(kp__task *task, int result)
{
    kp__nosuspend_withdraw(task);
    kp__wake(task, result);
}

void kp__wake_due(kp__task *task)
{
    withdraw_and_wake(task, task->timer_is_limit ? KP_ETIMEDOUT : task->due_result);
}

void kp__task_cancel(kp__task *task)
{
    task->canceled = task->special = true;
    if (!kp__in_shield(task)) {
        if (task->state == KP__WAITING)
            withdraw_and_wake(task, KP_ECANCELED);
        else if (task->state == KP__READY && task->why)
            task->result = KP_ECANCELED;
    }
    for (struct kp_group *group = task->groups; group; group = group->parent_next)
        if (!group->sheltered)
            kp__group_cancel(group);
}

void kp__task_end_now(kp__task *task)
{
    bool queued = task->state == KP__READY;

    kp__task_cancel(task);
    // What the loop is about to run is left to it.
    if (task->state == KP__READY && !(queued && kp__running)) {
        kp__task_unready(task);
        kp__task_run(task);
    }
}

KP__SUSPENDS int kp__wait(int begun)
{
    return KP__WAIT(begun);
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
        // It may have trapped on its way into a wait, for want of room to keep its frames.
        if (task->state == KP__READY)
            kp__task_unready(task);
        if (task->state == KP__WAITING)
            kp__nosuspend_withdraw(task);
        task->trapped = true;
        end(task, code);
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
    return task_count;
}

// --- What an app calls

// The name keeps Asyncify away, see wasm/asyncify.mjs: from kp_go, and from all that call it.
static KP__APART bool kp__nosuspend_inherit(kp__task *task, const kp__task *from)
{
    return !kp__inherit || kp__inherit(task, from);
}

kp_task kp__go(kp_group *name, kp_task_function function, const char *function_name, const char *file,
               int line, const kp_task_options *options)
{
    struct kp_group *group = name ? kp__group_of_handle(name) : kp__group_of_running();
    size_t stack = options->stack ? options->stack : KP__STACK_NORMAL;
    kp__task *task =
        group && function ? kp__task_new(group, function, options->argument, stack, false) : NULL;

    if (!task)
        return 0;
    task->name = options->name ? options->name : function_name;
    task->file = file;
    task->line = line;
    if (kp__running && !kp__nosuspend_inherit(task, kp__running)) {
        group->started--;
        end(task, KP_ECANCELED);
        return 0;
    }
    kp__task_ready(task);
    return task->slot.name;
}

int kp_cancel(kp_task name)
{
    kp__task *task = kp__task_find(name);

    if (!task || task->state == KP__ENDED)
        return KP_ENOENT;
    kp__task_cancel(task);
    return 0;
}

kp_task kp_self(void)
{
    return kp__running ? kp__running->slot.name : 0;
}

// --- kp_join

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
