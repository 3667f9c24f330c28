// SPDX-License-Identifier: MIT
// What items have in common whose views have done the same steps: a kind of control, made while the app runs.
// On the page it is a template; a control made from it is the item's root, and all elements are the parts of
// that one control. What differs from item to item are the values of properties.
#ifndef KP__SHAPE_H
#define KP__SHAPE_H

#include "tree.h"

// What a view does, in order.
typedef enum { KP__STEP_NEW, KP__STEP_CHILD, KP__STEP_HANDLER } kp__step_kind;

typedef struct {
    uint32_t what;      // kp__step_kind, the control from bit 8 on, the child from bit 16 on
    const void *which;  // the kind of the control, or the event; else NULL
    kp_handler handler; // or NULL
} kp__step;

// A property that may differ from item to item.
typedef struct {
    const kp__property *property;
    const kp__field *field; // of that kind of control
    uintptr_t word;         // its value in the template; a text is the shape's own
    double number;          // see kp__set
    uint32_t seen;          // the run of a view that has set it last
    uint8_t control, part;  // of the view, and of the control's root
} kp__slot_value;

typedef struct kp__shape {
    // First, so that the kind of an item's control is its shape. Its number is 0 while there is no template.
    kp__kind kind;
    struct kp__shape *next;
    kp_view view;
    size_t size; // of an item
    kp__step *steps;
    kp__slot_value *slots;
    uint32_t step_count, step_capacity, slot_count, slot_capacity;
    // How many the view makes, and which it returns; they are numbered from 0 as they are made.
    uint32_t controls, root;
    kp__listener *listeners;
} kp__shape;

extern kp__shape *kp__shapes; // the one that was used last is first

// An empty one, first in the list. NULL when out of memory.
kp__shape *kp__shape_new(kp_view view, size_t size);
void kp__shape_free(kp__shape *shape); // takes it out of the list; nothing may be of its kind
void kp__shape_use(kp__shape *shape);  // makes it the first

// Adds to what its view does. False, or NULL, when out of memory.
bool kp__shape_add_step(kp__shape *shape, kp__step step);
kp__slot_value *kp__shape_add_slot(kp__shape *shape, const kp__property *property, uint32_t control);

// Gives a slot its value in the template. False when out of memory.
bool kp__shape_keep(kp__slot_value *slot, uintptr_t word, double number);

// Makes the template. Returns 0 or a negative code.
int kp__shape_freeze(kp__shape *shape);

// A view has trapped: the page shows again what it did before the kp_set_items in which that happened.
void kp__items_abandon(void);

// The handlers of an item's control, for kp__deliver.
const kp__listener *kp__item_listeners(const kp__control *control);

#endif
