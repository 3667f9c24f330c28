// SPDX-License-Identifier: MIT
#define KP__CORE
#include "view.h"

#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "task.h"

uint32_t kp__viewing;

static kp__draft draft;
static struct {
    char *bytes; // the texts of the draft, each with its NUL
    uint32_t count;
    uint32_t step_capacity, value_capacity, text_capacity;
    uint32_t runs; // of views, so that a handle from an earlier one is known to be stale
    int code;      // 0, or why this draft cannot be used
} scratch;

// --- Memory

// Makes room for `count` things in an array. False when out of memory.
static bool reserve(void **array, uint32_t *capacity, uint32_t count, size_t size)
{
    if (count <= *capacity)
        return true;
    uint32_t wanted = *capacity ? 2 * *capacity : 32;
    while (wanted < count)
        wanted *= 2;
    void *larger = realloc(*array, wanted * size);
    if (!larger) {
        scratch.code = KP_ENOMEM;
        return false;
    }
    *array = larger;
    *capacity = wanted;
    return true;
}

static int add_step(kp__step step)
{
    if (!reserve((void **)&draft.steps, &scratch.step_capacity, draft.step_count + 1, sizeof step))
        return KP_ENOMEM;
    draft.steps[draft.step_count++] = step;
    return 0;
}

// --- Handles: the number of the control from 1 on, and in which run of a view it was made

static kp_control *handle_of(uint32_t control)
{
    return (kp_control *)(uintptr_t)((scratch.runs & 0xFFF) << 8 | (control + 1));
}

// Negative when it is none of this view's.
static int32_t control_of(const kp_control *handle)
{
    uintptr_t name = (uintptr_t)handle, number = name & 255;

    if (number && number <= draft.controls && name == (uintptr_t)handle_of((uint32_t)number - 1))
        return (int32_t)number - 1;
    // A constructor that had no memory has returned NULL.
    if (!scratch.code)
        kp__view_refuse(KP__CAUSE("a view can do nothing but make controls: this one it has not made"));
    return -1;
}

int kp__view_refuse(const char *cause)
{
    kp__misuse("the view of an item", cause);
    return scratch.code = KP_EINVAL;
}

// --- What a view does

kp_control *kp__view_new(kp__kind *kind)
{
    if (draft.controls == KP__MOST_PARTS) {
        kp__view_refuse(
            KP__CAUSE("there are more than 255 controls in it; show parts of it as items of their own"));
        return NULL;
    }
    if (add_step((kp__step){ KP__STEP_NEW | draft.controls << 8, kind, NULL }) < 0)
        return NULL;
    return handle_of(draft.controls++);
}

// Its place among the texts, counted from 1; 0 when out of memory.
static uintptr_t keep_text(const char *text)
{
    size_t size = strlen(text) + 1;
    uint32_t at = scratch.count;

    if (size > UINT32_MAX / 4 - at ||
        !reserve((void **)&scratch.bytes, &scratch.text_capacity, at + (uint32_t)size, 1)) {
        scratch.code = KP_ENOMEM;
        return 0;
    }
    memcpy(scratch.bytes + at, text, size);
    scratch.count += (uint32_t)size;
    return at + 1;
}

int kp__view_set(kp_control *handle, const kp__property *property, uintptr_t word, double number)
{
    int32_t control = control_of(handle);

    if (control < 0)
        return scratch.code;
    if (kp__check_value(property, word, number) < 0)
        return scratch.code = KP_EINVAL;
    if (property->type == KP__STRING && word && !(word = keep_text((const char *)word)))
        return KP_ENOMEM;
    if (!reserve((void **)&draft.values, &scratch.value_capacity, draft.value_count + 1,
                 sizeof *draft.values))
        return KP_ENOMEM;
    draft.values[draft.value_count++] = (kp__value){ property, word, number, (uint32_t)control };
    return 0;
}

int kp__view_listen(kp_control *handle, const kp__property *property, kp_handler handler)
{
    int32_t control = control_of(handle);

    return control < 0
               ? scratch.code
               : add_step((kp__step){ KP__STEP_HANDLER | (uintptr_t)control << 8, property, handler });
}

int kp__view_insert(kp_control *parent_handle, kp_control *child_handle, kp_control *before)
{
    int32_t parent = control_of(parent_handle), child = control_of(child_handle);

    if (parent < 0 || child < 0)
        return scratch.code;
    if (before)
        return kp__view_refuse(KP__CAUSE("kp_insert cannot be used in it; add the children in their order"));
    return add_step(
        (kp__step){ KP__STEP_CHILD | (uintptr_t)parent << 8 | (uintptr_t)child << 16, NULL, NULL });
}

// --- Running one

// The name keeps Asyncify away from it, see wasm/removable.mjs: nothing waits in a view.
static KP__APART kp_control *kp__nosuspend_view(kp_view view, const void *item)
{
    return view(item);
}

const kp__draft *kp__draft_of(kp_view view, const void *item, int *code)
{
    draft.step_count = draft.value_count = draft.controls = scratch.count = 0;
    scratch.code = 0;
    scratch.runs++;
    int entered = kp__nosuspend_enter();
    kp__viewing = kp_self();
    kp_control *root = kp__nosuspend_view(view, item);
    if (!scratch.code && !root)
        kp__view_refuse(KP__CAUSE("it returns NULL"));
    int32_t number = scratch.code ? -1 : control_of(root);
    kp__viewing = 0;
    kp__nosuspend_leave(&entered);
    *code = scratch.code;
    if (number < 0)
        return NULL;
    draft.root = (uint32_t)number;
    for (kp__value *value = draft.values; value < draft.values + draft.value_count; value++)
        if (value->property->type == KP__STRING && value->word)
            value->word = (uintptr_t)(scratch.bytes + value->word - 1);
    return &draft;
}
