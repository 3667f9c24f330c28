// SPDX-License-Identifier: MIT
// The tree: adding, moving, removing.
#define KP__CORE
#include "event.h"
#include "report.h"
#include "task.h"
#include "tree.h"
#include "view.h"

// Linked only where an app listens to them.
#pragma weak kp__name_event_mount
#pragma weak kp__queue_mount
#pragma weak kp__name_event_unmount
#pragma weak kp__deliver_unmount

bool kp__changing;

// --- Links

static void unlink(kp__control *control)
{
    kp__control *parent = kp__control_at(control->parent);

    if (!parent)
        return;
    if (control->previous)
        kp__control_at(control->previous)->next = control->next;
    else
        parent->first = control->next;
    if (control->next)
        kp__control_at(control->next)->previous = control->previous;
    else
        parent->last = control->previous;
    control->parent = control->previous = control->next = 0;
}

static void link(kp__control *control, kp__control *parent, kp__control *before)
{
    kp__number number = kp__number_of(control);

    control->parent = kp__number_of(parent);
    control->next = before ? kp__number_of(before) : 0;
    control->previous = before ? before->previous : parent->last;
    if (control->previous)
        kp__control_at(control->previous)->next = number;
    else
        parent->first = number;
    if (before)
        before->previous = number;
    else
        parent->last = number;
}

// The next control of the tree under `root`, parents first; NULL after the last.
static kp__control *next_under(const kp__control *root, kp__control *control)
{
    if (control->first)
        return kp__control_at(control->first);
    while (control != root && !control->next)
        control = kp__control_at(control->parent);
    return control == root ? NULL : kp__control_at(control->next);
}

static bool is_under(const kp__control *control, const kp__control *root)
{
    while (control && control != root)
        control = kp__control_at(control->parent);
    return control;
}

// --- Ending

// Children first, and without recursion: a tree may be deeper than a stack.
static void destroy(kp__control *root)
{
    kp__control *control = root;

    for (;;) {
        while (control->first)
            control = kp__control_at(control->first);
        kp__control *parent = control == root ? NULL : kp__control_at(control->parent);
        unlink(control);
        kp__control_end(control);
        if (!parent)
            return;
        control = parent;
    }
}

// Starts the unmount handlers under `root`, itself included when `self`. They may change the tree:
// then the walk begins again, past those that have had their turn. False when `root` went.
static bool say_farewell(kp__control *root, bool self)
{
    uint32_t root_name = root->slot.name;
    kp__control *control = self ? root : next_under(root, root);

    if (!&kp__name_event_unmount)
        return true;
    while (control) {
        uint32_t name = control->slot.name;
        if (control->mounted && !control->farewell && kp__listener_for(control, &kp__name_event_unmount)) {
            control->farewell = true;
            kp__deliver_unmount(control);
            root = kp__control_of((kp_control *)(uintptr_t)root_name);
            if (!root)
                return false;
            control = kp__control_of((kp_control *)(uintptr_t)name);
            if (!control || !is_under(control, root))
                control = root;
        }
        control = next_under(root, control);
    }
    return true;
}

void kp__discard(kp__control *control)
{
    kp__changing = true;
    unlink(control);
    destroy(control);
    kp__changing = false;
}

int kp_remove(kp_control *handle)
{
    kp__control *control = kp__control_of(handle);

    if (!control)
        return kp__stale("kp_remove");
    if (handle == kp_page)
        return kp__misuse("kp_remove", KP__CAUSE("the page itself cannot be removed; kp_clear empties it"));
    if (!say_farewell(control, true))
        return 0;
    kp__send(KP__COMMAND_DETACH, kp__number_of(control));
    kp__discard(control);
    kp__undo();
    return 0;
}

int kp_clear(kp_control *handle)
{
    kp__control *control = kp__control_of(handle);

    if (!control)
        return kp__stale("kp_clear");
    if (!say_farewell(control, false) || !control->first)
        return 0;
    kp__send(KP__COMMAND_CLEAR, kp__number_of(control));
    while (control->first)
        kp__discard(kp__control_at(control->first));
    kp__undo();
    return 0;
}

// --- Adding

static void mount(kp__control *root)
{
    for (kp__control *control = root; control; control = next_under(root, control)) {
        control->mounted = true;
        if (&kp__name_event_mount && kp__listener_for(control, &kp__name_event_mount))
            kp__queue_mount(control);
    }
}

static const char *why_not(const kp__control *parent, const kp__control *child, const kp__control *before)
{
    if (!parent->kind->container)
        return KP__CAUSE(
            "the parent is of a kind that takes no children; put both into a kp_column or kp_row");
    if (child == before)
        return KP__CAUSE("a control cannot stand in front of itself");
    if (before && before->parent != kp__number_of(parent))
        return KP__CAUSE("`before` is not a child of the parent");
    if (is_under(parent, child))
        return KP__CAUSE("the parent is inside the child");
    if (child->mounted && !parent->mounted)
        return KP__CAUSE(
            "the child is on the page and the new parent is not; add the parent to the page first");
    return NULL;
}

void kp__place(kp__control *parent, kp__control *child, kp__control *before)
{
    kp__changing = true;
    unlink(child);
    link(child, parent, before);
    kp__send_insert(child->mounted ? KP__COMMAND_MOVE : KP__COMMAND_INSERT, kp__number_of(child),
                    kp__number_of(parent), before ? kp__number_of(before) : 0);
    if (parent->mounted && !child->mounted)
        mount(child);
    kp__changing = false;
}

static int insert(const char *call, kp_control *parent_handle, kp_control *child_handle,
                  kp_control *before_handle)
{
    if (kp__in_view())
        return kp__view_insert(parent_handle, child_handle, before_handle);
    kp__control *parent = kp__control_of(parent_handle), *child = kp__control_of(child_handle);
    kp__control *before = kp__control_of(before_handle);
    if (!child_handle)
        return kp__misuse(call,
                          KP__CAUSE("the child is NULL; a constructor returns NULL when memory is short"));
    if (!parent || !child || (before_handle && !before))
        return kp__stale(call);
    const char *cause = why_not(parent, child, before);
    if (cause)
        return kp__misuse(call, cause);
    kp__place(parent, child, before);
    return 0;
}

int kp_add(kp_control *parent, kp_control *child)
{
    return insert("kp_add", parent, child, NULL);
}

int kp_insert(kp_control *parent, kp_control *child, kp_control *before)
{
    return insert("kp_insert", parent, child, before);
}

// --- Looking

kp_control *kp_parent(kp_control *handle)
{
    kp__control *control = kp__control_of(handle);

    return control ? kp__handle(kp__control_at(control->parent)) : NULL;
}

kp_control *kp_first_child(kp_control *handle)
{
    kp__control *control = kp__control_of(handle);

    return control ? kp__handle(kp__control_at(control->first)) : NULL;
}

kp_control *kp_next_sibling(kp_control *handle)
{
    kp__control *control = kp__control_of(handle);

    return control ? kp__handle(kp__control_at(control->next)) : NULL;
}

bool kp_is_mounted(kp_control *handle)
{
    kp__control *control = kp__control_of(handle);

    return control && control->mounted;
}
