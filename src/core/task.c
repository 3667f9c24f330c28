// SPDX-License-Identifier: MIT
#include "task.h"

#include <stdlib.h>

#include "host.gen.h"
#include "report.h"
#include "tree.h"

// A task that goes on after so many waits in a row were answered KP_ECANCELED does not listen.
#define IGNORED_LIMIT 64

kp__task *kp__running;

static kp__slots tasks = KP__SLOTS(kp__task), groups = KP__SLOTS(struct kp_group);
static uint32_t task_count;
// --- Groups

struct kp_group *kp__group_new(uint32_t owner)
{
    struct kp_group *group = kp__slot_take(&groups);

    if (group)
        group->owner = owner;
    return group;
}

struct kp_group *kp__group_find(uint32_t name)
{
    return kp__slot_find(&groups, name);
}

static void cancel(kp__task *task);

void kp__group_cancel(struct kp_group *group)
{
    group->canceled = true;
    for (kp__task *task = group->first; task; task = task->group_next)
        if (!task->shielded)
            cancel(task);
}

static void group_release_if_drained(struct kp_group *group)
{
    if (group->first || !group->orphaned)
        return;
    uint32_t owner = group->owner;
    kp__slot_free(&groups, group);
    kp__control_drained(owner);
}

void kp__group_orphan(struct kp_group *group)
{
    kp__group_cancel(group);
    group->orphaned = true;
    group_release_if_drained(group);
}

void kp_group_cancel(kp_group *name)
{
    struct kp_group *group = kp__group_find((uint32_t)(uintptr_t)name);

    if (group)
        kp__group_cancel(group);
}

// --- Making and ending

kp__task *kp__task_new(struct kp_group *group, kp_task_function function, void *argument, size_t stack,
                       bool shielded)
{
    if (group->canceled && !shielded)
        return NULL;
    kp__task *task = kp__slot_take(&tasks);
    if (!task)
        return NULL;
    task->fiber.stack = kp__stack_take(stack);
    if (!task->fiber.stack) {
        kp__slot_free(&tasks, task);
        return NULL;
    }
    task->function = function;
    task->argument = argument;
    task->shielded = shielded;
    task->group = group;
    task->group_next = group->first;
    if (group->first)
        group->first->group_previous = task;
    group->first = task;
    task_count++;
    return task;
}

// The function is the app's, and is called where nothing can wait: kp__running is NULL, so it is
// told KP_EDEADLK if it tries. The name keeps Asyncify away from it, see wasm/asyncify.mjs.
static __attribute__((noinline)) void kp__nosuspend_call(void (*function)(void *), void *argument)
{
    function(argument);
}

// Withdrawing only unlinks: it is the core's, and never waits.
static __attribute__((noinline)) void kp__nosuspend_withdraw(kp__task *task, void (*withdraw)(kp__task *))
{
    withdraw(task);
}

static void run_deferred(kp__task *task)
{
    kp__task *outer = kp__running;

    kp__running = NULL;
    while (task->deferred) {
        kp__deferred *deferred = task->deferred;
        task->deferred = deferred->next;
        kp__nosuspend_call(deferred->function, deferred->argument);
        free(deferred);
    }
    kp__running = outer;
}

static void finish(kp__task *task)
{
    struct kp_group *group = task->group;

    run_deferred(task);
    kp__timer_disarm(task);
    kp__fiber_drop(&task->fiber);
    if (task->fiber.stack)
        kp__stack_give(task->fiber.stack);
    free(task->owned);
    if (task->group_previous)
        task->group_previous->group_next = task->group_next;
    else
        group->first = task->group_next;
    if (task->group_next)
        task->group_next->group_previous = task->group_previous;
    kp__slot_free(&tasks, task);
    task_count--;
    group_release_if_drained(group);
}

// --- Running

void kp__task_run(kp__task *task)
{
    kp__task *outer = kp__running;

    task->outer = outer;
    kp__running = task;
    task->state = KP__RUNNING;
    bool returned = kp__fiber_run(&task->fiber, task->function, task->argument);
    kp__running = outer;
    if (!kp__stack_intact(task->fiber.stack))
        kp__panic("The task %s wrote past the end of its stack.", task->name);
    int result = task->fiber.result;
    if (returned && result < 0 && result != KP_ECANCELED)
        kp__report(task->group->owner, result, task->name, NULL);
    if (returned || task->state == KP__DROPPED)
        finish(task);
}

// Whose task it is: the kind of its control.
static const char *owner_of(const kp__task *task)
{
    kp__control *owner = kp__control_or_removed(task->group->owner);

    return owner ? owner->kind->name : "?";
}

// The running task has been told often enough: it is about to be suspended, and never runs again.
static void drop_running(kp__task *task)
{
    kp__log(KP__LOG_ERROR,
            "The task %s of a %s was canceled but goes on waiting; it has been stopped. "
            "Return from a task when a call returns KP_ECANCELED.",
            task->name, owner_of(task));
    task->state = KP__DROPPED;
}

// The running task is to be suspended: 0, or the code that says why not.
static int may_suspend(kp__task *task)
{
    if (!task)
        return KP_EDEADLK;
    if (!task->canceled)
        return 0;
    if (++task->ignored < IGNORED_LIMIT)
        return KP_ECANCELED;
    drop_running(task);
    return 0;
}

// What is on the stack during a suspension is rewritten by Asyncify and pays for each of its lines at
// every switch. So the functions that suspend do no more than that; these, before and after, are
// left as they are.
#define APART __attribute__((noinline))

