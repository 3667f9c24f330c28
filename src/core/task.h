// SPDX-License-Identifier: MIT
// Tasks and the groups that own them.
//
// A task is ready (in the queue), running (on the stack of kp__fiber_run), waiting (until
// kp__wake), about to be dropped (its frames will be thrown away), ending (it has returned, and waits
// for the groups it made), or ended (its group keeps its result). A running task may start
// another inside itself; then the outer one runs too, but does not get on.
#ifndef KP__TASK_H
#define KP__TASK_H

#include "../include/kapok.h"
#include "fiber.h"
#include "slots.h"
#include "timers.h"

typedef enum { KP__READY, KP__RUNNING, KP__WAITING, KP__DROPPED, KP__ENDING, KP__ENDED } kp__task_state;

struct kp__task;

// Something that ends with its task or group, the last first. Part of a larger struct.
typedef struct kp__owned {
    struct kp__owned *next;
    void (*end)(struct kp__owned *owned); // must not wait; frees it if it was allocated
} kp__owned;

typedef struct kp__task {
    // In the first 64 bytes, all that a switch needs.
    kp__slot slot;   // its name is the kp_task
    uint8_t state;   // kp__task_state
    bool special;    // one of the next three, a scope or a limit: look before it waits
    bool canceled;   //
    uint8_t ignored; // how many waits in a row were refused
    bool farewell;   // canceling its group does not cancel it
    bool urgent;     // the user waits for it, or the next frame does: it goes before others that are ready
    bool timer_is_limit; // the timer is its scope's, not what the wait is for
    bool outside;        // what ends its wait is not one of the tasks
    bool timed_out;      // the scope it left last ran out
    kp__fiber fiber;     //
    kp_task_function function;
    void *argument;
    struct kp__task *ready_next;         // also the next of the group's ended
    struct kp__task *outer;              // the task inside which this one runs
    int result;                          // what the wait that just ended returns; at last the function's
    const char *why;                     // it waits, or KP__YIELDS; else NULL
    int due_result;                      // what the wait returns when its own time has come
    uint32_t nosuspend;                  // depth of KP_NOSUSPEND
    double since;                        // it waits, ms
    void (*withdraw)(struct kp__task *); // undoes the wait unless its own end has come; may be NULL
    void *waiting;                       // what withdraw needs
    kp__scope *scope;                    // innermost; lies on the task's stack
    struct kp_group *group;              // never NULL
    double limit;                        // when its group's time is over; INFINITY for never
    double deadline;                     // of the timer
    uint32_t timer_place, timer_order;
    struct kp__task *group_previous, *group_next;
    struct kp_group *groups; // that it has made
    kp__waiters joiners;     // that wait for its end; their items are int *
    kp__owned *owned;        // ends with the task
    const void *locals;      // see local.c
    uint32_t number;         // in its group, in the order of starting
    bool trapped;            //
    const char *name, *file; // of the function, and where it was started
    int line;
} kp__task;

struct kp_group {
    kp__slot slot;
    kp__task *first; // of its tasks, those that have ended excepted
    kp__task *first_ended, *last_ended;
    uint32_t owner;   // name of the control it belongs to, or to which the task belongs that made it
    uint32_t started; // how many tasks
    kp__task *parent; // the task that made it; NULL for a control's
    struct kp_group *parent_next; // of the parent's groups
    double limit;
    uint8_t policy;          // kp_policy
    bool canceled, orphaned; // orphaned: nobody will wait for it, so it goes with its last task
    bool sheltered;          // was made in a KP_SHIELD, so that canceling the parent is not for it
    bool told;               // somebody was told of the failure
    int failure;
    const char *failed;  // name of the task that did
    kp__waiters waiters; // for the end of a task; their items are int *, for the failure
    kp__owned *owned;
};

// --- Groups

static inline __attribute__((always_inline)) void kp__group_join(struct kp_group *group, kp__task *task)
{
    task->group = group;
    task->group_previous = NULL;
    task->group_next = group->first;
    if (group->first)
        group->first->group_previous = task;
    group->first = task;
}

static inline __attribute__((always_inline)) void kp__group_leave(struct kp_group *group, kp__task *task)
{
    task->state = KP__ENDED;
    if (task->group_previous)
        task->group_previous->group_next = task->group_next;
    else
        group->first = task->group_next;
    if (task->group_next)
        task->group_next->group_previous = task->group_previous;
}

// NULL when out of memory. `owner` is the name of a control.
struct kp_group *kp__group_new(uint32_t owner, kp_policy policy);
struct kp_group *kp__group_of_handle(const kp_group *name); // NULL when it is gone
struct kp_group *kp__group_of_running(void);                // or the page's. NULL when memory is short
void kp__group_cancel(struct kp_group *group);

