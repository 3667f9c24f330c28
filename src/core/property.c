// SPDX-License-Identifier: MIT
// The properties of controls: set when a control is made and later, and read back.
#define KP__CORE
#include "report.h"
#include "tree.h"
#include "view.h"

const kp__field *kp__field_of(const kp__control *control, const kp__property *property)
{
    const kp__field *field = property->fields;

    for (uint32_t left = property->count; left > 0; left--, field++)
        if (!field->kind || field->kind == control->kind->id)
            return field;
    return NULL;
}

int kp__check_value(const kp__property *property, uintptr_t word, double number)
{
    if (!(number - number == 0))
        return kp__misuse("a kp_set_… call or a constructor", KP__CAUSE("the number is not finite"));
    if (property->type != KP__ENUM)
        return 0;
    for (uintptr_t i = 0; !i || property->fields->values[i]; i++)
        if (i == word)
            return 0;
    return kp__misuse("a kp_set_… call or a constructor", KP__CAUSE("the enum has no such value"));
}

static void send_value(kp__number to, const kp__field *field, kp__value_type type, uintptr_t word,
                       double number)
{
    bool is_set = word || number < 0 || number > 0;

    if (field->values) {
        uintptr_t which = type == KP__ENUM ? word : is_set && (type != KP__STRING || *(const char *)word);
        kp__name *name = field->values[which];
        if (name)
            kp__send_set_word(to, field, KP__TYPE_NAME, kp__name_number(name));
        else
            kp__send_set_word(to, field, KP__TYPE_NONE, 0);
    } else if (type == KP__BOOL) {
        kp__send_set_word(to, field, is_set ? KP__TYPE_TRUE : KP__TYPE_FALSE, 0);
    } else if (!is_set) {
        kp__send_set_word(to, field, KP__TYPE_NONE, 0);
    } else if (type == KP__STRING) {
        kp__send_set_text(to, field, (const char *)word);
    } else if (type == KP__INT) {
        kp__send_set_word(to, field, KP__TYPE_INT, (uint32_t)word);
    } else {
        kp__send_set_number(to, field, type == KP__LENGTH ? KP__TYPE_LENGTH : KP__TYPE_NUMBER, number);
    }
}

void kp__send_property(kp__number to, const kp__property *property, const kp__field *first, uint8_t part,
                       uintptr_t word, double number)
{
    const kp__field *end = property->fields + property->count;

    for (const kp__field *field = first; field < end && field->kind == first->kind; field++) {
        kp__field at = *field;
        at.part += part;
        send_value(to, &at, property->type, word, number);
    }
}

int kp__set(kp_control *handle, const kp__property *property, uintptr_t word, double number)
{
    if (kp__in_view())
        return kp__view_set(handle, property, word, number);
    kp__control *control = kp__control_of(handle);
    if (!control)
        return kp__stale("a kp_set_… call");
    const kp__field *field = kp__field_of(control, property);
    if (!field)
        return kp__misuse("a kp_set_… call", KP__CAUSE("this kind of control has no such property"));
    int result = kp__check_value(property, word, number);
    if (result == 0)
        kp__send_property(kp__number_of(control), property, field, 0, word, number);
    return result;
}

int kp__set_string(kp_control *handle, const kp__property *property, const char *string)
{
    return kp__set(handle, property, (uintptr_t)string, 0);
}

int kp__set_bool(kp_control *handle, const kp__property *property, bool flag)
{
    return kp__set(handle, property, flag, 0);
}

int kp__set_int(kp_control *handle, const kp__property *property, int integer)
{
    return kp__set(handle, property, (unsigned)integer, 0);
}

int kp__set_number(kp_control *handle, const kp__property *property, double number)
{
    return kp__set(handle, property, 0, number);
}

// --- Reading what the user sees

static uint32_t part_and_name(const kp__field *field)
{
    return kp__name_number(field->name) | (uint32_t)field->part << 16;
}

int kp_get_value(kp_control *handle, char *buffer, size_t size)
{
    kp__control *control = kp__control_of(handle);

    // All of it, since a character that does not fit leaves up to three bytes at the end.
    for (size_t i = 0; i < size; i++)
        buffer[i] = 0;
    if (!control)
        return kp__stale("kp_get_value");
    const kp__field *field = kp__field_of(control, &kp__property_value);
    if (!field)
        return kp__misuse("kp_get_value", KP__CAUSE("this kind of control has no value"));
    uint32_t target = part_and_name(field); // announces the name, so it comes before the flush
    kp__flush();
    uint32_t capacity = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
    return kp__host_read_text(kp__number_of(control), target, buffer, capacity ? capacity - 1 : 0);
}

bool kp_get_checked(kp_control *handle)
{
    kp__control *control = kp__control_of(handle);
    const kp__field *field = control ? kp__field_of(control, &kp__property_checked) : NULL;

    if (!control)
        kp__stale("kp_get_checked");
    else if (!field)
        kp__misuse("kp_get_checked", KP__CAUSE("this kind of control cannot be checked"));
    if (!field)
        return false;
    uint32_t target = part_and_name(field); // announces the name, so it comes before the flush
    kp__flush();
    return kp__host_read_number(kp__number_of(control), target) == 1;
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
