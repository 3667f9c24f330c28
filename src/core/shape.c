// SPDX-License-Identifier: MIT
#define KP__CORE
#include "shape.h"

#include <stdlib.h>
#include <string.h>

#include "report.h"

typedef struct {
    kp__listener listener;
    kp__field field; // of the event, with the part
} handler;

kp__shape *kp__shapes;

const kp__listener *kp__item_listeners(const kp__control *control)
{
    return ((const kp__shape *)(const void *)control->kind)->listeners;
}

// --- The list

kp__shape *kp__shape_new(kp_view view, size_t size)
{
    kp__shape *shape = malloc(sizeof *shape);

    if (!shape)
        return NULL;
    *shape = (kp__shape){ .next = kp__shapes, .view = view, .size = size };
    return kp__shapes = shape;
}

static void unlink(const kp__shape *shape)
{
    kp__shape **link = &kp__shapes;

    while (*link != shape)
        link = &(*link)->next;
    *link = shape->next;
}

void kp__shape_use(kp__shape *shape)
{
    if (shape == kp__shapes)
        return;
    unlink(shape);
    shape->next = kp__shapes;
    kp__shapes = shape;
}

void kp__shape_free(kp__shape *shape)
{
    unlink(shape);
    for (kp__slot_value *slot = shape->slots; slot < shape->slots + shape->slot_count; slot++)
        if (slot->property->type == KP__STRING)
            free((void *)slot->word);
    while (shape->listeners) {
        kp__listener *next = shape->listeners->next;
        free(shape->listeners);
        shape->listeners = next;
    }
    free(shape->slots);
    free(shape->steps);
    free(shape);
}

// --- Learning

// Makes room for one more in an array. False when out of memory.
static bool reserve(void **array, uint32_t *capacity, uint32_t count, size_t size)
{
    if (count < *capacity)
        return true;
    uint32_t wanted = *capacity ? 2 * *capacity : 8;
    void *larger = realloc(*array, wanted * size);
    if (!larger)
        return false;
    *array = larger;
    *capacity = wanted;
    return true;
}

bool kp__shape_add_step(kp__shape *shape, kp__step step)
{
    if (!reserve((void **)&shape->steps, &shape->step_capacity, shape->step_count, sizeof step))
        return false;
    shape->steps[shape->step_count++] = step;
    return true;
}

static kp__kind *kind_of(const kp__shape *shape, uint32_t control)
{
    const kp__step *step = shape->steps;

    while (step->what != (KP__STEP_NEW | control << 8))
        step++;
    return (kp__kind *)(uintptr_t)step->which;
}

// The first part of a control: those of the root are first, then come those of the others, in their order.
static uint32_t part_of(const kp__shape *shape, uint32_t control)
{
    uint32_t part = control == shape->root ? 0 : kind_of(shape, shape->root)->parts;

    for (uint32_t i = 0; i < control && control != shape->root; i++)
        if (i != shape->root)
            part += kind_of(shape, i)->parts;
    return part;
}

kp__slot_value *kp__shape_add_slot(kp__shape *shape, const kp__property *property, uint32_t control)
{
    if (!reserve((void **)&shape->slots, &shape->slot_capacity, shape->slot_count, sizeof *shape->slots))
        return NULL;
    const kp__control like = { .kind = kind_of(shape, control) };
    kp__slot_value *slot = &shape->slots[shape->slot_count++];
    *slot = (kp__slot_value){ .property = property,
                              .field = kp__field_of(&like, property),
                              .control = (uint8_t)control };
    if (shape->kind.markup.number)
        slot->part = (uint8_t)part_of(shape, control);
    return slot;
}

bool kp__shape_keep(kp__slot_value *slot, uintptr_t word, double number)
{
    if (slot->property->type == KP__STRING) {
        free((void *)slot->word);
        slot->word = 0;
    }
    if (slot->property->type == KP__STRING && word) {
        size_t size = strlen((const char *)word) + 1;
        char *copy = malloc(size);
        if (!copy)
            return false;
        word = (uintptr_t)memcpy(copy, (const char *)word, size);
    }
    slot->word = word;
    slot->number = number;
    return true;
}