// The owner is gone: cancels the group; when its last task has ended, tells the owner
// (kp__control_drained, or the parent's end) and is gone.
void kp__group_orphan(struct kp_group *group);

// A task of it has ended: takes note of the result, and ends the group if that was all.
// Returns true when the group keeps the task's result, and the slot with it.
bool kp__group_lost(struct kp_group *group, kp__task *task);
bool kp__group_note(struct kp_group *group, kp__task *task); // only the first of this

// Ends it now: no task of it may live.
void kp__group_free(struct kp_group *group);

// The groups that a task made, see nursery.c: its end, its cancellation; and the end of one of them.
void kp__nursery_orphan(kp__task *task);
void kp__nursery_cancel(kp__task *task);
void kp__nursery_close(struct kp_group *group);
void kp__nursery_leave(const struct kp_group *group);

// --- Tasks

extern kp__task *kp__running; // innermost; NULL in the loop

// A new task that is neither ready nor running yet. NULL when out of memory or when the group is
// canceled and the task is not a farewell.
kp__task *kp__task_new(struct kp_group *group, kp_task_function function, void *argument, size_t stack,
                       bool farewell);
kp__task *kp__task_find(kp_task name); // alive or ended and kept; NULL when it is gone
kp__task *kp__task_at(uint32_t index); // NULL where there is none; indices are 1 … kp__tasks_made()
uint32_t kp__tasks_made(void);
uint32_t kp__task_count(void); // that live
void kp__task_free(kp__task *ended);
const char *kp__task_owner(const kp__task *task); // the kind of its control

// The task of handlers that do not wait, one after the other, so that these cost neither a slot nor a stack.
// Between them it has ended. NULL when there is none: such a task has neither waited nor made a group, nobody
// has been told its name, and nothing ends with it.
extern kp__task *kp__spare;

static inline void kp__not_spare(const kp__task *task)
{
    if (kp__spare == task)
        kp__spare = NULL;
}

// Runs the task until it waits or ends. It must be new or ready.
void kp__task_run(kp__task *task);

void kp__task_cancel(kp__task *task);

// Its function is over. The groups it made may use what lies on its stack: they end first.
void kp__task_end(kp__task *task, int result);

// Cancels it and lets it come to its end now, unless it runs already or is in a KP_SHIELD. While another
// runs, one that is ready has to wait for its turn.
void kp__task_end_now(kp__task *task);

// The last of the groups that the task made is gone.
void kp__task_childless(kp__task *task);

// Ends every task without letting it run on.
void kp__tasks_drop_all(void);

// Called with a new task, and the task that started it. False when out of memory.
extern bool (*kp__inherit)(kp__task *task, const kp__task *from);

void kp__own(kp__owned **list, kp__owned *owned, void (*end)(kp__owned *));
void kp__disown(kp__owned **list, const kp__owned *owned); // it need not be in the list
void kp__end_owned(kp__owned **list);
void kp__free_owned(kp__owned *owned); // the end of what is nothing but memory

// The struct of which `pointer` is the member.
#define KP__CONTAINER(pointer, type, member) ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

// When its time is over: that of its innermost scope, or of its group.
static inline double kp__limit_of(const kp__task *task)
{
    return task->scope ? task->scope->limit : task->limit;
}

static inline bool kp__in_shield(const kp__task *task)
{
    return task->scope && task->scope->shield;
}

// --- Waiting
//
// What is on the stack during a suspension is rewritten by Asyncify and pays for each of its lines at
// every switch. So a function that waits and does more, before or after, has that done by others, which are
// not inlined, and waits by
//     kp__wait(begin_…(…))
// where begin_… does the work if that can be done now, and else calls kp__begin_wait. One that does no more
// is quicker, see wait.h.

#define KP__SUSPEND INT32_MIN // a function that begins returns this, or the result: any other number
#define KP__APART __attribute__((noinline))
#define KP__YIELDS "its turn"

int kp__refused(void); // the same for a task that is special, or none
#ifdef KP_DEV
void kp__rehearse_wait(void); // see rehearse.h
#else
#define kp__rehearse_wait() ((void)0)
#endif

// Whether the running task may wait: 0; a code that says why not; or KP__SUSPEND when it is to be
// dropped, and must suspend as it stands. Whatever waits asks first.
static inline __attribute__((always_inline)) int kp__may_wait(void)
{
    kp__rehearse_wait();
    return kp__running && !kp__running->special ? 0 : kp__refused();
}

