// SPDX-License-Identifier: MIT
// A view is the app's function that says what an item looks like, see kp_set_items. What it does is followed
// step by step and compared with what a view did before, see shape.h; only values that differ are sent to the
// page. So what it makes are not controls: their handles are numbers, good for that run of the view only.
#ifndef KP__VIEW_H
#define KP__VIEW_H

#include "tree.h"

// A new control that shows the item, and is nowhere yet; it has no state. `differs` is what kp__view_update
// wants to be given when the item has changed. NULL when it cannot be, and *code then says why.
kp__control *kp__view_make(kp_view view, const void *item, size_t size, uint32_t *differs, int *code);

// Lets the control show the changed item. Returns 0, a negative code, or 1 when the view has made other
// controls this time, so that the item needs a new one.
int kp__view_update(const void *item, kp__control *control, uint32_t *differs);

// What `differs` is until the view has come to a good end: each value may be any. It is the same where each
// is another than the template's.
#define KP__HALF_SHOWN UINT32_MAX

// The view has trapped.
void kp__view_abandon(void);

extern bool kp__viewing; // the run of a view is under way; false for ever where an app shows no items

// What the calls that make controls do in a view. Linked only where an app shows items.
kp_control *kp__view_new(kp__kind *kind);
int kp__view_set(kp_control *handle, const kp__property *property, uintptr_t word, double number);
int kp__view_listen(kp_control *handle, const kp__property *property, kp_handler handler);
int kp__view_insert(kp_control *parent, kp_control *child, kp_control *before);
int kp__view_refuse(const char *cause); // the view does what it must not

#pragma weak kp__view_new
#pragma weak kp__view_set
#pragma weak kp__view_listen
#pragma weak kp__view_insert
#pragma weak kp__view_refuse

static inline bool kp__in_view(void)
{
    return kp__viewing;
}

#endif
