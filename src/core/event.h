// SPDX-License-Identifier: MIT
// Events: each handler that is called becomes a task of its control. An app that listens to nothing has
// none of this; each event that the core raises by itself is in a file of its own, with its name, so that it
// is linked where an app listens to it. Who calls these declares them weak.
#ifndef KP__EVENT_H
#define KP__EVENT_H

#include "task.h"
#include "tree.h"

// Delivers what JavaScript saw: runs the handler until it first waits. `text` ends with a NUL.
// Returns KP__REPLY_… bits.
int kp__deliver(kp__number control, uint32_t target, const char *text, uint32_t flags, int32_t code, double x,
                double y, double width, double height);

// The control has come onto the page: its mount handler runs when the running task waits or returns.
void kp__queue_mount(kp__control *control);

// The control is about to leave the page: its unmount handler runs until it first waits, and is not
// canceled with the control.
void kp__deliver_unmount(kp__control *control);

// Tells the page's error handler, when the running task waits or returns. False when there is none,
// or no memory.
bool kp__queue_error(uint32_t source, int code, const char *message);

// --- For those that raise events

// A handler and its event, which belong to its task.
typedef struct {
    kp__owned owned;
    kp_handler handler;
    kp_event event;
    char text[];
} kp__delivery;

// An event of which no more is known than a text, which is copied. NULL when out of memory, and says so.
kp__delivery *kp__delivery_new(const kp__control *control, const kp__listener *listener, const char *text);

// Runs the handler now, until it first waits. Canceling the control's group does not cancel it.
void kp__run_farewell(kp__control *control, kp__delivery *given);

// Lets the handler run when the running task waits or returns. False when out of memory, or when it
// is not to run while another does.
bool kp__queue_handler(kp__control *control, const kp__listener *listener, kp__delivery *given);

// --- While a handler runs, see kp_while_busy

void kp__handler_out_of_memory(const kp__control *control, const char *type);

// Makes a task of it, which is ready then. If it cannot, says so, frees it and returns NULL.
kp__task *kp__start_delivery(kp__control *control, kp__delivery *delivery, bool urgent);

typedef enum { KP__AT_ONCE, KP__LATER, KP__NEVER } kp__turn;

// Does what the control asks for while a handler of this event runs, and says when the new one is to run.
// `eagerly`: not only as a task that is ready. What the control listens to may have changed then.
kp__turn kp__admit(kp__control *control, const kp__listener *listener, const kp_event *event, bool eagerly);

#endif
