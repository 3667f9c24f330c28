// SPDX-License-Identifier: MIT
// A control by itself: its name, tasks, handlers, properties, and its beginning and end.
#define KP__CORE
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "task.h"
#include "tree.h"

static kp__slots controls = KP__SLOTS(kp__control);
static uint32_t listener_count;

// --- Names

kp__control *kp__control_or_removed(uint32_t name)
{
    return kp__slot_find(&controls, name);
}

kp__control *kp__control_of(const kp_control *handle)
{
    uintptr_t name = (uintptr_t)handle;
    kp__control *control = name <= UINT32_MAX ? kp__slot_find(&controls, (uint32_t)name) : NULL;

    return control && !control->removed ? control : NULL;
}

kp__control *kp__control_at(kp__number number)
{
    kp__control *control = kp__slot_at(&controls, number);

    return control && !control->removed ? control : NULL;
}

kp_control *kp__handle(const kp__control *control)
{
    return control ? (kp_control *)(uintptr_t)control->slot.name : NULL;
}

kp__number kp__number_of(const kp__control *control)
{
    return KP__SLOT_INDEX(control->slot.name);
}

bool kp__tree_start(void)
{
    kp__control *page = kp__slot_take(&controls);

    if (!page)
        return false;
    page->kind = &kp__kind_page;
    page->mounted = true;
    return true;
}

// --- Groups and listeners

struct kp_group *kp__group_of_control(kp__control *control)
{
    struct kp_group *group = control->group ? kp__group_find(control->group) : NULL;

    if (!group && (group = kp__group_new(control->slot.name)))
        control->group = group->slot.name;
    return group;
}

struct kp_group *kp__control_group(const kp_control *handle)
{
    kp__control *control = kp__control_of(handle);

    return control ? kp__group_of_control(control) : NULL;
}

kp_group *kp_group_of(kp_control *handle)
{
    struct kp_group *group = kp__control_group(handle);

    if (!kp__control_of(handle))
        kp__stale("kp_group_of");
    return group ? (kp_group *)(uintptr_t)group->slot.name : NULL;
}

static void free_listeners(kp__control *control)
{
    while (control->listeners) {
        kp__listener *listener = control->listeners;
        control->listeners = listener->next;
        listener_count -= !listener->field->page_event;
        free(listener);
    }
}

void kp__control_drained(uint32_t name)
{
    kp__control *control = kp__control_or_removed(name);

    if (!control || !control->removed)
        return;
    free(control->state);
    kp__slot_free(&controls, control);
}

kp__listener *kp__listener_for(const kp__control *control, const kp__name *event)
{
    kp__listener *listener = control->listeners;

    while (listener && listener->field->name != event)
        listener = listener->next;
    return listener;
}

uint32_t kp__listener_count(void)
{
    return listener_count;
}

static bool listen(kp__control *control, const kp__field *field, kp_handler handler)
{
    kp__listener *listener = kp__listener_for(control, field->name);

    if (!listener) {
        if (!(listener = malloc(sizeof *listener)))
            return false;
        *listener = (kp__listener){ control->listeners, field, handler };
        control->listeners = listener;
        listener_count += !field->page_event;
    }
    listener->handler = handler;
    // The page's error handler also hears of images that fail, which only JavaScript sees.
    if (!field->page_event || field->name == &kp__name_event_error)
        kp__send_listen(kp__number_of(control), field->name, handler != NULL);
    return true;
}

// --- Beginning and end

void kp__control_end(kp__control *control)
{
    struct kp_group *group = control->group ? kp__group_find(control->group) : NULL;

    kp__send(KP__COMMAND_FORGET, kp__number_of(control));
    control->removed = true;
    control->mounted = false;
    free_listeners(control);
    if (group)
        kp__group_orphan(group);
    else
        kp__control_drained(control->slot.name);
}

