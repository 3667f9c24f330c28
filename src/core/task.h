// SPDX-License-Identifier: MIT
// Tasks, the groups that own them, and the loop that runs them.
//
// A task is ready (in the queue), running (on the stack of kp__fiber_run), waiting (until
// kp__wake), or about to be dropped (its frames will be thrown away). A running task may start
// another inside itself; then the outer one runs too, but does not get on.
#ifndef KP__TASK_H
#define KP__TASK_H

#include "../include/kapok.h"
#include "fiber.h"
#include "slots.h"
#include "timers.h"

typedef enum { KP__READY, KP__RUNNING, KP__WAITING, KP__DROPPED } kp__task_state;

typedef struct kp__deferred {
    struct kp__deferred *next;
    void (*function)(void *);
    void *argument;
} kp__deferred;

typedef struct kp__task {
    kp__slot slot;           // its name is the kp_task
    uint8_t state;           // kp__task_state
    bool canceled, shielded; // shielded: canceling its group does not cancel it
    uint8_t ignored;         // how many waits in a row were answered KP_ECANCELED
    kp__fiber fiber;
    kp_task_function function;
    void *argument;
    int result;                          // what the wait that just ended returns
    const char *why;                     // it waits
    void (*withdraw)(struct kp__task *); // undoes the wait when it is canceled; may be NULL
    struct kp_group *group;              // never NULL
    struct kp__task *group_previous, *group_next;
    struct kp__task *ready_previous, *ready_next;
    struct kp__task *outer; // the task inside which this one runs
    double deadline;        // of the timer
    uint32_t timer_place, timer_order;
    kp__deferred *deferred;
    void *owned;             // freed with the task
    const char *name, *file; // of the function, and where it was started
    int line;
} kp__task;

struct kp_group {
    kp__slot slot;
    kp__task *first;         // of its tasks
    uint32_t owner;          // name of the control it belongs to
    bool canceled, orphaned; // orphaned: the owner is gone, so the group goes with its last task
};

// --- Groups

// NULL when out of memory. `owner` is the name of a control.
struct kp_group *kp__group_new(uint32_t owner);
struct kp_group *kp__group_find(uint32_t name); // NULL when it is gone
void kp__group_cancel(struct kp_group *group);

// The owner is gone: cancels the group; when its last task has ended, tells the owner
// (kp__control_drained) and is gone.
void kp__group_orphan(struct kp_group *group);

// --- Tasks

extern kp__task *kp__running; // innermost; NULL in the loop

// A new task that is neither ready nor running yet. NULL when out of memory or when the group is
// canceled and the task is not to be shielded.
kp__task *kp__task_new(struct kp_group *group, kp_task_function function, void *argument, size_t stack,
                       bool shielded);
void kp__task_ready(kp__task *task);
void kp__task_not_ready(kp__task *task); // takes a ready task out of the queue

// Runs the task until it waits or ends. It must be new or ready.
void kp__task_run(kp__task *task);

// Suspends the running task until kp__wake. Returns what kp__wake was given, KP_ECANCELED at once
// or later when the task is canceled, KP_EDEADLK where no task runs, KP_ENOMEM when it cannot be
// suspended. `withdraw` is called when the wait ends in any way but kp__wake; `deadline` < 0 is none,
// else the wait ends there with 0.
int kp__wait(const char *why, double deadline, void (*withdraw)(kp__task *));

// Ends a task's wait. Nothing happens when it does not wait or is gone.
void kp__wake(kp_task task, int result);

// Ends every task without letting it run on.
void kp__tasks_drop_all(void);

// --- The loop

// Wakes the tasks whose time has come, then runs each ready task once, or again and again for as
// long as the slice lasts.
void kp__run_ready(bool whole_slice);

// When there is something to run, on the host's clock: 0 when a task is ready, negative for never.
double kp__next_wake(void);
uint32_t kp__task_count(void);

// --- After a trap

// The task that trapped, the innermost that ran; NULL when none did. Nothing runs from now on.
kp__task *kp__task_trapped(void);

// Ends that task and those inside which it ran: their frames are gone with its own.
void kp__task_finish_trapped(kp__task *task);

#endif
