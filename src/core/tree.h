// SPDX-License-Identifier: MIT
// The controls, and the tree that they are.
//
// A control lives from kp__new to kp_remove. Then it is `removed`: its handle finds nothing any
// more, but its state and slot stay until the last of its tasks has ended (kp__control_drained).
#ifndef KP__TREE_H
#define KP__TREE_H

#include "commands.h"
#include "slots.h"

struct kp_group;

typedef struct kp__listener {
    struct kp__listener *next;
    const kp__field *field; // of an event
    kp_handler handler;
} kp__listener;

typedef struct {
    kp__slot slot; // its name is the handle, its index the number known to JavaScript
    kp__kind *kind;
    kp__number parent, first, last, previous, next; // 0: none
    struct kp_group *group; // NULL until the first task; gone when the last has ended of a removed control
    void *state;
    kp__listener *listeners;
    bool mounted, removed;
    bool farewell;      // its unmount handler has been started
    uint8_t while_busy; // kp_while_busy
} kp__control;

// Makes the page. False when out of memory.
bool kp__tree_start(void);

// What the handle or number stands for; NULL when it is gone.
kp__control *kp__control_of(const kp_control *handle);
kp__control *kp__control_at(kp__number number);
kp__number kp__number_of(const kp__control *control);

static inline __attribute__((always_inline)) kp_control *kp__handle(const kp__control *control)
{
    return control ? (kp_control *)(uintptr_t)control->slot.name : NULL;
}

// The same, but also for a control that is removed and still has tasks.
kp__control *kp__control_or_removed(uint32_t name);

// The group of a control's tasks, made when first asked for. NULL when out of memory or gone.
struct kp_group *kp__control_group(const kp_control *handle);
struct kp_group *kp__make_group(kp__control *control);

static inline __attribute__((always_inline)) struct kp_group *kp__group_of_control(kp__control *control)
{
    return control->group ? control->group : kp__make_group(control);
}

// Ends a control that has no parent and no children any more: its number is given back to
// JavaScript, its tasks are canceled.
void kp__control_end(kp__control *control);

// The last task of a removed control has ended: frees what is left of it.
void kp__control_drained(uint32_t name);

// What a property is in this control, the first field if there are several. NULL if it has none.
const kp__field *kp__field_of(const kp__control *control, const kp__property *property);

// Sets a property; the value is `word`, or `number` where the type is one; the other is 0.
int kp__set(kp_control *handle, const kp__property *property, uintptr_t word, double number);

// 0, or KP_EINVAL for what no property of this type can be.
int kp__check_value(const kp__property *property, uintptr_t word, double number);

// Sends all that a property sets, from its `first` field for this kind of control on. The field's parts are
// counted from `part`.
void kp__send_property(kp__number to, const kp__property *property, const kp__field *first, uint8_t part,
                       uintptr_t word, double number);

// Puts the child into the parent, in front of `before` or at its end. All must be fit for that.
void kp__place(kp__control *parent, kp__control *child, kp__control *before);

// Ends a control and all that is in it; its element has been taken out of the page already.
void kp__discard(kp__control *control);

kp__listener *kp__listener_for(const kp__control *control, const kp__name *event);

// How many handlers wait for something that the user does.
extern uint32_t kp__listener_count;

// The control that is being made, or was made last, lacks a handler or its state, for want of memory.
extern bool kp__incomplete;

// True while the tree or the commands are being changed: a trap now leaves them half done.
extern bool kp__changing;

#endif
