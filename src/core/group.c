// SPDX-License-Identifier: MIT
// A group from its beginning to its end. What an app does with groups of its own is in nursery.c.
#include "tree.h"

#include <math.h>

#include "task.h"

// Linked only where tasks are started by others, wait for others, own something, and make groups.
#pragma weak kp__group_note
#pragma weak kp__waiters_tell_all
#pragma weak kp__waiters_wake_all
#pragma weak kp__end_owned
#pragma weak kp__nursery_close
#pragma weak kp__nursery_leave

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

struct kp_group *kp__group_of_handle(const kp_group *name)
{
    return kp__slot_find(&groups, (uint32_t)(uintptr_t)name);
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
    kp__undo();
}

void kp__group_free(struct kp_group *group)
{
    uint32_t owner = group->owner;
    kp__task *parent = group->parent;

    if (kp__nursery_close)
        kp__nursery_close(group);
    if (kp__end_owned)
        kp__end_owned(&group->owned);
    if (kp__waiters_wake_all)
        kp__waiters_wake_all(&group->waiters, KP_ESTALE);
    if (kp__nursery_leave && parent)
        kp__nursery_leave(group);
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

bool kp__group_lost(struct kp_group *group, kp__task *task)
{
    bool keeps = kp__group_note && kp__group_note(group, task);

    if (kp__waiters_tell_all)
        kp__waiters_tell_all(&group->waiters, group->failure);
    free_if_over(group);
    return keeps;
}
