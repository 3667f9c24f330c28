// SPDX-License-Identifier: MIT
#define KP__CORE
#include "shape.h"

#include <stdlib.h>
#include <string.h>

#include "report.h"

// A property that may differ from item to item, and its value in the template.
typedef struct {
    const kp__property *property;
    const kp__field *field; // of that kind of control
    uintptr_t word;         // a text is the shape's own
    double number;
    uint32_t control; // in the draft
    uint8_t part;     // of the control's root
    uint32_t value;   // what the draft says of it, counted from 1: while it is shown
} slot;

typedef struct {
    kp__listener listener;
    kp__field field; // of the event, with the part
} handler;

struct kp__shape {
    kp__kind kind; // first, so that the kind of an item's control is its shape
    kp__shape *next;
    kp_view view;
    size_t size; // of an item
    kp__step *steps;
    uint32_t step_count;
    slot *slots;
    uint32_t slot_count, slot_capacity;
    kp__listener *listeners;
    uint8_t parts[]; // where those of each control begin
};

static kp__shape *shapes; // the one that was used last is first

kp__kind *kp__shape_kind(kp__shape *shape)
{
    return &shape->kind;
}

bool kp__shape_is(const kp__kind *kind, kp_view view, size_t size)
{
    const kp__shape *shape = (const kp__shape *)(const void *)kind;

    return shape->view == view && shape->size == size;
}

const kp__listener *kp__item_listeners(const kp__control *control)
{
    return ((const kp__shape *)(const void *)control->kind)->listeners;
}

// --- Slots

static slot *find_slot(const kp__shape *shape, const kp__value *value, uint32_t hint)
{
    for (uint32_t tried = 0; tried < shape->slot_count; tried++, hint++) {
        slot *at = &shape->slots[hint < shape->slot_count ? hint : (hint = 0)];
        if (at->property == value->property && at->control == value->control)
            return at;
    }
    return NULL;
}

static slot *add_slot(kp__shape *shape, const kp__value *value, const kp__kind *kind)
{
    if (shape->slot_count == shape->slot_capacity) {
        uint32_t capacity = shape->slot_capacity ? 2 * shape->slot_capacity : 8;
        slot *larger = realloc(shape->slots, capacity * sizeof *larger);
        if (!larger)
            return NULL;
        shape->slots = larger;
        shape->slot_capacity = capacity;
    }
    slot *added = &shape->slots[shape->slot_count++];
    *added =
        (slot){ .property = value->property,
                .field = kp__field_of(&(kp__control){ .kind = (kp__kind *)(uintptr_t)kind }, value->property),
                .control = value->control,
                .part = shape->parts[value->control] };
    return added;
}

// The kind of a control of the draft.
static kp__kind *kind_of(const kp__step *steps, uint32_t control)
{
    while ((steps->what & 255) != KP__STEP_NEW || KP__STEP_CONTROL(steps) != control)
        steps++;
    return (kp__kind *)(uintptr_t)steps->which;
}

static bool holds(const slot *at, uintptr_t word, double number)
{
    if (at->property->type == KP__STRING && at->word && word)
        return !strcmp((const char *)at->word, (const char *)word);
    return at->word == word && !(at->number < number) && !(at->number > number);
}

// Finds for each value of the draft its slot.
static bool match(kp__shape *shape, const kp__draft *draft)
{
    slot *at = shape->slots;

    for (uint32_t i = 0; i < draft->value_count; i++) {
        const kp__value *value = &draft->values[i];
        at = find_slot(shape, value, at ? (uint32_t)(at - shape->slots) + (i > 0) : 0);
        if (!at && !(at = add_slot(shape, value, kind_of(draft->steps, value->control))))
            return false;
        at->value = i + 1;
    }
    return true;
}

int kp__shape_show(kp__shape *shape, const kp__draft *draft, const kp__control *control, uint32_t *differs)
{
    static const kp__value unset;
    bool sent = match(shape, draft);
    uint32_t now = 0;

    for (uint32_t i = 0; i < shape->slot_count; i++) {
        slot *at = &shape->slots[i];
        const kp__value *value = at->value ? &draft->values[at->value - 1] : &unset;
        uint32_t bit = 1u << (i < 31 ? i : 31);
        at->value = 0;
        if (!holds(at, value->word, value->number))
            now |= bit;
        else if (!(*differs & bit))
            continue;
        sent = sent && kp__send_property(kp__number_of(control), at->property, at->field, at->part,
                                         value->word, value->number);
    }
    // What has not been sent may be anything.
    *differs = sent ? now : UINT32_MAX;
    return sent ? 0 : KP_ENOMEM;
}

// --- Making one

static void free_shape(kp__shape *shape)
{
    for (uint32_t i = 0; i < shape->slot_count; i++)
        if (shape->slots[i].property->type == KP__STRING)
            free((void *)shape->slots[i].word);
    while (shape->listeners) {
        kp__listener *next = shape->listeners->next;
        free(shape->listeners);
        shape->listeners = next;
    }
    free(shape->slots);
    free(shape->steps);
    free(shape);
}

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}

// The values of the draft become those of the template.
static bool take_values(kp__shape *shape, const kp__draft *draft)
{
    if (!match(shape, draft))
        return false;
    for (slot *at = shape->slots; at < shape->slots + shape->slot_count; at++) {
        const kp__value *value = &draft->values[at->value - 1];
        at->value = 0;
        at->number = value->number;
        at->word = value->word;
        if (at->property->type == KP__STRING && at->word &&
            !(at->word = (uintptr_t)copy_text((const char *)value->word)))
            return false;
    }
    return true;
}

