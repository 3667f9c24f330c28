// SPDX-License-Identifier: MIT
#define KP__CORE
#include "event.h"

#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "run.h"
#include "shape.h"
#include "task.h"
#include "view.h"
#include "words.h"

// Linked only where an app listens to it, or says what is to be done while a handler runs.
#pragma weak kp__name_event_error
#pragma weak kp__queue_error
#pragma weak kp__admit
#pragma weak kp__item_listeners

// --- Listening

// False when out of memory.
static bool listen(kp__control *control, const kp__field *field, kp_handler handler)
{
    kp__listener *listener = kp__listener_for(control, field->name);

    if (!listener) {
        if (!(listener = malloc(sizeof *listener)))
            return false;
        *listener = (kp__listener){ control->listeners, field, handler };
        control->listeners = listener;
        kp__listener_count += !field->page_event;
    }
    listener->handler = handler;
    // The page's error handler also hears of images that fail, which only JavaScript sees.
    if (!field->page_event || field->name == &kp__name_event_error)
        kp__send_listen(kp__number_of(control), field->name, handler != NULL);
    return true;
}

int kp__set_handler(kp_control *handle, const kp__property *property, kp_handler handler)
{
    if (kp__in_view())
        return kp__view_listen(handle, property, handler);
    kp__control *control = kp__control_of(handle);
    if (!control)
        return kp__stale("a kp_on_… call");
    const kp__field *field = kp__field_of(control, property);
    if (!field || control->kind->id == KP__KIND_ITEM)
        return kp__misuse("a kp_on_… call or a constructor",
                          KP__CAUSE("this kind of control has no such event"));
    if (listen(control, field, handler))
        return 0;
    kp__incomplete = true;
    return KP_ENOMEM;
}

// --- Handlers

void kp__handler_out_of_memory(const kp__control *control, const char *type)
{
    kp__log(KP__LOG_ERROR, "Out of memory: the %s handler of a %s was not called.", type,
            control->kind->name);
}

// A copy that lives as long as the task.
static KP__APART const char *keep_text(kp__task *task, const kp_event *event)
{
    size_t size = strlen(event->value) + 1;
    kp__owned *kept = malloc(sizeof *kept + size);

    if (!kept) {
        kp__log(KP__LOG_ERROR, "Out of memory: the text of a %s event was lost.", event->type);
        return "";
    }
    kp__own(&task->owned, kept, kp__free_owned);
    return memcpy(kept + 1, event->value, size);
}

// The event is the task's until the handler returns. Its control may be gone by now.
static int handle(void *argument)
{
    kp__delivery *given = argument;

    if (kp__control_of(given->event.control))
        given->handler(&given->event);
    return 0;
}

// A handler's task could not be made.
static KP__APART void refuse(const struct kp_group *group, const kp__control *control, const char *type)
{
    if (!group || !group->canceled)
        kp__handler_out_of_memory(control, type);
}

// When the handler is to run, as one of the same event may still run.
static kp__turn turn_of(kp__control *control, const kp__listener *listener, const kp_event *event,
                        bool eagerly)
{
    return kp__admit && control->while_busy ? kp__admit(control, listener, event, eagerly) : KP__AT_ONCE;
}

kp__delivery *kp__delivery_new(const kp__control *control, const kp__listener *listener, const char *text)
{
    size_t size = strlen(text) + 1;
    kp__delivery *given = malloc(sizeof *given + size);
    const char *type = listener->field->name->text;

    if (!given) {
        kp__handler_out_of_memory(control, type);
        return NULL;
    }
    kp__clear_words(given, sizeof *given);
    given->handler = listener->handler;
    given->event.control = given->event.source = kp__handle(control);
    given->event.type = type;
    given->event.value = memcpy(given->text, text, size);
    return given;
}

// A task for it, whose name is the event's type. If there can be none, frees it and returns NULL.
static kp__task *task_of(kp__control *control, kp__delivery *given, bool shielded)
{
    struct kp_group *group = kp__group_of_control(control);
    kp__task *task = group ? kp__task_new(group, handle, given, KP__STACK_LARGE, shielded) : NULL;

    if (!task) {
        refuse(group, control, given->event.type);
        free(given);
        return NULL;
    }
    kp__own(&task->owned, &given->owned, kp__free_owned);
    task->name = given->event.type;
    return task;
}

