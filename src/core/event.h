// SPDX-License-Identifier: MIT
// Events: each handler that is called becomes a task of its control. An app that listens to nothing has
// none of this; each event that the core raises by itself is in a file of its own, with its name, so that it
// is linked where an app listens to it. Who calls these declares them weak.
#ifndef KP__EVENT_H
#define KP__EVENT_H

#include "tree.h"

// Delivers what JavaScript saw: runs the handler until it first waits. `text` ends with a NUL.
// Returns KP__REPLY_… bits.
int kp__deliver(const kp__event_record *record, const char *text);

// The control has come onto the page: its mount handler runs when the running task waits or returns.
void kp__queue_mount(kp__control *control);

// The control is about to leave the page: its unmount handler runs until it first waits, and is not
// canceled with the control.
void kp__deliver_unmount(kp__control *control);

// Tells the page's error handler, when the running task waits or returns. False when there is none,
// or no memory.
bool kp__queue_error(uint32_t source, int code, const char *message);

// --- For those that raise events

kp_event kp__event_of(kp__control *control, const kp__name *name);

// Runs the handler now, until it first waits. Returns what it asked of the event.
int kp__run_handler(kp__control *control, const kp__listener *listener, const kp_event *event, bool shielded);

// Lets the handler run when the running task waits or returns. False when out of memory.
bool kp__queue_handler(kp__control *control, const kp__listener *listener, const kp_event *event);

#endif
