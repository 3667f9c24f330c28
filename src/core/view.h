// SPDX-License-Identifier: MIT
// A view is the app's function that says what an item looks like, see kp_set_items. While one runs, what it
// makes is only written down, as a draft: its controls are numbers, and nothing is sent to the page.
#ifndef KP__VIEW_H
#define KP__VIEW_H

#include "tree.h"

// What it did, in order; what a control is worth apart, so that two drafts can be compared by their steps.
typedef enum { KP__STEP_NEW, KP__STEP_CHILD, KP__STEP_HANDLER } kp__step_kind;

typedef struct {
    uintptr_t what;     // kp__step_kind, the control from bit 8 on, the child from bit 16 on
    const void *which;  // the kind of the control, or the event
    kp_handler handler; // or NULL
} kp__step;

#define KP__STEP_CONTROL(step) ((step)->what >> 8 & 255)
#define KP__STEP_CHILD_OF(step) ((step)->what >> 16)

// What a property was set to; the last one counts. Where none says anything, a property has the value 0.
typedef struct {
    const kp__property *property;
    uintptr_t word; // a text is in the draft
    double number;
    uint32_t control;
} kp__value;

typedef struct {
    kp__step *steps;
    kp__value *values;
    uint32_t step_count, value_count;
    uint32_t controls; // numbered in the order in which they were made, from 0
    uint32_t root;     // the one that the view has returned
} kp__draft;

// What the view makes of the item; valid until the next call. NULL when it cannot be, and *code then says
// why.
const kp__draft *kp__draft_of(kp_view view, const void *item, int *code);

// The task whose view runs; 0 when none does.
extern uint32_t kp__viewing;

// What the calls that an app makes of controls do in a view. Linked only where an app shows items.
kp_control *kp__view_new(kp__kind *kind);
int kp__view_set(kp_control *handle, const kp__property *property, uintptr_t word, double number);
int kp__view_listen(kp_control *handle, const kp__property *property, kp_handler handler);
int kp__view_insert(kp_control *parent, kp_control *child, kp_control *before);
int kp__view_refuse(const char *cause); // the view does what it must not

#pragma weak kp__viewing
#pragma weak kp__view_new
#pragma weak kp__view_set
#pragma weak kp__view_listen
#pragma weak kp__view_insert
#pragma weak kp__view_refuse

// A view may have trapped, so that it cannot say that it is over.
static inline bool kp__in_view(void)
{
    return &kp__viewing && kp__viewing && kp__viewing == kp_self();
}

#endif
