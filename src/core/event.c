// SPDX-License-Identifier: MIT
#define KP__CORE
#include "event.h"

#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "task.h"

// A handler and its event, until its task has started and copied them.
typedef struct {
    kp_handler handler;
    kp_event event;
} delivery;

// What the handler may still ask of the event that is being delivered.
static struct {
    const kp__task *task;
    int bits;
} reply;

static void out_of_memory(const char *event, const kp__control *control)
{
    kp__log(KP__LOG_ERROR, "Out of memory: the %s handler of a %s was not called.", event,
            control->kind->name);
}

static kp__task *handler_task(kp__control *control, const kp__name *event, kp_task_function function,
                              void *argument, bool shielded)
{
    struct kp_group *group = kp__group_of_control(control);
    kp__task *task = group ? kp__task_new(group, function, argument, KP__STACK_LARGE, shielded) : NULL;

    if (task)
        task->name = event->text;
    else if (!group || !group->canceled)
        out_of_memory(event->text, control);
    return task;
}

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}

// The event lives in this frame, so it is valid until the handler returns.
static int handle(void *argument)
{
    delivery copy = *(const delivery *)argument;

    if (*copy.event.value) {
        kp__running->owned = copy_text(copy.event.value);
        if (!kp__running->owned) {
            kp__log(KP__LOG_ERROR, "Out of memory: the text of a %s event was lost.", copy.event.type);
            copy.event.value = "";
        } else {
            copy.event.value = kp__running->owned;
        }
    }
    copy.handler(&copy.event);
    return 0;
}

static int run_handler(kp__control *control, kp__listener *listener, const kp_event *event, bool shielded)
{
    delivery given = { listener->handler, *event };
    kp__task *task = handler_task(control, listener->field->name, handle, &given, shielded);

    if (!task)
        return 0;
    reply.task = task;
    reply.bits = 0;
    kp__task_run(task);
    reply.task = NULL;
    return reply.bits;
}

static kp_event event_of(kp__control *control, const kp__name *name)
{
    return (kp_event){
        .control = kp__handle(control), .type = name->text, .value = "", .source = kp__handle(control)
    };
}

int kp__deliver(const kp__event_record *record, const char *text)
{
    kp__control *control = kp__control_at(record->control);
    kp__listener *listener = control ? control->listeners : NULL;

    while (listener && (listener->field->name->number != record->name || !listener->handler))
        listener = listener->next;
    if (!listener) {
        if (control && record->name && record->name == kp__name_event_error.number)
            kp__queue_error(control->slot.name, KP_EIO, text);
        return 0;
    }
    kp_event event = event_of(control, listener->field->name);
    event.value = text;
    event.x = record->x;
    event.y = record->y;
    event.width = record->width;
    event.height = record->height;
    event.checked = record->checked;
    event.shift = record->modifiers & KP__MODIFIER_SHIFT;
    event.ctrl = record->modifiers & KP__MODIFIER_CTRL;
    event.alt = record->modifiers & KP__MODIFIER_ALT;
    event.meta = record->modifiers & KP__MODIFIER_META;
    event.repeat = record->modifiers & KP__MODIFIER_REPEAT;
    event.code = record->code;
    return run_handler(control, listener, &event, false);
}

static int ask(const kp_event *event, int bit)
{
    (void)event;
    if (!reply.task || reply.task != kp__running)
        return KP_EINVAL;
    reply.bits |= bit;
    return 0;
}

int kp_prevent_default(kp_event *event)
{
    return ask(event, KP__REPLY_PREVENT_DEFAULT);
}

int kp_stop_propagation(kp_event *event)
{
    return ask(event, KP__REPLY_STOP_PROPAGATION);
}

// --- Mount and unmount

static int handle_mount(void *name)
{
    kp__control *control = kp__control_of(name);
    kp__listener *listener = control ? kp__listener_for(control, &kp__name_event_mount) : NULL;

    if (listener && listener->handler) {
        kp_event event = event_of(control, &kp__name_event_mount);
        listener->handler(&event);
    }
    return 0;
}

void kp__queue_mount(kp__control *control)
{
    kp__task *task = handler_task(control, &kp__name_event_mount, handle_mount, kp__handle(control), false);

    if (task)
        kp__task_ready(task);
}

void kp__deliver_unmount(kp__control *control)
{
    kp__listener *listener = kp__listener_for(control, &kp__name_event_unmount);
    kp_event event = event_of(control, &kp__name_event_unmount);

    if (listener->handler)
        run_handler(control, listener, &event, true);
}

// --- Errors

typedef struct {
    uint32_t source;
    int code;
    char message[];
} failure;

static int handle_error(void *argument)
{
    const failure *what = argument;
    kp__control *page = kp__control_of(kp_page), *source = kp__control_or_removed(what->source);
    kp__listener *listener = kp__listener_for(page, &kp__name_event_error);

    if (listener && listener->handler) {
        kp_event event = event_of(page, &kp__name_event_error);
        event.message = what->message;
        event.code = what->code;
        event.source = source ? kp__handle(source) : NULL;
        listener->handler(&event);
    }
    return 0;
}

bool kp__queue_error(uint32_t source, int code, const char *message)
{
    kp__control *page = kp__control_of(kp_page);
    kp__listener *listener = kp__listener_for(page, &kp__name_event_error);
    size_t size = strlen(message) + 1;

    if (!listener || !listener->handler)
        return false;
    failure *what = malloc(sizeof *what + size);
    if (!what)
        return false;
    what->source = source;
    what->code = code;
    memcpy(what->message, message, size);
    kp__task *task = handler_task(page, &kp__name_event_error, handle_error, what, false);
    if (!task) {
        free(what);
        return false;
    }
    task->owned = (char *)what;
    kp__task_ready(task);
    return true;
}
