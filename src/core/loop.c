// SPDX-License-Identifier: MIT
// The loop: which task runs next, and for how long before the browser has its turn.
#define KP__CORE
#include "host.gen.h"
#include "task.h"

#define SLICE_MS 8.0      // leaves half of a frame at 60 Hz to the browser
#define SLICE_PASSES 1024 // an end for a slice even where time stands still, as in a test

static struct {
    kp__task *first, *last;
    uint32_t count;
} ready;

void kp__task_not_ready(kp__task *task)
{
    if (task->ready_previous)
        task->ready_previous->ready_next = task->ready_next;
    else
        ready.first = task->ready_next;
    if (task->ready_next)
        task->ready_next->ready_previous = task->ready_previous;
    else
        ready.last = task->ready_previous;
    task->ready_previous = task->ready_next = NULL;
    ready.count--;
}

void kp__task_ready(kp__task *task)
{
    task->state = KP__READY;
    task->ready_previous = ready.last;
    task->ready_next = NULL;
    if (ready.last)
        ready.last->ready_next = task;
    else
        ready.first = task;
    ready.last = task;
    ready.count++;
}

// --- A slice

static void wake_due(double now)
{
    kp__task *task;

    while ((task = kp__timer_first()) && task->deadline <= now)
        kp__wake(task->slot.name, 0);
}

// Reading the clock costs as much as ten switches, so it is read less often while tasks are short.
static struct {
    double started, read;
    uint32_t runs, until_read;
} slice;

static bool slice_spent(void)
{
    if (++slice.runs < slice.until_read)
        return false;
    double now = kp__host_now(), each = (now - slice.read) / slice.runs;
    slice.until_read = each > 0.05 ? 1 : slice.until_read < 64 ? slice.until_read * 2 : 64;
    slice.runs = 0;
    slice.read = now;
    return now - slice.started >= SLICE_MS;
}

// Runs those that are ready now, and not what they make ready: one that yields takes its turn.
static bool run_pass(void)
{
    for (uint32_t left = ready.count; left > 0 && ready.first; left--) {
        kp__task *task = ready.first;
        kp__task_not_ready(task);
        kp__task_run(task);
        if (slice_spent())
            return false;
    }
    return ready.count > 0;
}

void kp__run_ready(bool whole_slice)
{
    if (!ready.count && !kp__timer_first())
        return;
    double now = kp__host_now();
    wake_due(now);
    slice.started = slice.read = now;
    slice.runs = 0;
    slice.until_read = 1;
    for (int passes = whole_slice ? SLICE_PASSES : 1; run_pass() && passes > 1; passes--)
        ;
}

double kp__next_wake(void)
{
    kp__task *task = kp__timer_first();

    if (ready.count)
        return 0;
    return task ? task->deadline : -1;
}