// The running task will wait until kp__wake; or until `deadline`, on the host's clock and negative for never,
// and then has `due_result`. `withdraw` undoes what the wait began, whenever it ends in another way than by
// kp__wake. Returns KP__SUSPEND.
int kp__begin_wait(const char *why, double deadline, int due_result, void (*withdraw)(kp__task *),
                   void *waiting);

// The running task gives its turn to the others that are ready, if there are any, and is not
// urgent any more.
int kp__begin_yield(void);

// The running task waits for a time, on the host's clock.
int kp__begin_wait_until(const char *why, double time);

// Suspends the running task if `begun` is KP__SUSPEND, and returns how the wait ended; else returns `begun`.
int kp__wait(int begun);

// Undoes what the task's wait began. `withdraw` only unlinks.
void kp__nosuspend_withdraw(kp__task *task);

// Where a function of the app's is to undo it, that is called when the core has done what it was at, and
// before anything else of the app's runs: it may do all but wait, and may crash. Linked only where there can
// be one.
void kp__undo_all(void);
#pragma weak kp__undo_all

static inline __attribute__((always_inline)) void kp__undo(void)
{
    if (kp__undo_all)
        kp__undo_all();
}

// Ends a waiting task's wait.
void kp__wake(kp__task *task, int result);
void kp__wake_due(kp__task *task);             // its timer is due
void kp__end_wait(kp__task *task, int result); // and undoes what it began

// A queue of tasks that wait for the same.
void kp__waiters_add(kp__waiters *queue, kp__waiter *waiter, void *item);
void kp__waiter_remove(kp__waiter *waiter); // it need not be in a queue
void kp__waiter_wake(kp__waiter *waiter, int result);
void kp__waiters_wake_all(kp__waiters *queue, int result);
void kp__waiters_tell_all(kp__waiters *queue,
                          int value); // puts it where each item points, and wakes them with 0

// The running task waits in the queue. Returns KP__SUSPEND. The waiter lies on its stack.
int kp__begin_wait_in(const char *why, kp__waiters *queue, kp__waiter *waiter, void *item);

// The same, for what comes from outside the app; until `deadline`, negative for never.
int kp__begin_wait_outside(const char *why, double deadline, kp__waiters *queue, kp__waiter *waiter);

// Nothing but its own end ends a wait in here: neither cancellation nor any time limit.
void kp__shelter_enter(kp__scope *scope);
void kp__shelter_leave(kp__scope *scope); // also when it was never entered

// What kp_join returns, and the result; KP_EAGAIN while the task lives.
int kp__join_now(kp_task task, int *result);

// --- The loop

void kp__task_ready(kp__task *task);
void kp__task_unready(const kp__task *task); // takes it out of the queue
void kp__ready_forget(void);                 // that any task is ready

// Runs each task once that is ready. With a slice, also wakes those whose time has come, and goes on until
// `slice` milliseconds have passed.
void kp__run_ready(double slice);
void kp__run_urgent(void); // of the ready tasks only those, once

// Of the current slice, see loop.c.
extern struct kp__slice {
    uint32_t runs; // from one reading of the clock to the next; 0 before the first
    uint32_t left; // of them
} kp__slice;

// One of unknown length: an entry from outside.
static inline __attribute__((always_inline)) void kp__slice_begins(void)
{
    kp__slice = (struct kp__slice){ 0, 1 };
}

// Whether any task can be left for a kp_tick: none where none waits, and each runs as soon as it is started.
// It is the same as long as the app runs, so that what is of no use without is not part of it.
bool kp__has_tick(void);

typedef struct {
    kp__task *first, *last;
} kp__task_queue;
extern kp__task_queue kp__ready[2]; // by kp__task.urgent

static inline __attribute__((always_inline)) bool kp__is_ready(void)
{
    return kp__has_tick() && (kp__ready[0].first || kp__ready[1].first);
}

// When there is something to run, on the host's clock: 0 when a task is ready, negative for never.
static inline __attribute__((always_inline)) double kp__next_wake(void)
{
    const kp__task *task = kp__first_timer();

    if (kp__is_ready())
        return 0;
    return task ? task->deadline : -1;
}

// The time when the clock was last read: cheaper than reading it.
extern double kp__recent_time;

// --- Insight

void kp__describe_tasks(int level); // to the console
void kp__report_deadlock(void);     // if it is one: tasks that nothing can wake. Development builds only

// --- After a trap

// The task that trapped, the innermost that ran; NULL when none did. Nothing runs from now on.
kp__task *kp__task_trapped(void);

// Ends that task and those inside which it ran: their frames are gone with its own. What ends with them may
// trap too.
void kp__task_finish_trapped(kp__task *task, int code);

#endif
