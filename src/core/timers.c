// SPDX-License-Identifier: MIT
#include "timers.h"

#include <stdlib.h>

#include "task.h"

// A 4-ary heap: half the levels of a binary one, and the four children share a cache line.
#define CHILDREN 4

static kp__task **heap; // heap[0] is due first; a task knows its place as timer_place, counted from 1
static uint32_t count, capacity;
kp__task *kp__timer_first;
static uint32_t order; // breaks ties, so that tasks wake in the order in which they asked

static bool earlier(const kp__task *a, const kp__task *b)
{
    if (a->deadline != b->deadline)
        return a->deadline < b->deadline;
    return (int32_t)(a->timer_order - b->timer_order) < 0;
}

static void put(kp__task *task, uint32_t at)
{
    heap[at] = task;
    task->timer_place = at + 1;
    kp__timer_first = heap[0];
}

static void sift_up(kp__task *task, uint32_t at)
{
    while (at > 0 && earlier(task, heap[(at - 1) / CHILDREN])) {
        put(heap[(at - 1) / CHILDREN], at);
        at = (at - 1) / CHILDREN;
    }
    put(task, at);
}

static void sift_down(kp__task *task, uint32_t at)
{
    for (;;) {
        uint32_t first = at * CHILDREN + 1, best = first;
        if (first >= count)
            break;
        for (uint32_t child = first + 1; child < first + CHILDREN && child < count; child++)
            if (earlier(heap[child], heap[best]))
                best = child;
        if (!earlier(heap[best], task))
            break;
        put(heap[best], at);
        at = best;
    }
    put(task, at);
}

bool kp__timer_reserve(uint32_t tasks)
{
    if (tasks <= capacity)
        return true;
    uint32_t wanted = capacity ? 2 * capacity : 16;
    kp__task **larger = realloc(heap, wanted * sizeof *heap);
    if (!larger)
        return false;
    heap = larger;
    capacity = wanted;
    return true;
}

void kp__timer_arm(kp__task *task, double deadline)
{
    kp__timer_disarm(task);
    task->deadline = deadline;
    task->timer_order = order++;
    sift_up(task, count++);
}

void kp__timer_disarm(kp__task *task)
{
    if (!task->timer_place)
        return;
    uint32_t at = task->timer_place - 1;
    kp__task *last = heap[--count];

    task->timer_place = 0;
    if (!count)
        kp__timer_first = NULL;
    if (last == task)
        return;
    if (at > 0 && earlier(last, heap[(at - 1) / CHILDREN]))
        sift_up(last, at);
    else
        sift_down(last, at);
}
