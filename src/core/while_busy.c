// SPDX-License-Identifier: MIT
// What becomes of an event that comes while the control's handler of that event still runs. Linked only where
// an app asks for something else than to run both. Nothing notes that a handler runs: its task is looked for
// among those of its control, so that however it ends, it is not taken to be running after that.
#define KP__CORE
#include <stdlib.h>

#include "event.h"
#include "report.h"
#include "task.h"
#include "view.h"

int kp_set_while_busy(kp_control *handle, kp_while_busy what)
{
    if (kp__in_view())
        return kp__view_refuse(KP__CAUSE("the handlers of what a view makes run side by side"));
    kp__control *control = kp__control_of(handle);
    if (!control)
        return kp__stale("kp_set_while_busy");
    if ((unsigned)what > KP_RESTART)
        return kp__misuse("kp_set_while_busy or a constructor", KP__CAUSE("there is no such value"));
    control->while_busy = (uint8_t)what;
    return 0;
}

// The handler of such an event that was started last, `except` not counted; NULL when none runs. Only what
// kp_go starts has a file.
static kp__task *running_handler(const kp__control *control, const char *type, bool canceled_too,
                                 const kp__task *except)
{
    kp__task *task = control->group ? control->group->first : NULL;

    while (task && (task == except || task->file || task->name != type || (!canceled_too && task->canceled)))
        task = task->group_next;
    return task;
}

// A delivery that can wait. NULL when out of memory, and says so.
static kp__delivery *keep(const kp__control *control, const kp__listener *listener, const kp_event *event)
{
    kp__delivery *kept = kp__delivery_new(control, listener, event->value);

    if (kept) {
        kept->event = *event;
        kept->event.value = kept->text;
    }
    return kept;
}

// --- Queue

// Events that wait for the end of the task that owns this.
typedef struct {
    kp__owned owned;
    uint32_t control; // its name
    kp__delivery *first, *last;
} line;

static void start_next(kp__owned *owned)
{
    line *self = (line *)owned;
    kp__control *control = kp__control_or_removed(self->control);
    kp__task *started = NULL;

    while (self->first && !started) {
        kp__delivery *next = self->first;
        self->first = (kp__delivery *)next->owned.next;
        if (control->removed)
            free(next);
        else
            started = kp__start_delivery(control, next, true);
    }
    if (started)
        kp__own(&started->owned, &self->owned, start_next);
    else
        free(self);
}

static line *line_behind(kp__task *task, const kp__control *control)
{
    kp__owned *owned = task->owned;

    while (owned && owned->end != start_next)
        owned = owned->next;
    if (owned)
        return (line *)owned;
    line *self = malloc(sizeof *self);
    if (self) {
        *self = (line){ .control = control->slot.name };
        kp__own(&task->owned, &self->owned, start_next);
    }
    return self;
}

static kp__turn queue(kp__task *task, kp__control *control, const kp__listener *listener,
                      const kp_event *event)
{
    kp__delivery *delivery = keep(control, listener, event);
    line *behind = delivery ? line_behind(task, control) : NULL;

    if (!behind) {
        if (delivery)
            kp__handler_out_of_memory(control, event->type);
        free(delivery);
        return KP__NEVER;
    }
    if (behind->first)
        behind->last->owned.next = &delivery->owned;
    else
        behind->first = delivery;
    behind->last = delivery;
    return KP__LATER;
}

// --- Restart

static void cancel_handlers(const kp__control *control, const char *type)
{
    kp__task *task;

    while ((task = running_handler(control, type, false, NULL)))
        kp__task_cancel(task);
}

// As a handler ends it may crash: then nothing goes on here, and the event is that of a task that is ready.
static kp__turn end_handlers(kp__control *control, const kp__listener *listener, const kp_event *event)
{
    kp__delivery *kept = keep(control, listener, event);
    kp__task *ready = kept ? kp__start_delivery(control, kept, true) : NULL, *task;

    if (!ready)
        return KP__NEVER;
    // As it cleans up it may remove the control.
    while ((control = kp__control_of(event->control)) &&
           (task = running_handler(control, event->type, false, ready)))
        kp__task_end_now(task);
    kp__task_unready(ready);
    kp__task_end(ready, 0);
    return control ? KP__AT_ONCE : KP__NEVER;
}

kp__turn kp__admit(kp__control *control, const kp__listener *listener, const kp_event *event, bool eagerly)
{
    kp__task *task = running_handler(control, event->type, true, NULL);

    if (!task)
        return KP__AT_ONCE;
    switch (control->while_busy) {
    case KP_QUEUE:
        return queue(task, control, listener, event);
    case KP_RESTART:
        if (eagerly)
            return end_handlers(control, listener, event);
        cancel_handlers(control, event->type);
        return KP__AT_ONCE;
    default:
        return KP__NEVER;
    }
}
