// SPDX-License-Identifier: MIT
// Tasks: functions that wait without holding up the page. Part of kapok.h.
//
// - A task belongs to a group and ends with it. Nothing a task started can outlive what owns it.
// - Whatever waits returns KP_ECANCELED once the task is canceled, and again each time, until the task
//   returns. What was done already is never reported as canceled; what was canceled had no effect.
// - Tasks take turns only where they wait, so nothing between two waits needs a lock.
// - Handles of groups and channels are names, never addresses: one that is gone is told KP_ESTALE.
#ifndef KP__TASKS_H
#define KP__TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// --- Tasks --------------------------------------------------------------------------------------

// A task's name. It is never reused while it could be mistaken; 0 names no task.
typedef uint32_t kp_task;

// A task's function. Its result is 0 or more, or a negative code. What becomes of a negative one is
// the group's policy; KP_ECANCELED is never an error.
typedef int (*kp_task_function)(void *argument);

// A set of tasks that end together. Every task is in one.
typedef struct kp_group kp_group;

// What kp_go takes: the argument for the function, and options by name, as in
// kp_go(group, work, &job, .stack = KP_STACK_SMALL). All can be left out.
typedef struct {
    int _;            // so that none need be given
    void *argument;   // must stay valid until the task has ended
    const char *name; // in messages; default: the function's. Must outlive the task.
    size_t stack; // bytes of C stack; default: 16 KB, enough for all of libc. More than 64 KB is not pooled.
} kp_task_options;

// Enough for a task that calls no printf and keeps no arrays.
#define KP_STACK_SMALL 1024

