// SPDX-License-Identifier: MIT
// The loop: which task runs next, and for how long before the browser has its turn.
#define KP__CORE
#include "host.gen.h"
#include "rehearse.h"
#include "run.h"
#include "timers.h"
#include "wait.h"

// Linked only where a task waits.
#pragma weak kp__wake_due

double kp__recent_time;

typedef kp__task_queue queue;
queue kp__ready[2];

static inline __attribute__((always_inline)) void append(kp__task *task)
{
    queue *to = &kp__ready[task->urgent];

    task->state = KP__READY;
    task->ready_next = NULL;
    if (to->first)
        to->last->ready_next = task;
    else
        to->first = task;
    to->last = task;
}

void kp__task_ready(kp__task *task)
{
    append(task);
}

void kp__task_unready(const kp__task *task)
{
    queue *from = &kp__ready[task->urgent];
    kp__task **link = &from->first, *before = NULL;

    while (*link && *link != task) {
        before = *link;
        link = &before->ready_next;
    }
    if (!*link)
        return;
    *link = task->ready_next;
    if (from->last == task)
        from->last = before;
}

void kp__ready_forget(void)
{
    kp__ready[0].first = kp__ready[1].first = NULL;
}

// --- A slice

// Reading the clock costs as much as ten switches, so it is read less often while tasks are short.
static struct {
    double ends, read;
    uint32_t still; // how many readings in a row were the same
} slice;
struct kp__slice kp__slice;

#define MOST_RUNS 256

// An end for a slice even where time stands still, as in a test. Browsers round their clocks.
#define MOST_STILL 64

#define ENTRY_SLICE 5.0 // ms, of an entry that is no tick: the user is at it, or a frame is about to be drawn

static void slice_begins(double length)
{
    kp__recent_time = slice.read = kp__host_now();
    slice.ends = kp__recent_time + length;
    kp__slice.runs = kp__slice.left = 1;
    slice.still = 0;
}

static KP__APART bool read_clock(void)
{
    if (!kp__slice.runs) {
        slice_begins(ENTRY_SLICE);
        return false;
    }
    double now = kp__recent_time = kp__host_now();
    double took = now - slice.read;
    slice.read = now;
    slice.still = took > 0 ? 0 : slice.still + 1;
    bool spent = now >= slice.ends || slice.still > MOST_STILL;
    // Whoever asks next is told the same.
    if (spent || took > 1)
        kp__slice.runs = 1;
    else if (took < 0.5 && kp__slice.runs < MOST_RUNS)
        kp__slice.runs *= 2;
    kp__slice.left = kp__slice.runs;
    return spent;
}

static inline __attribute__((always_inline)) bool is_spent(void)
{
    return --kp__slice.left == 0 && read_clock();
}

// --- Giving one's turn to others

static inline __attribute__((always_inline)) int begin_turn(void)
{
    kp__task *task = kp__running;

    task->result = 0;
    task->why = KP__YIELDS;
    task->urgent = false;
    append(task);
    return KP__SUSPEND;
}

// When no other is ready it goes on at once.
static inline __attribute__((always_inline)) int begin_yield(void)
{
    int refused = kp__may_wait();

    return refused || (!kp__is_ready() && !is_spent()) ? refused : begin_turn();
}

int kp__begin_yield(void)
{
    return begin_yield();
}

KP__SUSPENDS int kp_yield(void)
{
    return KP__WAIT(begin_yield());
}

static int begin_breathe(void)
{
    int refused = kp__may_wait();

    return refused || !is_spent() ? refused : begin_turn();
}

KP__SUSPENDS int kp_breathe(void)
{
    return KP__WAIT(begin_breathe());
}

// --- A pass

static void rehearse_order(queue *tasks)
{
#ifdef KP_DEV
    tasks->first = kp__rehearse_order(tasks->first);
    for (kp__task *task = tasks->first; task; task = task->ready_next)
        tasks->last = task;
#else
    (void)tasks;
#endif
}

// Runs those that are ready now, and not what they make ready: one that yields takes its turn. A trap
// may end this loop at any time, so what is still to run stays in the queue.
static inline __attribute__((always_inline)) bool run_queue(queue *from, void (*run)(kp__task *))
{
    rehearse_order(from);
    const kp__task *last = from->last;
    for (const kp__task *task = NULL; task != last && from->first;) {
        kp__undo();
        kp__task *next = from->first;
        task = next;
        from->first = next->ready_next;
        run(next);
        if (is_spent())
            return false;
    }
    return true;
}

static KP__APART bool run_urgent(void)
{
    return run_queue(&kp__ready[true], kp__task_run);
}

// However long the urgent ones take, one of the others gets on. These run in here: that is a loop of its own,
// which makes it a fifth quicker, as the browser's compiler sees what is called from it.
static bool run_pass(void)
{
    bool in_time = !kp__ready[true].first || run_urgent();

    return run_queue(&kp__ready[false], kp__task_run_here) && in_time && kp__is_ready();
}

void kp__run_urgent(void)
{
    if (kp__ready[true].first && !read_clock())
        run_urgent();
}

void kp__run_ready(double length)
{
    kp__task *task;

    // What enters from outside leaves those that are due to their tick.
    if (!kp__is_ready() && (length == 0 || !kp__first_timer()))
        return;
    if (length > 0)
        slice_begins(length);
    else if (read_clock())
        return; // what was entered for has taken it all: the others have their tick
    while ((task = kp__first_timer()) && task->deadline <= kp__recent_time)
        kp__wake_due(task);
    while (run_pass() && length > 0)
        ;
}
