// SPDX-License-Identifier: MIT
// A control by itself: its name, tasks, handlers, and its beginning and end.
#define KP__CORE
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "task.h"
#include "tree.h"
#include "view.h"

static kp__slots controls = KP__SLOTS(kp__control);
uint32_t kp__listener_count;

// --- Names

kp__control *kp__control_or_removed(uint32_t name)
{
    return kp__slot_find(&controls, name);
}

kp__control *kp__control_of(const kp_control *handle)
{
    uintptr_t name = (uintptr_t)handle;
    kp__control *control = name <= UINT32_MAX ? kp__slot_find(&controls, (uint32_t)name) : NULL;

    return control && !control->removed ? control : NULL;
}

kp__control *kp__control_at(kp__number number)
{
    kp__control *control = kp__slot_at_here(&controls, number);

    return control && !control->removed ? control : NULL;
}

kp__number kp__number_of(const kp__control *control)
{
    return KP__SLOT_INDEX(control->slot.name);
}

bool kp__tree_start(void)
{
    kp__control *page = kp__slot_take(&controls);

    if (!page)
        return false;
    page->kind = &kp__kind_page;
    page->mounted = true;
    return true;
}

// --- Groups and listeners

struct kp_group *kp__make_group(kp__control *control)
{
    return control->group = kp__group_new(control->slot.name, KP_SUPERVISE);
}

struct kp_group *kp__control_group(const kp_control *handle)
{
    kp__control *control = kp__control_of(handle);

    return control ? kp__group_of_control(control) : NULL;
}

// A group that is gone, so that kp_go refuses it: NULL would mean the group of the running task.
#define NO_GROUP ((kp_group *)(uintptr_t)1)

kp_group *kp_group_of(kp_control *handle)
{
    struct kp_group *group = kp__control_group(handle);

    if (!kp__control_of(handle))
        (void)kp__stale("kp_group_of");
    return group ? (kp_group *)(uintptr_t)group->slot.name : NO_GROUP;
}

static void free_listeners(kp__control *control)
{
    while (control->listeners) {
        kp__listener *listener = control->listeners;
        control->listeners = listener->next;
        kp__listener_count -= !listener->field->page_event;
        free(listener);
    }
}

void kp__control_drained(uint32_t name)
{
    kp__control *control = kp__control_or_removed(name);

    if (!control || !control->removed)
        return;
    free(control->state);
    kp__slot_free(&controls, control);
}

kp__listener *kp__listener_for(const kp__control *control, const kp__name *event)
{
    kp__listener *listener = control->listeners;

    while (listener && listener->field->name != event)
        listener = listener->next;
    return listener;
}

// --- Beginning and end

void kp__control_end(kp__control *control)
{
    kp__send_forget(kp__number_of(control));
    control->removed = true;
    control->mounted = false;
    kp__listener_count -= control->kind->handlers;
    free_listeners(control);
    if (control->group)
        kp__group_orphan(control->group);
    else
        kp__control_drained(control->slot.name);
}

// --- What a constructor calls

bool kp__incomplete;
bool kp__viewing;

kp_control *kp__new(kp__kind *kind)
{
    if (kp__in_view())
        return kp__view_new(kind);
    kp__control *control = kp__slot_take(&controls);
    kp__incomplete = false;
    if (!control)
        return NULL;
    control->kind = kind;
    kp__listener_count += kind->handlers;
    kp__send_word(KP__COMMAND_CREATE, kp__number_of(control), kp__template_number(&kind->markup));
    return kp__handle(control);
}

void kp__set_state(kp_control *handle, const void *bytes, size_t size)
{
    if (kp__in_view()) {
        kp__view_refuse(KP__CAUSE("what a view makes can have no state of its own; the item is its state"));
        return;
    }
    kp__control *control = kp__control_of(handle);
    if (control && !(control->state = malloc(size)))
        kp__incomplete = true;
    else if (control)
        memcpy(control->state, bytes, size);
}

kp_control *kp__complete(kp_control *handle)
{
    if (!kp__incomplete)
        return handle;
    kp__incomplete = false;
    kp__control_end(kp__control_of(handle));
    return NULL;
}

void kp__add_all(kp_control *parent, kp_control *const *children)
{
    for (; *children != KP__LIST_END; children++)
        if (*children && parent)
            kp_add(parent, *children);
        else if (*children)
            kp_remove(*children);
}

void *kp_state(kp_control *handle)
{
    uintptr_t name = (uintptr_t)handle;
    kp__control *control = name <= UINT32_MAX ? kp__control_or_removed((uint32_t)name) : NULL;

    return control ? control->state : NULL;
}

int kp_focus(kp_control *handle)
{
    kp__control *control = kp__control_of(handle);

    if (!control)
        return kp__stale("kp_focus");
    kp__send_word(KP__COMMAND_FOCUS, kp__number_of(control), control->kind->main);
    return 0;
}
