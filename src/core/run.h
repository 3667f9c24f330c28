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

// As kp__task_run.
static inline __attribute__((always_inline)) void kp__task_run_here(kp__task *task)
{
    kp__task *outer = kp__running;

    task->outer = outer;
    kp__running = task;
    task->state = KP__RUNNING;
    double began = kp__run_begins();
    bool returned = kp__fiber_run(&task->fiber, task->function, task->argument);
    kp__running = outer;
    kp__run_took(task, began);
    if (returned || task->state == KP__DROPPED || !kp__stack_low_intact(task->fiber.stack))
        kp__task_ran(task, returned);
}

#endif
