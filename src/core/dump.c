// SPDX-License-Identifier: MIT
// What the tasks are doing, for people.
#define KP__CORE
#include "host.gen.h"
#include "report.h"
#include "slots.h"
#include "task.h"
#include "tree.h"

static const char *const states[] = { "ready", "running", "waiting", "stopped", "waits for its own tasks",
                                      "ended" };

static void describe(int level, uint32_t index, const kp__task *task, double now)
{
    const kp__stack *stack = task->fiber.stack;

    kp__log(level, "task %u %s of a %s: %s%s%s%s", (unsigned)index, task->name, kp__task_owner(task),
            states[task->state], task->state == KP__WAITING ? " for " : "",
            task->state == KP__WAITING ? task->why : "", task->canceled ? ", canceled" : "");
    if (task->state == KP__WAITING)
        kp__log(level, "  since %d ms", (int)(now - task->since));
    if (task->timer_place)
        kp__log(level, "  until %d ms from now", (int)(task->deadline - now));
    if (task->file)
        kp__log(level, "  started at %s:%d", task->file, task->line);
    if (stack && kp__stack_high_water(stack))
        kp__log(level, "  has used %u of %u bytes of its stack", (unsigned)kp__stack_high_water(stack),
                (unsigned)stack->size);
}

void kp__describe_tasks(int level)
{
    double now = kp__host_now();

    for (uint32_t i = 1; i <= kp__tasks_made(); i++) {
        const kp__task *task = kp__task_at(i);
        if (task && task->state != KP__ENDED)
            describe(level, i, task, now);
    }
}

#ifdef KP_DEV
// Linked only into WebAssembly, see wasm/pool.c; the second only where an app calls malloc.
#pragma weak kp__pool_in_use
#pragma weak kp__malloc_in_use
extern uint32_t kp__pool_in_use, kp__malloc_in_use;

static void describe_memory(void)
{
    if (&kp__pool_in_use)
        kp__log(KP__LOG_INFO, "memory: %u bytes in use by Kapok, %u by the app; %u handles",
                (unsigned)kp__pool_in_use, &kp__malloc_in_use ? (unsigned)kp__malloc_in_use : 0,
                (unsigned)kp__slots_in_use);
}
#endif

void kp_dump(void)
{
    kp__describe_tasks(KP__LOG_INFO);
#ifdef KP_DEV
    describe_memory();
#endif
}

#ifdef KP_DEV
static bool any_can_go_on(void)
{
    for (uint32_t i = 1; i <= kp__tasks_made(); i++) {
        const kp__task *task = kp__task_at(i);
        if (task && task->state == KP__WAITING && task->outside)
            return true;
    }
    return false;
}

void kp__report_deadlock(void)
{
    static bool reported;
    bool stuck = kp__task_count() && kp__next_wake() < 0 && !kp__listener_count && !any_can_go_on();

    if (stuck && !reported) {
        kp__log(KP__LOG_WARNING, "Deadlock: nothing can wake the tasks that are left.");
        kp__describe_tasks(KP__LOG_WARNING);
    }
    reported = stuck;
}
#endif
