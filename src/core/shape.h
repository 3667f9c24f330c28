// SPDX-License-Identifier: MIT
// What items have in common whose views made the same controls: a kind of control, made while the app runs.
// On the page it is a template; a control made from it is the item's root, and its elements are the parts of
// that one control. What differs from item to item are the values of properties.
#ifndef KP__SHAPE_H
#define KP__SHAPE_H

#include "view.h"

typedef struct kp__shape kp__shape;

// The shape of such a draft that this view has made of an item of this size; made if there is none yet. NULL
// when it cannot be, and *code then says why.
kp__shape *kp__shape_of(const kp__draft *draft, kp_view view, size_t size, int *code);

kp__kind *kp__shape_kind(kp__shape *shape);

// Whether this view has made the kind, of items of this size.
bool kp__shape_is(const kp__kind *item_kind, kp_view view, size_t size);

// Lets the control, of this shape, show the draft. `differs` has a bit for each property whose value is not
// that of the template, from bit 31 on one for all; it is 0 for a new control. Returns 0 or KP_ENOMEM.
int kp__shape_show(kp__shape *shape, const kp__draft *draft, const kp__control *control, uint32_t *differs);

// A view has trapped: the page shows again what it did before the kp_set_items in which that happened.
void kp__items_abandon(void);

// The handlers of an item's control, for kp__deliver.
const kp__listener *kp__item_listeners(const kp__control *control);

#endif
