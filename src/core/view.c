// SPDX-License-Identifier: MIT
#define KP__CORE
#include "view.h"

#include "report.h"
#include "shape.h"
#include "task.h"

// What is done for each value of ten thousand items; a compiler that is asked for little code would call it.
#define QUICK static inline __attribute__((always_inline))

// The run of a view.
static struct {
    kp__shape *shape;           // whose steps it is expected to do
    kp__control *control;       // that shows the item; NULL while the shape is being learnt
    const kp__step *next, *end; // steps that it is expected to do
    uint32_t slot;              // the next value that is expected
    uint32_t controls;          // that it has made
    uint32_t before,
        now;         // a bit for each slot whose value is not the template's, the last for all from there on
    uint32_t number; // of the run, so that a handle from an earlier one is known to be stale
    bool other;      // it has done another step
    int code;        // 0, or why it cannot go on
} run;

QUICK bool is_learning(void)
{
    return !run.shape->kind.markup.number;
}

int kp__view_refuse(const char *cause)
{
    kp__misuse("the view of an item", cause);
    return run.code = KP_EINVAL;
}

// --- Handles: the number of the control from 1 on, and behind it the number of the run

QUICK kp_control *handle_of(uint32_t control)
{
    return (kp_control *)(uintptr_t)((run.number & 0xFFF) << 8 | (control + 1));
}

// KP__MOST_PARTS when it is none of this run's.
QUICK uint32_t control_of(const kp_control *handle)
{
    uint32_t control = ((uint32_t)(uintptr_t)handle & 255) - 1;

    if (control < run.controls && handle == handle_of(control))
        return control;
    if (!run.code && !run.other)
        kp__view_refuse(KP__CAUSE("a view can do nothing but make controls: this one it has not made"));
    return KP__MOST_PARTS;
}

// --- Steps

static int learn_step(uint32_t what, const void *which, kp_handler handler)
{
    if (!is_learning())
        run.other = true;
    else if (!kp__shape_add_step(run.shape, (kp__step){ what, which, handler }))
        return run.code = KP_ENOMEM;
    return 0;
}

QUICK int step(uint32_t what, const void *which, kp_handler handler)
{
    const kp__step *expected = run.next;

    if (expected == run.end)
        return learn_step(what, which, handler);
    run.next = expected + 1;
    if (expected->what != what || expected->which != which || expected->handler != handler)
        run.other = true;
    return 0;
}

kp_control *kp__view_new(kp__kind *kind)
{
    if (run.controls == KP__MOST_PARTS) {
        kp__view_refuse(
            KP__CAUSE("there are more than 255 controls in it; show parts of it as items of their own"));
        return NULL;
    }
    uint32_t control = run.controls++;
    step(KP__STEP_NEW | control << 8, kind, NULL);
    return handle_of(control);
}

int kp__view_listen(kp_control *handle, const kp__property *event, kp_handler handler)
{
    uint32_t control = control_of(handle);

    return control == KP__MOST_PARTS ? run.code : step(KP__STEP_HANDLER | control << 8, event, handler);
}

int kp__view_insert(kp_control *parent_handle, kp_control *child_handle, kp_control *before)
{
    uint32_t parent = control_of(parent_handle), child = control_of(child_handle);

    if (parent == KP__MOST_PARTS || child == KP__MOST_PARTS)
        return run.code;
    if (before)
        return kp__view_refuse(KP__CAUSE("kp_insert cannot be used in it; add the children in their order"));
    return step(KP__STEP_CHILD | parent << 8 | child << 16, NULL, NULL);
}

// --- Values

static kp__slot_value *search_slot(const kp__property *property, uint32_t control)
{
    kp__slot_value *slots = run.shape->slots;

    for (uint32_t at = 0; at < run.shape->slot_count; at++)
        if (slots[at].property == property && slots[at].control == control) {
            run.slot = at + 1;
            return &slots[at];
        }
    return NULL;
}

QUICK kp__slot_value *find_slot(const kp__property *property, uint32_t control)
{
    kp__slot_value *slot = &run.shape->slots[run.slot];

    if (run.slot == run.shape->slot_count || slot->property != property || slot->control != control)
        return search_slot(property, control);
    run.slot++;
    return slot;
}

static bool same_text(const char *a, const char *b)
{
    for (; *a == *b; a++, b++)
        if (!*a)
            return true;
    return false;
}

QUICK bool holds(const kp__slot_value *slot, uintptr_t word, double number)
{
    if (slot->property->type == KP__STRING && slot->word && word)
        return same_text((const char *)slot->word, (const char *)word);
    return slot->word == word && !(slot->number < number) && !(slot->number > number);
}

