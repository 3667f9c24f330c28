// SPDX-License-Identifier: MIT
// A group from its beginning to its end. What an app does with groups of its own is in nursery.c.
#include "tree.h"

#include <math.h>

#include "report.h"
#include "task.h"

static kp__slots groups = KP__SLOTS(struct kp_group);

struct kp_group *kp__group_new(uint32_t owner, kp_policy policy)
{
    struct kp_group *group = kp__slot_take(&groups);

    if (!group)
        return NULL;
    group->owner = owner;
    group->policy = (uint8_t)policy;
    group->limit = INFINITY;
    return group;
}

struct kp_group *kp__group_find(uint32_t name)
{
    return kp__slot_find(&groups, name);
}

struct kp_group *kp__group_of_handle(const kp_group *name)
{
    return kp__group_find((uint32_t)(uintptr_t)name);
}

struct kp_group *kp__group_of_running(void)
{
    return kp__running ? kp__running->group : kp__control_group(kp_page);
}

void kp__group_cancel(struct kp_group *group)
{
    group->canceled = true;
    for (kp__task *task = group->first; task; task = task->group_next)
        if (!task->farewell)
            kp__task_cancel(task);
}

void kp_group_cancel(kp_group *name)
{
    struct kp_group *group = kp__group_of_handle(name);

    if (group)
        kp__group_cancel(group);
}

static void leave_parent(const struct kp_group *group)
{
    struct kp_group **link = &group->parent->groups;

    while (*link != group)
        link = &(*link)->parent_next;
    *link = group->parent_next;
}

void kp__group_free(struct kp_group *group)
{
    uint32_t owner = group->owner;
    kp__task *parent = group->parent;

    if (group->failure && !group->told)
        kp__report(owner, group->failure, group->failed, NULL);
    while (group->first_ended) {
        kp__task *task = group->first_ended;
        group->first_ended = task->ready_next;
        kp__task_free(task);
    }
    kp__end_owned(&group->owned);
    kp__waiters_wake_all(&group->waiters, KP_ESTALE);
    if (parent)
        leave_parent(group);
    kp__slot_free(&groups, group);
    if (!parent)
        kp__control_drained(owner);
    else if (!parent->groups)
        kp__task_childless(parent);
}

static void free_if_over(struct kp_group *group)
{
    if (group->orphaned && !group->first)
        kp__group_free(group);
}

void kp__group_orphan(struct kp_group *group)
{
    kp__group_cancel(group);
    group->orphaned = true;
    free_if_over(group);
}

static void note_failure(struct kp_group *group, const kp__task *task)
{
    if (group->policy == KP_SUPERVISE && !task->trapped) // of a trap more is known than its code, see app.c
        kp__report(group->owner, task->result, task->name, NULL);
    if (group->policy != KP_FAILFAST || group->failure)
        return;
    group->failure = task->result;
    group->failed = task->name;
    group->told = task->trapped;
    kp__group_cancel(group);
}

bool kp__group_lost(struct kp_group *group, kp__task *task)
{
    // One that could not be started is not counted.
    bool keeps = group->policy == KP_COLLECT && !group->orphaned && task->number < group->started;

    if (keeps) {
        task->ready_next = NULL;
        if (group->first_ended)
            group->last_ended->ready_next = task;
        else
            group->first_ended = task;
        group->last_ended = task;
    } else if (task->result < 0 && task->result != KP_ECANCELED) {
        note_failure(group, task);
    }
    kp__waiters_tell_all(&group->waiters, group->failure);
    free_if_over(group);
    return keeps;
}