static APART int begin_wait(const char *why, double deadline, void (*withdraw)(kp__task *))
{
    kp__task *task = kp__running;
    int refused = may_suspend(task);

    if (refused == 0 && task->state == KP__DROPPED)
        return 0;
    if (refused == 0 && deadline >= 0 && !kp__timer_arm(task, deadline))
        refused = KP_ENOMEM;
    if (refused < 0) {
        if (withdraw && task)
            kp__nosuspend_withdraw(task, withdraw);
        return refused;
    }
    task->state = KP__WAITING;
    task->why = why;
    task->withdraw = withdraw;
    return 0;
}

static APART int begin_yield(void)
{
    kp__task *task = kp__running;
    int refused = may_suspend(task);

    if (refused == 0 && task->state != KP__DROPPED)
        kp__task_ready(task);
    return refused;
}

// There was no memory to keep its frames: undoes what was begun.
static int not_suspended(kp__task *task)
{
    if (task->state == KP__READY)
        kp__task_not_ready(task);
    if (task->state == KP__WAITING && task->withdraw)
        kp__nosuspend_withdraw(task, task->withdraw);
    kp__timer_disarm(task);
    task->state = KP__RUNNING;
    return KP_ENOMEM;
}

static APART int end_wait(bool was_suspended)
{
    return was_suspended ? kp__running->result : not_suspended(kp__running);
}

static APART int end_yield(bool was_suspended)
{
    kp__task *task = kp__running;

    if (!was_suspended)
        return not_suspended(task);
    return task->canceled ? KP_ECANCELED : 0;
}

int kp__wait(const char *why, double deadline, void (*withdraw)(kp__task *))
{
    int refused = begin_wait(why, deadline, withdraw);

    return refused < 0 ? refused : end_wait(kp__fiber_suspend());
}

static void wake(kp__task *task, int result)
{
    task->result = result;
    task->why = NULL;
    task->withdraw = NULL;
    kp__timer_disarm(task);
    kp__task_ready(task);
}

void kp__wake(kp_task name, int result)
{
    kp__task *task = kp__slot_find(&tasks, name);

    if (task && task->state == KP__WAITING)
        wake(task, result);
}

static void cancel(kp__task *task)
{
    task->canceled = true;
    if (task->state != KP__WAITING)
        return;
    if (task->withdraw)
        kp__nosuspend_withdraw(task, task->withdraw);
    wake(task, KP_ECANCELED);
}

void kp__tasks_drop_all(void)
{
    for (uint32_t i = 1; i <= tasks.made; i++) {
        kp__task *task = kp__slot_at(&tasks, i);
        if (!task)
            continue;
        if (task->state == KP__READY)
            kp__task_not_ready(task);
        if (task->state == KP__WAITING && task->withdraw)
            kp__nosuspend_withdraw(task, task->withdraw);
        finish(task);
    }
}

uint32_t kp__task_count(void)
{
    return task_count;
}

// --- After a trap

kp__task *kp__task_trapped(void)
{
    kp__task *innermost = kp__running;

    kp__running = NULL;
    return innermost;
}

void kp__task_finish_trapped(kp__task *task)
{
    while (task) {
        kp__task *outer = task->outer;
        task->state = KP__DROPPED;
        finish(task);
        task = outer;
    }
}

// --- What an app calls

kp_task kp__go(kp_group *name, kp_task_function function, void *argument, const char *function_name,
               const char *file, int line)
{
    struct kp_group *group = name          ? kp__group_find((uint32_t)(uintptr_t)name)
                             : kp__running ? kp__running->group
                                           : kp__control_group(kp_page);

    if (!group || !function)
        return 0;
    kp__task *task = kp__task_new(group, function, argument, KP__STACK_NORMAL, false);
    if (!task)
        return 0;
    task->name = function_name;
    task->file = file;
    task->line = line;
    kp__task_ready(task);
    return task->slot.name;
}

int kp_cancel(kp_task name)
{
    kp__task *task = kp__slot_find(&tasks, name);

    if (!task)
        return KP_ENOENT;
    cancel(task);
    return 0;
}

kp_task kp_self(void)
{
    return kp__running ? kp__running->slot.name : 0;
}

int kp_defer(void (*function)(void *), void *argument)
{
    if (!kp__running)
        return KP_EDEADLK;
    if (!function)
        return KP_EINVAL;
    kp__deferred *deferred = malloc(sizeof *deferred);
    if (!deferred)
        return KP_ENOMEM;
    *deferred = (kp__deferred){ kp__running->deferred, function, argument };
    kp__running->deferred = deferred;
    return 0;
}

int kp_sleep(int64_t milliseconds)
{
    if (milliseconds <= 0)
        return kp_yield();
    return kp__wait("sleep", kp__host_now() + (double)milliseconds, NULL);
}

int kp_yield(void)
{
    int refused = begin_yield();

    return refused < 0 ? refused : end_yield(kp__fiber_suspend());
}

int64_t kp_now(void)
{
    return (int64_t)kp__host_now();
}

void kp_dump(void)
{
    static const char *const states[] = { "ready", "running", "waiting", "stopped" };
    double now = kp__host_now();

    for (uint32_t i = 1; i <= tasks.made; i++) {
        kp__task *task = kp__slot_at(&tasks, i);
        if (!task)
            continue;
        kp__log(KP__LOG_INFO, "task %u %s of a %s: %s%s%s", (unsigned)i, task->name, owner_of(task),
                states[task->state], task->why ? " for " : "", task->why ? task->why : "");
        if (task->file)
            kp__log(KP__LOG_INFO, "  started at %s:%d", task->file, task->line);
        if (task->timer_place)
            kp__log(KP__LOG_INFO, "  until %d ms from now", (int)(task->deadline - now));
    }
}