// Sends a value that is not the template's, or was not.
QUICK void show(const kp__slot_value *slot, uintptr_t word, double number)
{
    uint32_t index = (uint32_t)(slot - run.shape->slots), bit = 1u << (index < 31 ? index : 31);

    if (!holds(slot, word, number))
        run.now |= bit;
    else if (!((run.before | run.now) & bit))
        return;
    kp__send_property(kp__number_of(run.control), slot->property, slot->field, slot->part, word, number);
}

int kp__view_set(kp_control *handle, const kp__property *property, uintptr_t word, double number)
{
    uint32_t control = control_of(handle);

    if (control == KP__MOST_PARTS || run.other)
        return run.code;
    if (property->type != KP__STRING && kp__check_value(property, word, number) < 0)
        return run.code = KP_EINVAL;
    kp__slot_value *slot = find_slot(property, control);
    if (!slot)
        slot = kp__shape_add_slot(run.shape, property, control);
    if (!slot || (is_learning() && !kp__shape_keep(slot, word, number)))
        return run.code = KP_ENOMEM;
    if (!is_learning())
        show(slot, word, number);
    slot->seen = run.number;
    return 0;
}

// What the view has not set has its default: 0.
static void show_unset(void)
{
    for (uint32_t i = 0; i < run.shape->slot_count; i++)
        if (run.shape->slots[i].seen != run.number)
            show(&run.shape->slots[i], 0, 0);
}

// --- Running a view

// The name keeps Asyncify away from it, see wasm/removable.mjs: nothing waits in a view.
static KP__APART kp_control *kp__nosuspend_view(kp_view view, const void *item)
{
    return view(item);
}

// Lets the view say what the control is to show, or the shape is to be. Returns 0, a negative code, or 1 when
// the item has another shape.
static int follow(kp__shape *shape, const void *item, kp__control *control, uint32_t *differs)
{
    run.shape = shape;
    run.control = control;
    run.next = shape->steps;
    run.end = run.next + shape->step_count;
    run.slot = run.controls = run.now = 0;
    run.before = *differs;
    *differs = KP__HALF_SHOWN;
    run.other = false;
    run.code = 0;
    run.number++;
    int entered = kp__nosuspend_enter();
    kp__viewing = true;
    kp_control *handle = kp__nosuspend_view(shape->view, item);
    kp__viewing = false;
    kp__nosuspend_leave(&entered);
    if (!run.code && !handle)
        kp__view_refuse(KP__CAUSE("it returns NULL"));
    uint32_t root = run.code ? KP__MOST_PARTS : control_of(handle);
    if (is_learning()) {
        shape->controls = run.controls;
        shape->root = root;
    } else if (root != shape->root || run.next != run.end) {
        run.other = true;
    }
    if (run.code || run.other)
        return run.code ? run.code : 1;
    if (control)
        show_unset();
    *differs = run.now;
    return 0;
}

static int learn(kp_view view, const void *item, size_t size)
{
    uint32_t differs = 0;
    kp__shape *shape = kp__shape_new(view, size);
    int code = shape ? follow(shape, item, NULL, &differs) : KP_ENOMEM;

    if (code == 0)
        code = kp__shape_freeze(shape);
    if (shape && code < 0)
        kp__shape_free(shape);
    return code;
}

// The control shows the item if that has the shape; returns as `follow`.
static int make(kp__shape *shape, const void *item, uint32_t *differs, kp__control **made)
{
    *differs = 0;
    *made = kp__control_of(kp__new(&shape->kind));
    if (!*made)
        return KP_ENOMEM;
    int result = follow(shape, item, *made, differs);
    if (result) {
        kp__discard(*made);
        *made = NULL;
    }
    return result;
}

kp__control *kp__view_make(kp_view view, const void *item, size_t size, uint32_t *differs, int *code)
{
    kp__control *made = NULL;
    int result = 1;

    for (kp__shape *shape = kp__shapes, *next; shape && result > 0; shape = next) {
        next = shape->next;
        if (shape->view == view && shape->size == size && (result = make(shape, item, differs, &made)) == 0)
            kp__shape_use(shape);
    }
    if (result > 0 && (result = learn(view, item, size)) == 0)
        result = make(kp__shapes, item, differs, &made);
    if (result > 0) // it does something else each time
        result = kp__view_refuse(KP__CAUSE("it must make the same of the same item"));
    *code = result;
    return made;
}

int kp__view_update(const void *item, kp__control *control, uint32_t *differs)
{
    return follow((kp__shape *)(void *)control->kind, item, control, differs);
}

void kp__view_abandon(void)
{
    if (!kp__viewing)
        return;
    kp__viewing = false;
    if (run.control && !run.control->parent)
        kp__discard(run.control);
    else if (!run.control)
        kp__shape_free(run.shape);
}