// Starts a task in `group`, or in the group of the running task when that is NULL. It first runs
// when the running task waits or returns. Returns 0 if the group is canceled or gone, or memory is short.
#define kp_go(group, function, ...) \
    kp__go(group, function, #function, __FILE__, __LINE__, &(kp_task_options){ ._ = 0, __VA_ARGS__ })
kp_task kp__go(kp_group *group, kp_task_function function, const char *function_name, const char *file,
               int line, const kp_task_options *options);

// The running task; 0 where none runs.
kp_task kp_self(void);

// Asks one task to end. Never waits. KP_ENOENT if it has ended.
int kp_cancel(kp_task task);

// Waits for a task to end and gives its result. KP_ENOENT if it has ended before, unless its group
// collects results; KP_EDEADLK if it is the running task. `result` may be NULL.
int kp_join(kp_task task, int *result);

// The running task calls `function(argument)` when it ends, however it ends; the last one given is
// called first. It must not wait. Returns KP_ENOMEM, or KP_EDEADLK where no task runs.
int kp_defer(void (*function)(void *), void *argument);

// KP_ECANCELED or KP_ETIMEDOUT if a wait would now return it, else 0. Never waits.
int kp_check(void);

// --- Groups -------------------------------------------------------------------------------------

// What a task that fails means to the others of its group.
typedef enum {
    KP_FAILFAST,  // cancels them; kp_group_wait returns its code
    KP_SUPERVISE, // nothing; it is reported to the page's error handler
    KP_COLLECT,   // nothing; each result is kept for kp_group_next, kp_group_gather or kp_join
} kp_policy;

// A group of the running task: canceled when that task is canceled or ends. Its tasks have at most
// as long as the KP_TIMEOUT around this call. NULL when memory is short, no task runs, or it is ending.
kp_group *kp_group_new(kp_policy policy);

// The group of a control, supervised: canceled when the control is removed. That of kp_page lives as
// long as the app. If the control is gone or memory is short, a group in which no task can be started.
struct kp_control;
kp_group *kp_group_of(struct kp_control *control);

// Waits until all its tasks have ended and ends the group. Returns 0, the code of the first that
// failed (KP_FAILFAST), or KP_ECANCELED or KP_ETIMEDOUT: its tasks are then canceled, and have ended
// too. KP_EDEADLK when the running task is itself in the group; KP_ESTALE when the group is gone.
int kp_group_wait(kp_group *group);

// Waits for the next task of a KP_COLLECT group to end, in the order in which they end. `task` and
// `result` may be NULL. Returns 0, or KP_ENOENT when none is left. This and the next two return KP_EINVAL for
// a group of another policy, else KP_EDEADLK and KP_ESTALE as kp_group_wait does.
int kp_group_next(kp_group *group, kp_task *task, int *result);

// Waits for all tasks of a KP_COLLECT group and ends it. results[i] is the result of the task that was
// started as number i, KP_ENOENT if kp_group_next has had it. Returns how many were started, which may
// be more than `count`, or KP_ECANCELED or KP_ETIMEDOUT as kp_group_wait does.
int kp_group_gather(kp_group *group, int *results, size_t count);

// Waits for the first task of a KP_COLLECT group to end, cancels the others, waits for them and ends the
// group. Returns the winner's result, KP_ENOENT if there was no task, or as kp_group_wait does.
int kp_group_race(kp_group *group);

// Asks every task of the group to end: each waiting call of theirs returns KP_ECANCELED, now and
// from now on. No task can be started in it any more. Never waits.
void kp_group_cancel(kp_group *group);

// Memory, set to zero, that is freed when the group has ended with all its tasks. NULL when memory is
// short, or the group is gone. With NULL, the group of the running task.
void *kp_group_alloc(kp_group *group, size_t bytes);

// --- Deadlines ----------------------------------------------------------------------------------

// KP_TIMEOUT(500) { … }: what waits in the block, in functions called from it, and in groups made there
// returns KP_ETIMEDOUT once 500 ms have passed. Blocks nest; the earliest counts. May be left by
// break, return or goto, but not by longjmp. A wait that has ended in time is never reported as late.
#define KP_TIMEOUT(milliseconds) KP__SCOPE(milliseconds, false)

// KP_SHIELD(1000) { … }: for cleaning up. What waits in the block knows nothing of a canceled task or of
// a timeout around it, but has 1000 ms at most, and then returns KP_ETIMEDOUT.
#define KP_SHIELD(milliseconds) KP__SCOPE(milliseconds, true)

// True if the time of the KP_TIMEOUT or KP_SHIELD that the running task has left last ran out in it.
bool kp_timed_out(void);

typedef struct kp__scope {
    struct kp__scope *outer;
    double limit; // when it and all around it are over, on the host's clock
    double own;   // when it is over
    bool shield, done;
} kp__scope;
#define KP__SCOPE(milliseconds, shield) KP__SCOPE_IN(KP__NAME(kp__scope_, __LINE__), milliseconds, shield)
#define KP__SCOPE_IN(scope, milliseconds, shield)                           \
    for (kp__scope scope __attribute__((cleanup(kp__scope_leave))) = { 0 }; \
         !scope.done && kp__scope_enter(&scope, milliseconds, shield); scope.done = true)
// Blocks nest, and compilers can warn of a name within a name.
#define KP__NAME(stem, line) KP__PASTED(stem, line)
#define KP__PASTED(stem, line) stem##line
bool kp__scope_enter(kp__scope *scope, int64_t milliseconds, bool shield);
void kp__scope_leave(kp__scope *scope);

// KP_NOSUSPEND { qsort(…); }: in the block nothing waits. What would returns KP_EDEADLK instead.
#define KP_NOSUSPEND KP__NOSUSPEND_IN(KP__NAME(kp__entered_, __LINE__))
#define KP__NOSUSPEND_IN(entered)                                                                    \
    for (int entered __attribute__((cleanup(kp__nosuspend_leave))) = kp__nosuspend_enter(); entered; \
         kp__nosuspend_leave(&entered))
int kp__nosuspend_enter(void);
void kp__nosuspend_leave(int *entered);

// --- Time ---------------------------------------------------------------------------------------

// Milliseconds since the app started; never goes back.
int64_t kp_now(void);

// Waits for `milliseconds`. 0 lets everything else run once. Returns 0, KP_ECANCELED or KP_ETIMEDOUT,
// as does all that waits.
int kp_sleep(int64_t milliseconds);

// Waits until kp_now() is `time`; like kp_yield if it is already.
int kp_sleep_until(int64_t time);

// Lets every other ready task run once.
int kp_yield(void);

// For long computations, to be called often: waits only when the browser is due its turn, every 8 ms, or 5 ms
// while the user is at it.
int kp_breathe(void);

// Waits for the browser's next frame, for drawing in step with the screen. Where the browser does not draw,
// as in a hidden page, a frame comes once a second.
int kp_frame(void);

// Waits until the browser has nothing else to do, but at most `milliseconds`; a negative number is for ever.
int kp_idle(int64_t milliseconds);

// A steady beat: kp_interval beat = kp_every(1000); while ((ticks = kp_interval_wait(&beat)) > 0) …
typedef struct {
    double next, period; // ms
} kp_interval;

// The first tick comes after one period. A period below 1 ms is 1 ms.
kp_interval kp_every(int64_t milliseconds);

// Waits for the next tick. Returns how many have come since the last call: more than 1 when the page
// slept or the task was late, since missed ticks are counted and not made up for. Ticks do not drift.
int kp_interval_wait(kp_interval *interval);

// --- Channels -----------------------------------------------------------------------------------

// Carries items of one size from task to task, in order; each is copied in and out.
typedef struct kp_chan kp_chan;

// A channel that holds up to `capacity` items; with 0 a sender waits for its receiver. It is freed with
// `group`, or with the group of the running task when that is NULL. NULL when memory is short, or the
// group is gone.
kp_chan *kp_chan_new(kp_group *group, size_t item_size, size_t capacity);

// Sends a copy of `item`, or receives into `item`; waits as long as that is impossible. After kp_chan_close,
// kp_send returns KP_EPIPE at once, and kp_recv once it has brought all that was sent before.
int kp_send(kp_chan *channel, const void *item);
int kp_recv(kp_chan *channel, void *item);

// The same, but return KP_EAGAIN instead of waiting.
int kp_try_send(kp_chan *channel, const void *item);
int kp_try_recv(kp_chan *channel, void *item);

// No more will be sent. Whoever waits to send is told KP_EPIPE, as is whoever waits to receive.
// Closing twice is no error.
int kp_chan_close(kp_chan *channel);

// How many items it holds; KP_ESTALE when it is gone.
int kp_chan_count(kp_chan *channel);

// --- Between tasks ------------------------------------------------------------------------------

// These are plain structs: zero is a valid state, memory is yours and must outlive the tasks that use it.
typedef struct {
    struct kp__waiter *first, *last;
} kp__waiters;

// What a queue holds of a task that waits in it.
typedef struct kp__waiter {
    struct kp__waiter *previous, *next;
    kp__waiters *queue; // NULL when in none
    struct kp__task *task;
    void *item;                                           // to copy from or to
    int (*chosen)(struct kp__waiter *waiter, int result); // makes it what the wait returns; NULL: it is
} kp__waiter;

// An event: tasks wait until it is set, and pass while it is. (kp_event is the page's kind.)
typedef struct {
    kp__waiters waiters;
    bool set;
} kp_flag;
int kp_flag_wait(kp_flag *flag);
void kp_flag_set(kp_flag *flag);
void kp_flag_clear(kp_flag *flag);

// A semaphore: kp_sem seats = { .count = 3 }. First come, first served.
typedef struct {
    kp__waiters waiters;
    int count;
} kp_sem;
int kp_sem_acquire(kp_sem *sem);
int kp_sem_try_acquire(kp_sem *sem); // KP_EAGAIN instead of waiting
void kp_sem_release(kp_sem *sem);

// A mutex: needed only around what waits. Handed on in the order of asking. KP_EDEADLK if the running
// task has it already. When its holder ends without unlocking it, it is handed on, with a warning.
typedef struct {
    kp__waiters waiters;
    kp_task holder;
    struct {
        void *next, *end;
    } owned; // by the holder
} kp_mutex;
int kp_lock(kp_mutex *mutex);
int kp_try_lock(kp_mutex *mutex); // KP_EAGAIN instead of waiting
int kp_unlock(kp_mutex *mutex);   // KP_EINVAL if the running task does not have it

// A condition: kp_cond_wait unlocks the mutex, waits to be signalled, and has the mutex locked again when it
// returns, whatever it returns.
typedef struct {
    kp__waiters waiters;
} kp_cond;
int kp_cond_wait(kp_cond *cond, kp_mutex *mutex);
void kp_cond_signal(kp_cond *cond);    // wakes the one that has waited longest
void kp_cond_broadcast(kp_cond *cond); // wakes all

// --- Select -------------------------------------------------------------------------------------

typedef enum { KP__SEND, KP__RECV, KP__FLAG, KP__JOIN, KP__AFTER } kp__case_kind;

// One of the things a select waits for: KP_SEND(chan, &item), KP_RECV(chan, &item), KP_FLAG(&flag),
// KP_JOIN(task, &result) or KP_AFTER(milliseconds).
typedef struct {
    kp__case_kind kind;
    union {
        kp_chan *channel;
        kp_flag *flag;
        kp_task task;
        int64_t milliseconds;
    };
    void *item;
    int result; // of the one that was chosen: 0, KP_EPIPE, KP_ENOENT, …
    kp__waiter waiter;
} kp_case;
#define KP_SEND(to, from)                                                    \
    {                                                                        \
        .kind = KP__SEND, .channel = (to), .item = (void *)(uintptr_t)(from) \
    }
#define KP_RECV(from, to)                                 \
    {                                                     \
        .kind = KP__RECV, .channel = (from), .item = (to) \
    }
#define KP_FLAG(which)                    \
    {                                     \
        .kind = KP__FLAG, .flag = (which) \
    }
#define KP_JOIN(which, to)                              \
    {                                                   \
        .kind = KP__JOIN, .task = (which), .item = (to) \
    }
#define KP_AFTER(time)                            \
    {                                             \
        .kind = KP__AFTER, .milliseconds = (time) \
    }

// Waits until one of the cases can go on, does that one and none of the others, and returns its index; its
// `result` says how it went. Among several that can, the first is taken; kp_select_fair takes one by chance.
// KP_AFTER(0) is taken when none of the others can go on now. KP_EINVAL when there are no cases.
int kp_select(kp_case *cases, size_t count);
int kp_select_fair(kp_case *cases, size_t count);

// --- Task locals --------------------------------------------------------------------------------

// A value that belongs to the task, and that tasks it starts from then on inherit. A key is any variable: its
// address counts.
typedef struct {
    char key;
} kp_local;
int kp_local_set(const kp_local *key, void *value); // KP_ENOMEM; KP_EDEADLK where no task runs
void *kp_local_get(const kp_local *key);            // NULL when never set

// --- Making anything wait -----------------------------------------------------------------------

// Turns a call that answers by a callback into one that waits:
//     kp_ticket ticket = kp_ticket_new();
//     start(ticket);                                  // its callback calls kp_resume(ticket, code)
//     int code = kp_suspend(ticket, "start", abort_it, what);
// A ticket is good for one wait. kp_resume may come before kp_suspend; too late or twice it does nothing.
typedef uint32_t kp_ticket;
kp_ticket kp_ticket_new(void); // 0 when memory is short or no task runs

// Waits for kp_resume and returns its result. When the wait ends in another way, `abort_it(argument)` is
// called first, unless it is NULL: it must undo what was started, and must not wait. `why` is for kp_dump,
// and may be NULL.
int kp_suspend(kp_ticket ticket, const char *why, void (*abort_it)(void *), void *argument);

// Returns KP_ENOENT when nothing waits for the ticket any more.
int kp_resume(kp_ticket ticket, int result);

// Calls an asynchronous JavaScript function of the app's host page, by its name, and waits for its promise:
// one that functions.js beside main.c exports, or one of the `functions` given to mount(). `argument` and the
// answer are text, JSON if you like; with NULL there is none. An object or an array arrives as JSON. Returns
// 0 and the answer, which is never NULL and must be given to free(). When the promise is rejected *answer is
// its message and its code, or KP_EIO, is returned; KP_ENOENT when there is no such function. When the task
// is canceled, or out of time, the function's AbortSignal is told, and *answer is NULL.
int kp_await(const char *function, const char *argument, char **answer);

// --- Insight ------------------------------------------------------------------------------------

// Logs what each live task is doing: its name and control, its state, why and since when it waits, and where
// kp_go started it; in a development build also how much of its stack it has ever used.
void kp_dump(void);

#ifdef __cplusplus
}
#endif

#endif
