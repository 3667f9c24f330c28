// SPDX-License-Identifier: MIT
// A task runs until it waits or ends: inline, for those who let one after the other run.
#ifndef KP__RUN_H
#define KP__RUN_H

#include <fiber_switch.h>

#include "task.h"

#ifdef KP_DEV
double kp__run_begins(void);
void kp__run_took(const kp__task *task, double began); // warns when that was long
#else
#define kp__run_begins() 0
#define kp__run_took(task, began) ((void)(began))
#endif

// It has run and does not wait: it has returned, or is to be dropped, or has written past its stack.
void kp__task_ran(kp__task *task, bool returned);

// Runs the task until it waits or ends, by its own function and argument. True when that has returned.
static inline __attribute__((always_inline)) bool kp__task_step(kp__task *task, int (*function)(void *),
                                                                void *argument)
{
    kp__task *outer = kp__running;

    task->outer = outer;
    kp__running = task;
    task->state = KP__RUNNING;
    double began = kp__run_begins();
    bool returned = kp__fiber_run(&task->fiber, function, argument);
    kp__running = outer;
    kp__run_took(task, began);
    return returned;
}

static inline __attribute__((always_inline)) void kp__task_after_step(kp__task *task, bool returned)
{
    if (returned || task->state == KP__DROPPED || !kp__stack_low_intact(task->fiber.stack))
        kp__task_ran(task, returned);
}

// As kp__task_run.
static inline __attribute__((always_inline)) void kp__task_run_here(kp__task *task)
{
    kp__task_after_step(task, kp__task_step(task, task->function, task->argument));
}

// --- A handler that does not wait, as most do not

// A new task for handlers, as kp__task_new, whose argument has `bytes` of room at the high end of its stack.
kp__task *kp__task_new_for_handlers(struct kp_group *group, int (*function)(void *), size_t bytes);

// One whose function and bytes are these. There is but one such function.
static inline __attribute__((always_inline)) kp__task *
kp__task_for_handler(struct kp_group *group, int (*function)(void *), size_t bytes)
{
    kp__task *task = kp__spare;

    if (!task || task->state != KP__ENDED || group->canceled)
        return kp__task_new_for_handlers(group, function, bytes);
    kp__stack_renew(task->fiber.stack);
    kp__group_join(group, task);
    return task;
}

static inline __attribute__((always_inline)) void kp__handler_run(kp__task *task, int (*function)(void *),
                                                                  void *argument)
{
    bool returned = kp__task_step(task, function, argument);

    if (returned && task == kp__spare && !task->special && !task->owned && !task->group->waiters.first &&
        kp__stack_low_intact(task->fiber.stack)) {
        kp__group_leave(task->group, task);
    } else {
        kp__not_spare(task);
        kp__task_after_step(task, returned);
    }
}

#endif
