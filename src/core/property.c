// SPDX-License-Identifier: MIT
// The properties of controls, by the tables of their kinds: set when a control is made and later, and read
// back.
#define KP__CORE
#include <string.h>

#include "report.h"
#include "tree.h"

// The value of a property, by the type of its field.
typedef union {
    const char *string;
    bool flag;
    int integer;
    double number;
    kp_handler handler;
} value;

// Reads a value of the field's type. False if it is the default.
static bool read_value(const kp__field *field, const void *from, value *to)
{
    switch ((kp__field_type)field->type) {
    case KP__FIELD_STRING:
        memcpy(&to->string, from, sizeof to->string);
        return to->string != NULL;
    case KP__FIELD_BOOL:
        memcpy(&to->flag, from, sizeof to->flag);
        return to->flag;
    case KP__FIELD_INT:
    case KP__FIELD_ENUM:
        memcpy(&to->integer, from, sizeof to->integer);
        return to->integer != 0;
    case KP__FIELD_NUMBER:
    case KP__FIELD_LENGTH:
        memcpy(&to->number, from, sizeof to->number);
        return to->number < 0 || to->number > 0 || to->number != to->number;
    case KP__FIELD_HANDLER:
        memcpy(&to->handler, from, sizeof to->handler);
        return to->handler != NULL;
    }
    return false;
}

// 0, or KP_EINVAL for what no property of this type can be.
static int check_value(const kp__field *field, value given)
{
    if (field->type == KP__FIELD_NUMBER || field->type == KP__FIELD_LENGTH)
        return given.number - given.number == 0
                   ? 0
                   : kp__misuse("a kp_set_… call or a constructor", "the number is not finite");
    if (field->type != KP__FIELD_ENUM || given.integer == 0)
        return 0;
    for (int i = 1; field->values[i]; i++)
        if (i == given.integer)
            return 0;
    return kp__misuse("a kp_set_… call or a constructor", "the enum has no such value");
}

static kp__name *name_for(const kp__field *field, value given, bool is_set)
{
    if (field->type == KP__FIELD_ENUM)
        return field->values[given.integer];
    return field->values[is_set && (field->type != KP__FIELD_STRING || *given.string)];
}

// False when out of memory.
static bool send_value(kp__control *control, const kp__field *field, value given, bool is_set)
{
    kp__number number = kp__number_of(control);

    if (field->type == KP__FIELD_HANDLER)
        return kp__listen(control, field, given.handler);
    if (field->values) {
        kp__name *name = name_for(field, given, is_set);
        return name ? kp__send_set_word(number, field, KP__TYPE_NAME, kp__name_number(name))
                    : kp__send_set_flag(number, field, KP__TYPE_NONE);
    }
    if (field->type == KP__FIELD_BOOL)
        return kp__send_set_flag(number, field, is_set ? KP__TYPE_TRUE : KP__TYPE_FALSE);
    if (!is_set)
        return kp__send_set_flag(number, field, KP__TYPE_NONE);
    switch (field->type) {
    case KP__FIELD_STRING:
        return kp__send_set_text(number, field, given.string);
    case KP__FIELD_INT:
        return kp__send_set_word(number, field, KP__TYPE_INT, (uint32_t)given.integer);
    default:
        return kp__send_set_number(
            number, field, field->type == KP__FIELD_LENGTH ? KP__TYPE_LENGTH : KP__TYPE_NUMBER, given.number);
    }
}

// Sends what differs from its default. What the page cannot show is reported and left out.
static bool set_fields(kp__control *control, const kp__field *fields, uint32_t count, const char *props)
{
    value given;

    for (const kp__field *field = fields; field < fields + count; field++)
        if (read_value(field, props + field->offset, &given) && check_value(field, given) == 0 &&
            !send_value(control, field, given, true))
            return false;
    return true;
}

// Most controls leave alone what all have in common: that is seen at a glance.
static bool all_default(const char *props, uint32_t size)
{
    uint32_t set = 0, word;

    for (uint32_t at = 0; at < size; at += sizeof word) {
        memcpy(&word, props + at, sizeof word);
        set |= word;
    }
    return !set;
}

bool kp__set_fields(kp__control *control, const void *props)
{
    const kp__kind *kind = control->kind;
    const char *common = (const char *)props + kind->common;

    return set_fields(control, kind->fields, kind->field_count, props) &&
           (all_default(common, kp__common_state) ||
            set_fields(control, kp__common_fields, kp__common_field_count, common));
}

static const kp__field *find_property(const kp__field *fields, uint32_t count, unsigned property)
{
    for (const kp__field *field = fields; field < fields + count; field++)
        if (field->property == property)
            return field;
    return NULL;
}

// The first field of a property, and the end of the table that it is in. NULL if there is none.
static const kp__field *field_of(const kp__control *control, unsigned property, const kp__field **end)
{
    const kp__kind *kind = control->kind;
    const kp__field *field = find_property(kind->fields, kind->field_count, property);

    *end = kind->fields + kind->field_count;
    if (field)
        return field;
    *end = kp__common_fields + kp__common_field_count;
    return find_property(kp__common_fields, kp__common_field_count, property);
}

static int set(kp_control *handle, unsigned property, const void *from)
{
    kp__control *control = kp__control_of(handle);
    const kp__field *end;
    value given;

    if (!control)
        return kp__stale("a kp_set_… or kp_on_… call");
    const kp__field *field = field_of(control, property, &end);
    if (!field)
        return kp__misuse("a kp_set_… or kp_on_… call", "this kind of control has no such property");
    bool is_set = read_value(field, from, &given);
    int result = check_value(field, given);
    for (; result == 0 && field < end && field->property == property; field++)
        if (!send_value(control, field, given, is_set))
            result = KP_ENOMEM;
    return result;
}

int kp__set_string(kp_control *handle, unsigned property, const char *string)
{
    return set(handle, property, &string);
}

int kp__set_bool(kp_control *handle, unsigned property, bool flag)
{
    return set(handle, property, &flag);
}

int kp__set_int(kp_control *handle, unsigned property, int integer)
{
    return set(handle, property, &integer);
}

int kp__set_number(kp_control *handle, unsigned property, double number)
{
    return set(handle, property, &number);
}

int kp__set_handler(kp_control *handle, unsigned property, kp_handler handler)
{
    return set(handle, property, &handler);
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
    const kp__field *end, *field = field_of(control, KP__PROPERTY_VALUE, &end);
    if (!field)
        return kp__misuse("kp_get_value", "this kind of control has no value");
    uint32_t target = part_and_name(field); // announces the name, so it comes before the flush
    kp__flush();
    uint32_t capacity = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
    int length = kp__host_read_text(kp__number_of(control), target, buffer, capacity ? capacity - 1 : 0);
    if (length >= 0 && size)
        buffer[(size_t)length < size ? (size_t)length : size - 1] = 0;
    return length;
}

bool kp_get_checked(kp_control *handle)
{
    kp__control *control = kp__control_of(handle);
    const kp__field *end, *field = control ? field_of(control, KP__PROPERTY_CHECKED, &end) : NULL;

    if (!control)
        kp__stale("kp_get_checked");
    else if (!field)
        kp__misuse("kp_get_checked", "this kind of control cannot be checked");
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