// --- Freezing

static int add_listener(kp__shape *shape, const kp__step *step, uint32_t number, kp_control *handle)
{
    const kp__control *control = kp__control_of(handle);
    const kp__field *field = kp__field_of(control, step->which);

    if (!field || field->page_event)
        return kp__misuse(
            "the view of an item",
            KP__CAUSE("what a view makes hears only of what the user does, not of mount and unmount"));
    handler *added = malloc(sizeof *added);
    if (!added)
        return KP_ENOMEM;
    added->field = *field;
    added->field.part = (uint8_t)part_of(shape, number);
    added->listener = (kp__listener){ shape->listeners, &added->field, step->handler };
    shape->listeners = &added->listener;
    shape->kind.handlers++;
    kp__send_listen(kp__number_of(control), field->name, true);
    return 0;
}

// Does a step with controls that are real.
static int do_step(kp__shape *shape, const kp__step *step, kp_control **made)
{
    uint32_t control = step->what >> 8 & 255;

    switch ((kp__step_kind)(step->what & 255)) {
    case KP__STEP_NEW:
        made[control] = kp__new((kp__kind *)(uintptr_t)step->which);
        return made[control] ? 0 : KP_ENOMEM;
    case KP__STEP_CHILD:
        return kp_add(made[control], made[step->what >> 16]);
    case KP__STEP_HANDLER:
        return step->handler ? add_listener(shape, step, control, made[control]) : 0;
    }
    return KP_EINVAL;
}

static int make_all(kp__shape *shape, kp_control **made)
{
    int code = 0;

    for (uint32_t i = 0; i < shape->step_count && code == 0; i++)
        code = do_step(shape, &shape->steps[i], made);
    for (uint32_t i = 0; i < shape->slot_count && code == 0; i++) {
        kp__slot_value *slot = &shape->slots[i];
        slot->part = (uint8_t)part_of(shape, slot->control);
        code = kp__set(made[slot->control], slot->property, slot->word, slot->number);
    }
    for (uint32_t i = 0; i < shape->controls && code == 0; i++)
        if (i != shape->root && !kp_parent(made[i]))
            code = kp__misuse("the view of an item",
                              KP__CAUSE("it makes a control that is not inside the one it returns"));
    if (code == 0 && part_of(shape, shape->controls) > KP__MOST_PARTS)
        code =
            kp__misuse("the view of an item", KP__CAUSE("there are more than 255 elements in it; show parts "
                                                        "of it as items of their own"));
    return code;
}

// A template is made of controls that are made for this, and are gone then.
int kp__shape_freeze(kp__shape *shape)
{
    uint32_t count = shape->controls;
    kp_control **made = malloc(count * (sizeof *made + sizeof(kp__number)));
    kp__number *numbers = (kp__number *)(void *)(made + count);

    if (!made)
        return KP_ENOMEM;
    memset(made, 0, count * sizeof *made);
    int code = make_all(shape, made);
    if (code == 0) {
        const kp__kind *root = kind_of(shape, shape->root);
        uint32_t next = 1;
        for (uint32_t i = 0; i < count; i++)
            numbers[i == shape->root ? 0 : next++] = KP__SLOT_INDEX((uint32_t)(uintptr_t)made[i]);
        shape->kind.name = root->name;
        shape->kind.id = KP__KIND_ITEM;
        shape->kind.main = root->main;
        shape->kind.markup.number = kp__send_freeze(numbers, count);
    }
    for (uint32_t i = 0; i < count; i++)
        if (kp__control_of(made[i]) && !kp_parent(made[i])) // children are gone with their parent
            kp_remove(made[i]);
    free(made);
    return code;
}
