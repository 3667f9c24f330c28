// SPDX-License-Identifier: MIT
// What the core knows of a kind of control: constant tables, generated from src/controls/*.json.
#ifndef KP__KIND_H
#define KP__KIND_H

#include "../include/kapok.h"

// A word that JavaScript learns once and is then given by number. `number` is 0 until then.
typedef struct {
    const char *text;
    uint32_t number;
} kp__name;

// How a field of a props struct is read. The C type of each is in the comment.
typedef enum {
    KP__FIELD_STRING,  // const char *; NULL is the default
    KP__FIELD_BOOL,    // bool
    KP__FIELD_INT,     // int
    KP__FIELD_NUMBER,  // double
    KP__FIELD_LENGTH,  // double, CSS pixels
    KP__FIELD_ENUM,    // an enum, in a header that gives it the size of an int
    KP__FIELD_HANDLER, // kp_handler; `name` is the event's
} kp__field_type;

// One thing in the page that a property sets, or one event. A property that sets several things has
// a field for each, one after the other.
typedef struct {
    kp__name *name; // of the attribute, property, style, class or event; of a text: textContent
    // What is sent instead of the value, or NULL: a name for each value of an enum; for a bool or a
    // string one for not set and one for set. Ends with NULL. If the first is NULL too, the thing is
    // taken away.
    kp__name *const *values;
    uint16_t offset;   // of the field in the props struct
    uint16_t property; // which setter it answers to: a KP__PROPERTY_… or KP__EVENT_…, never both
    uint8_t type;      // kp__field_type
    uint8_t place;     // KP__PLACE_…
    uint8_t part;      // which element of the markup, in the order in which they are written
    bool page_event;   // raised by the core, not by the DOM: mount, unmount, the page's error
} kp__field;

typedef struct kp__kind {
    kp__name *markup;        // see wasm/generate/markup.mjs for its form
    const char *name;        // "text_field"
    const kp__field *fields; // handlers included; those that every kind has are in kp__common_fields
    uint16_t field_count;
    uint16_t common;   // offset in the props struct of what every kind has
    uint16_t children; // offset of the field `children`; 0: takes no children
    uint8_t main;      // the part that takes the focus
} kp__kind;

// What every kind has; offsets count from kind->common. So does that of the field `state`.
extern const kp__field kp__common_fields[];
extern const uint16_t kp__common_field_count;
extern const uint16_t kp__common_state;

// Makes a control of `kind` from a props struct of that kind. NULL when out of memory; then the
// children given are freed too, and the page is as it was.
kp_control *kp__new(const kp__kind *kind, const void *props);

// What the generated setters call. Each returns 0, KP_ESTALE, KP_ENOMEM, or KP_EINVAL when the
// kind has no such property or the enum no such value.
int kp__set_string(kp_control *control, unsigned property, const char *value);
int kp__set_bool(kp_control *control, unsigned property, bool value);
int kp__set_int(kp_control *control, unsigned property, int value);       // int and enum
int kp__set_number(kp_control *control, unsigned property, double value); // number and length
int kp__set_handler(kp_control *control, unsigned property, kp_handler handler);

// The kind of kp_page, generated from src/controls/page.json. It has no constructor.
extern const kp__kind kp__kind_page;

// Events that the core raises by itself.
extern kp__name kp__name_event_mount, kp__name_event_unmount, kp__name_event_error;

#endif