kp__task *kp__start_delivery(kp__control *control, kp__delivery *given, bool urgent)
{
    kp__task *task = task_of(control, given, false);

    if (task) {
        task->urgent = urgent;
        kp__task_ready(task);
    }
    return task;
}

void kp__run_farewell(kp__control *control, kp__delivery *given)
{
    kp__task *task = task_of(control, given, true);

    if (!task)
        return;
    task->urgent = true;
    kp__task_run(task);
}

bool kp__queue_handler(kp__control *control, const kp__listener *listener, kp__delivery *given)
{
    kp__turn turn = turn_of(control, listener, &given->event, false);

    if (turn == KP__AT_ONCE)
        return kp__start_delivery(control, given, false);
    free(given);
    return turn == KP__LATER;
}

// --- What JavaScript saw
//
// Most handlers do not wait, so this is short: the event is made where the handler finds it, the task is
// that of the handler before, and what calls the handler is inlined the first time.

// At the high end of the task's stack, so valid until the handler returns.
typedef struct {
    kp_event event;
    kp_handler handler;
} call;

static inline __attribute__((always_inline)) int kp__again_call(void *argument)
{
    call *given = argument;

    given->handler(&given->event);
    return 0;
}

static inline __attribute__((always_inline)) kp_event seen(const kp__control *control, const char *type,
                                                           const char *text, uint32_t flags, int32_t code,
                                                           double x, double y, double width, double height)
{
    kp_control *handle = kp__handle(control);

    return (kp_event){ .control = handle,
                       .type = type,
                       .value = text,
                       .source = handle,
                       .x = x,
                       .y = y,
                       .width = width,
                       .height = height,
                       .code = code,
                       .shift = flags & KP__EVENT_SHIFT,
                       .ctrl = flags & KP__EVENT_CTRL,
                       .alt = flags & KP__EVENT_ALT,
                       .meta = flags & KP__EVENT_META,
                       .repeat = flags & KP__EVENT_REPEAT,
                       .checked = flags & KP__EVENT_CHECKED };
}

static KP__APART bool is_admitted(kp__control *control, const kp__listener *listener, const char *text,
                                  uint32_t flags, int32_t code, double x, double y, double width,
                                  double height)
{
    kp_event event = seen(control, listener->field->name->text, text, flags, code, x, y, width, height);

    return turn_of(control, listener, &event, true) == KP__AT_ONCE && listener->handler;
}

// What the handler may still ask of the event that is being delivered.
static struct {
    const kp__task *task;
    int bits;
} reply;

// As kp_deliver is told.
static uint32_t target_of(const kp__listener *listener)
{
    return listener->field->name->number | (uint32_t)listener->field->part << 16;
}

// Nobody listens.
static KP__APART int pass_on(const kp__control *control, uint32_t target, const char *text)
{
    if (control && target && &kp__name_event_error && target == kp__name_event_error.number)
        kp__queue_error(control->slot.name, KP_EIO, text);
    return 0;
}

int kp__deliver(kp__number number, uint32_t target, const char *text, uint32_t flags, int32_t code, double x,
                double y, double width, double height)
{
    kp__control *control = kp__control_at(number);
    const kp__listener *listener = control ? control->listeners : NULL;

    if (control && kp__item_listeners && control->kind->id == KP__KIND_ITEM)
        listener = kp__item_listeners(control);
    while (listener && (target_of(listener) != target || !listener->handler))
        listener = listener->next;
    if (!listener)
        return pass_on(control, target, text);
    if (kp__admit && control->while_busy &&
        !is_admitted(control, listener, text, flags, code, x, y, width, height))
        return 0;
    const char *type = listener->field->name->text;
    struct kp_group *group = kp__group_of_control(control);
    kp__task *task = group ? kp__task_for_handler(group, kp__again_call, sizeof(call)) : NULL;
    if (!task) {
        refuse(group, control, type);
        return 0;
    }
    task->name = type;
    call *given = task->argument;
    given->handler = listener->handler;
    given->event = seen(control, type, text, flags, code, x, y, width, height);
    given->event.value = *text ? keep_text(task, &given->event) : ""; // the inbox is soon another's
    reply.task = task;
    reply.bits = 0;
    kp__handler_run(task, kp__again_call, given);
    reply.task = NULL;
    return reply.bits;
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