// Sends a property that differs from its default. False when out of memory.
static bool set_from_field(kp__control *control, const kp__field *field, const void *from)
{
    kp__number number = kp__number_of(control);
    const char *string;
    kp_handler handler;
    double real;
    bool flag;
    int integer;

    switch ((kp__field_type)field->type) {
    case KP__FIELD_STRING:
        memcpy(&string, from, sizeof string);
        return !string || kp__send_set_text(number, field, string);
    case KP__FIELD_BOOL:
        memcpy(&flag, from, sizeof flag);
        return !flag || kp__send_set_flag(number, field, KP__TYPE_TRUE);
    case KP__FIELD_INT:
    case KP__FIELD_ENUM:
        memcpy(&integer, from, sizeof integer);
        return !integer || kp__set_int(kp__handle(control), field->property, integer) != KP_ENOMEM;
    case KP__FIELD_NUMBER:
    case KP__FIELD_LENGTH:
        memcpy(&real, from, sizeof real);
        return !(real < 0 || real > 0) ||
               kp__set_number(kp__handle(control), field->property, real) != KP_ENOMEM;
    case KP__FIELD_HANDLER:
        memcpy(&handler, from, sizeof handler);
        return !handler || listen(control, field, handler);
    }
    return true;
}

static bool set_fields(kp__control *control, const char *props)
{
    const kp__kind *kind = control->kind;

    for (uint32_t i = 0; i < kind->field_count; i++)
        if (!set_from_field(control, &kind->fields[i], props + kind->fields[i].offset))
            return false;
    return true;
}

static bool copy_state(kp__control *control, const char *props)
{
    kp_state_bytes state;

    memcpy(&state, props + control->kind->state, sizeof state);
    if (!state.size)
        return true;
    if (!(control->state = malloc(state.size)))
        return false;
    memcpy(control->state, state.bytes, state.size);
    return true;
}

static kp_control *const *children_of(const kp__kind *kind, const void *props)
{
    kp_control *const *children = NULL;

    if (kind->children)
        memcpy(&children, (const char *)props + kind->children, sizeof children);
    return children;
}

static void remove_children(kp_control *const *children)
{
    for (; children && *children != KP__LIST_END; children++)
        if (*children)
            kp_remove(*children);
}

kp_control *kp__new(const kp__kind *kind, const void *props)
{
    kp_control *const *children = children_of(kind, props);
    kp__control *control = kp__slot_take(&controls);

    if (!control) {
        remove_children(children);
        return NULL;
    }
    control->kind = kind;
    if (!copy_state(control, props)) {
        kp__slot_free(&controls, control);
        remove_children(children);
        return NULL;
    }
    kp__changing = true;
    kp__send_word(KP__COMMAND_CREATE, kp__number_of(control), kp__template_number(kind->markup));
    bool complete = set_fields(control, props);
    if (!complete)
        kp__control_end(control);
    kp__changing = false;
    if (!complete) {
        remove_children(children);
        return NULL;
    }
    for (; children && *children != KP__LIST_END; children++)
        if (*children)
            kp_add(kp__handle(control), *children);
    return kp__handle(control);
}

static const kp__field *field_of(const kp__control *control, unsigned property)
{
    const kp__kind *kind = control->kind;

    for (uint32_t i = 0; i < kind->field_count; i++)
        if (kind->fields[i].property == property)
            return &kind->fields[i];
    return NULL;
}

// The control and the field that a setter is about, or the code that says why there is none.
static int find_field(kp_control *handle, unsigned property, kp__control **control, const kp__field **field)
{
    *control = kp__control_of(handle);
    if (!*control)
        return kp__stale("a kp_set_… or kp_on_… call");
    *field = field_of(*control, property);
    return *field ? 0 : kp__misuse("a kp_set_… or kp_on_… call", "this kind of control has no such property");
}

static int done(bool sent)
{
    return sent ? 0 : KP_ENOMEM;
}

int kp__set_string(kp_control *handle, unsigned property, const char *value)
{
    kp__control *control;
    const kp__field *field;
    int result = find_field(handle, property, &control, &field);

    if (result < 0)
        return result;
    return done(value ? kp__send_set_text(kp__number_of(control), field, value)
                      : kp__send_set_flag(kp__number_of(control), field, KP__TYPE_NONE));
}

int kp__set_bool(kp_control *handle, unsigned property, bool value)
{
    kp__control *control;
    const kp__field *field;
    int result = find_field(handle, property, &control, &field);

    if (result < 0)
        return result;
    return done(kp__send_set_flag(kp__number_of(control), field, value ? KP__TYPE_TRUE : KP__TYPE_FALSE));
}

