// SPDX-License-Identifier: MIT
// Groups of an app's own: made by a task, and waited for in one of four ways.
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "task.h"

kp_group *kp_group_new(kp_policy policy)
{
    kp__task *task = kp__running;
    struct kp_group *group =
        task && task->state == KP__RUNNING ? kp__group_new(task->group->owner, policy) : NULL;

    if (!group)
        return NULL;
    group->parent = task;
    group->parent_next = task->groups;
    task->groups = group;
    kp__not_spare(task);
    group->limit = kp__limit_of(task);
    group->sheltered = kp__in_shield(task);
    group->canceled = task->canceled && !group->sheltered;
    return (kp_group *)(uintptr_t)group->slot.name;
}

// --- With the task that made them

void kp__nursery_orphan(kp__task *task)
{
    struct kp_group *group, *next;

    for (group = task->groups; group; group = next) {
        next = group->parent_next;
        kp__group_orphan(group);
    }
}

void kp__nursery_cancel(kp__task *task)
{
    for (struct kp_group *group = task->groups; group; group = group->parent_next)
        if (!group->sheltered)
            kp__group_cancel(group);
}

void kp__nursery_close(struct kp_group *group)
{
    if (group->failure && !group->told)
        kp__report(group->owner, group->failure, kp_strerror(group->failure), group->failed, NULL);
    while (group->first_ended) {
        kp__task *task = group->first_ended;
        group->first_ended = task->ready_next;
        kp__task_free(task);
    }
}

void kp__nursery_leave(const struct kp_group *group)
{
    struct kp_group **link = &group->parent->groups;

    while (*link != group)
        link = &(*link)->parent_next;
    *link = group->parent_next;
}

// --- Its memory

typedef struct {
    kp__owned owned;
    _Alignas(max_align_t) char bytes[];
} block;

void *kp_group_alloc(kp_group *name, size_t bytes)
{
    struct kp_group *group = name ? kp__group_of_handle(name) : kp__group_of_running();
    block *self = group && bytes <= SIZE_MAX - sizeof *self ? malloc(sizeof *self + bytes) : NULL;

    if (!self)
        return NULL;
    memset(self->bytes, 0, bytes); // not calloc: the core's malloc is another than the app's, see wasm/pool.c
    kp__own(&group->owned, &self->owned, kp__free_owned);
    return self->bytes;
}

// --- Waiting for the tasks of a group

static bool is_in(const kp__task *task, const struct kp_group *group)
{
    for (; task; task = task->group->parent)
        if (task->group == group)
            return true;
    return false;
}

static struct kp_group *waited_for(kp_group *name, int *refused)
{
    struct kp_group *group = kp__group_of_handle(name);

    *refused = !group ? KP_ESTALE : is_in(kp__running, group) ? KP_EDEADLK : 0;
    return group;
}

// 0 when no task of it lives; else as every begin_… `failure` is the group's at the end of that task: when
// two tasks wait, the first of them ends the group.
static KP__APART int begin_wait_for_one(kp_group *name, kp__waiter *waiter, int *failure)
{
    struct kp_group *group = kp__group_of_handle(name);
    int refused = kp__may_wait();

    if (group)
        *failure = group->failure;
    if (refused || !group || !group->first)
        return refused;
    return kp__begin_wait_in("a task of its group", &group->waiters, waiter, failure);
}

static KP__APART bool has_living(kp_group *name)
{
    const struct kp_group *group = kp__group_of_handle(name);

    return group && group->first;
}

// The task that waits was canceled, or out of time: so are those it waits for, and they come to their end.
static void wait_for_canceled(kp_group *name)
{
    kp__waiter waiter;
    kp__scope shelter;
    int failure;

    kp_group_cancel(name);
    kp__shelter_enter(&shelter);
    while (has_living(name))
        (void)kp__wait(begin_wait_for_one(name, &waiter, &failure));
    kp__shelter_leave(&shelter);
}

// Returns 0 when no task of it lives any more, or why it was not waited for until then; they do not live then
// either.
static int wait_for_all(kp_group *name, int *failure)
{
    kp__waiter waiter;

    do {
        int result = kp__wait(begin_wait_for_one(name, &waiter, failure));
        if (result < 0) {
            if (result != KP_EDEADLK)
                wait_for_canceled(name);
            return result;
        }
    } while (has_living(name));
    return 0;
}

// Returns the group's failure, or `failure` when another task has ended it. The group is over.
static KP__APART int close(kp_group *name, int failure)
{
    struct kp_group *group = kp__group_of_handle(name);

    if (!group)
        return failure;
    failure = group->failure;
    group->told = true;
    // That of a control goes with the control.
    if (group->parent)
        kp__group_free(group);
    return failure;
}

int kp_group_wait(kp_group *name)
{
    int result, failure = 0;

    waited_for(name, &result);
    if (result == 0)
        result = wait_for_all(name, &failure);
    if (result == KP_EDEADLK || result == KP_ESTALE)
        return result;
    failure = close(name, failure);
    return result < 0 ? result : failure;
}

// --- Results in the order in which tasks end

static KP__APART int check_collects(kp_group *name)
{
    int refused;
    const struct kp_group *group = waited_for(name, &refused);

    return refused ? refused : group->policy == KP_COLLECT ? 0 : KP_EINVAL;
}

static KP__APART int take_ended(kp_group *name, kp_task *task, int *result)
{
    struct kp_group *group = kp__group_of_handle(name);
    kp__task *ended = group ? group->first_ended : NULL;

    if (!ended)
        return group ? KP_ENOENT : KP_ESTALE;
    group->first_ended = ended->ready_next;
    if (task)
        *task = ended->slot.name;
    if (result)
        *result = ended->result;
    kp__task_free(ended);
    return 0;
}

static KP__APART bool has_ended(kp_group *name)
{
    const struct kp_group *group = kp__group_of_handle(name);

    return group && group->first_ended;
}

static KP__APART int begin_next(kp_group *name, kp__waiter *waiter, int *failure)
{
    return has_ended(name) ? kp__may_wait() : begin_wait_for_one(name, waiter, failure);
}

int kp_group_next(kp_group *name, kp_task *task, int *result)
{
    kp__waiter waiter;
    int failure, waited = check_collects(name);

    // Another task may have taken what this one was woken for.
    while (waited == 0) {
        waited = kp__wait(begin_next(name, &waiter, &failure));
        if (waited == 0 && (has_ended(name) || !has_living(name)))
            return take_ended(name, task, result);
    }
    return waited;
}

static KP__APART int gather(kp_group *name, int *results, size_t count)
{
    struct kp_group *group = kp__group_of_handle(name);

    if (!group)
        return KP_ESTALE;
    uint32_t started = group->started;
    for (size_t i = 0; i < count && i < started; i++)
        results[i] = KP_ENOENT;
    for (const kp__task *task = group->first_ended; task; task = task->ready_next)
        if (task->number < count)
            results[task->number] = task->result;
    close(name, 0);
    return (int)started;
}

int kp_group_gather(kp_group *name, int *results, size_t count)
{
    int failure, result = check_collects(name);

    if (result == 0 && (result = wait_for_all(name, &failure)) < 0 && result != KP_EDEADLK)
        close(name, 0);
    return result < 0 ? result : gather(name, results, count);
}

int kp_group_race(kp_group *name)
{
    int won = KP_ENOENT, result = check_collects(name);

    if (result < 0)
        return result;
    result = kp_group_next(name, NULL, &won);
    if (result == KP_EDEADLK)
        return result;
    wait_for_canceled(name);
    close(name, 0);
    return result < 0 ? result : won;
}