static int add_listener(kp__shape *shape, const kp__step *step, kp_control *handle)
{
    const kp__control *control = kp__control_of(handle);
    const kp__property *event = step->which;
    const kp__field *field = kp__field_of(control, event);

    if (!field || field->page_event)
        return kp__misuse(
            "the view of an item",
            KP__CAUSE("what a view makes hears only of what the user does, not of mount and unmount"));
    handler *added = malloc(sizeof *added);
    if (!added)
        return KP_ENOMEM;
    added->field = *field;
    added->field.part = shape->parts[KP__STEP_CONTROL(step)];
    added->listener = (kp__listener){ shape->listeners, &added->field, step->handler };
    shape->listeners = &added->listener;
    shape->kind.handlers++;
    return kp__send_listen(kp__number_of(control), field->name, true) ? 0 : KP_ENOMEM;
}

// Does one step with controls that are real.
static int make(kp__shape *shape, const kp__step *step, kp_control **made)
{
    uintptr_t control = KP__STEP_CONTROL(step);

    switch ((kp__step_kind)(step->what & 255)) {
    case KP__STEP_NEW:
        made[control] = kp__new((kp__kind *)(uintptr_t)step->which);
        return made[control] ? 0 : KP_ENOMEM;
    case KP__STEP_CHILD:
        return kp_add(made[control], made[KP__STEP_CHILD_OF(step)]);
    case KP__STEP_HANDLER:
        return add_listener(shape, step, made[control]);
    }
    return KP_EINVAL;
}

static int make_all(kp__shape *shape, const kp__draft *draft, kp_control **made)
{
    int code = 0;

    for (uint32_t i = 0; i < draft->step_count && code == 0; i++)
        code = make(shape, &draft->steps[i], made);
    for (uint32_t i = 0; i < draft->value_count && code == 0; i++) {
        const kp__value *value = &draft->values[i];
        code = kp__set(made[value->control], value->property, value->word, value->number);
    }
    for (uint32_t i = 0; i < draft->controls && code == 0; i++)
        if (i != draft->root && !kp_parent(made[i]))
            code = kp__misuse("the view of an item",
                              KP__CAUSE("it makes a control that is not inside the one it returns"));
    return code;
}

// Puts the parts of the root first, then those of the other controls, in their order.
static bool number_parts(kp__shape *shape, const kp__draft *draft)
{
    uint32_t next = kind_of(draft->steps, draft->root)->parts;

    shape->parts[draft->root] = 0;
    for (uint32_t i = 0; i < draft->controls; i++) {
        if (i == draft->root)
            continue;
        shape->parts[i] = (uint8_t)next;
        next += kind_of(draft->steps, i)->parts;
        if (next > KP__MOST_PARTS)
            return false;
    }
    return true;
}

// A template is made of controls that are made for this, and are gone then.
static int freeze(kp__shape *shape, const kp__draft *draft)
{
    kp_control **made = malloc(draft->controls * sizeof *made);
    kp__number *numbers = malloc(draft->controls * sizeof *numbers), *number = numbers;
    int code = KP_ENOMEM;

    if (made && numbers) {
        memset(made, 0, draft->controls * sizeof *made);
        code = make_all(shape, draft, made);
    }
    if (code == 0) {
        *number++ = KP__SLOT_INDEX((uint32_t)(uintptr_t)made[draft->root]);
        for (uint32_t i = 0; i < draft->controls; i++)
            if (i != draft->root)
                *number++ = KP__SLOT_INDEX((uint32_t)(uintptr_t)made[i]);
        shape->kind.markup.number = kp__send_freeze(numbers, draft->controls);
    }
    for (uint32_t i = 0; made && i < draft->controls; i++)
        if (made[i] && !kp_parent(made[i]))
            kp_remove(made[i]);
    free(numbers);
    free(made);
    return code;
}

static kp__shape *new_shape(const kp__draft *draft, kp_view view, size_t size)
{
    const kp__kind *root = kind_of(draft->steps, draft->root);
    size_t steps = draft->step_count * sizeof *draft->steps;
    kp__shape *shape = malloc(sizeof *shape + draft->controls);

    if (!shape)
        return NULL;
    *shape = (kp__shape){ .kind = { .name = root->name, .id = KP__KIND_ITEM, .main = root->main },
                          .view = view,
                          .size = size,
                          .steps = malloc(steps),
                          .step_count = draft->step_count };
    if (!shape->steps) {
        free(shape);
        return NULL;
    }
    memcpy(shape->steps, draft->steps, steps);
    return shape;
}

static kp__shape *make_shape(const kp__draft *draft, kp_view view, size_t size, int *code)
{
    kp__shape *shape = new_shape(draft, view, size);

    if (!shape)
        *code = KP_ENOMEM;
    else if (!number_parts(shape, draft))
        *code = kp__misuse(
            "the view of an item",
            KP__CAUSE("there are more than 255 elements in it; show parts of it as items of their own"));
    else if ((*code = freeze(shape, draft)) == 0 && !take_values(shape, draft))
        *code = KP_ENOMEM;
    if (shape && *code < 0) {
        free_shape(shape);
        return NULL;
    }
    return shape;
}

kp__shape *kp__shape_of(const kp__draft *draft, kp_view view, size_t size, int *code)
{
    size_t steps = draft->step_count * sizeof *draft->steps;

    for (kp__shape **link = &shapes; *link; link = &(*link)->next) {
        kp__shape *shape = *link;
        if (!kp__shape_is(&shape->kind, view, size) || shape->step_count != draft->step_count ||
            memcmp(shape->steps, draft->steps, steps))
            continue;
        *link = shape->next;
        shape->next = shapes;
        return shapes = shape;
    }
    kp__shape *shape = make_shape(draft, view, size, code);
    if (!shape)
        return NULL;
    shape->next = shapes;
    return shapes = shape;
}