int kp__set_int(kp_control *handle, unsigned property, int value)
{
    kp__control *control;
    const kp__field *field;
    int result = find_field(handle, property, &control, &field);

    if (result < 0)
        return result;
    if (field->type != KP__FIELD_ENUM)
        return done(kp__send_set_word(kp__number_of(control), field, KP__TYPE_INT, (uint32_t)value));
    for (int i = 0; field->values[i]; i++)
        if (i == value)
            return done(kp__send_set_word(kp__number_of(control), field, KP__TYPE_NAME,
                                          kp__name_number(field->values[i])));
    return kp__misuse("a kp_set_… call or a constructor", "the enum has no such value");
}

int kp__set_number(kp_control *handle, unsigned property, double value)
{
    kp__control *control;
    const kp__field *field;
    int result = find_field(handle, property, &control, &field);

    if (result < 0)
        return result;
    if (value - value != 0) // NaN or infinite
        return kp__misuse("a kp_set_… call or a constructor", "the number is not finite");
    uint32_t type = field->type == KP__FIELD_LENGTH ? KP__TYPE_LENGTH : KP__TYPE_NUMBER;
    return done(kp__send_set_number(kp__number_of(control), field, type, value));
}

int kp__set_handler(kp_control *handle, unsigned property, kp_handler handler)
{
    kp__control *control;
    const kp__field *field;
    int result = find_field(handle, property, &control, &field);

    return result < 0 ? result : done(listen(control, field, handler));
}

void *kp_state(kp_control *handle)
{
    uintptr_t name = (uintptr_t)handle;
    kp__control *control = name <= UINT32_MAX ? kp__control_or_removed((uint32_t)name) : NULL;

    return control ? control->state : NULL;
}

// --- Reading what the user sees

static uint32_t part_and_name(const kp__field *field)
{
    return kp__name_number(field->name) | (uint32_t)field->part << 16;
}

int kp_get_value(kp_control *handle, char *buffer, size_t size)
{
    kp__control *control = kp__control_of(handle);

    if (size)
        *buffer = 0;
    if (!control)
        return kp__stale("kp_get_value");
    const kp__field *field = field_of(control, KP__PROPERTY_VALUE);
    if (!field)
        return kp__misuse("kp_get_value", "this kind of control has no value");
    kp__flush();
    uint32_t capacity = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
    int length = kp__host_read_text(kp__number_of(control), part_and_name(field), buffer,
                                    capacity ? capacity - 1 : 0);
    if (length >= 0 && size)
        buffer[(size_t)length < size ? (size_t)length : size - 1] = 0;
    return length;
}

bool kp_get_checked(kp_control *handle)
{
    kp__control *control = kp__control_of(handle);
    const kp__field *field = control ? field_of(control, KP__PROPERTY_CHECKED) : NULL;

    if (!control)
        kp__stale("kp_get_checked");
    else if (!field)
        kp__misuse("kp_get_checked", "this kind of control cannot be checked");
    if (!field)
        return false;
    kp__flush();
    return kp__host_read_number(kp__number_of(control), part_and_name(field)) == 1;
}

static double size_of(kp_control *handle, kp__name *which)
{
    kp__control *control = kp__control_of(handle);

    if (!control) {
        kp__stale("kp_get_width or kp_get_height");
        return 0;
    }
    uint32_t name = kp__name_number(which);
    kp__flush();
    double size = kp__host_read_number(kp__number_of(control), name);
    return size > 0 ? size : 0;
}

double kp_get_width(kp_control *handle)
{
    static kp__name name = { "width", 0 };
    return size_of(handle, &name);
}

double kp_get_height(kp_control *handle)
{
    static kp__name name = { "height", 0 };
    return size_of(handle, &name);
}

int kp_focus(kp_control *handle)
{
    kp__control *control = kp__control_of(handle);

    if (!control)
        return kp__stale("kp_focus");
    kp__send(KP__COMMAND_FOCUS, kp__number_of(control));
    return 0;
}
