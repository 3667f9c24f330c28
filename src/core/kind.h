// SPDX-License-Identifier: MIT
// What the core knows of the kinds of control and of their properties, generated from src/controls/*.json.
// Each is an object of its own, so that the linker keeps only what an app uses.
#ifndef KP__KIND_H
#define KP__KIND_H

#include "../include/kapok.h"

// A word that JavaScript learns once and is then given by number. `number` is 0 until then.
typedef struct {
    const char *text;
    uint32_t number;
} kp__name;

// What the value of a property is. The C type of each is in the comment.
typedef enum {
    KP__STRING,  // const char *; NULL is the default
    KP__BOOL,    // bool
    KP__INT,     // int
    KP__NUMBER,  // double
    KP__LENGTH,  // double, CSS pixels
    KP__ENUM,    // an enum, in a header that gives it the size of an int
    KP__HANDLER, // kp_handler; the property is an event
} kp__value_type;

// One thing in the page that a property sets, or an event.
typedef struct {
    kp__name *name; // of the attribute, property, style, class or event; of a text: textContent
    // What is sent instead of the value, or NULL: a name for each value of an enum; for a bool or a
    // string one for not set and one for set. Ends with NULL. If the first is NULL too, the thing is
    // taken away.
    kp__name *const *values;
    uint8_t kind;    // id of the controls it is for; 0 for all that no field before is for
    uint8_t place;   // KP__PLACE_…
    uint8_t part;    // which element of the markup, in the order in which they are written
    bool page_event; // raised by the core, not by the DOM: mount, unmount, the page's error
} kp__field;

// A property or an event, in all kinds of control that have it: an app holds those that it uses. A
// property that sets several things has a field for each, one after the other.
struct kp__property {
    uint8_t type; // kp__value_type
    uint8_t count;
    kp__field fields[];
};

#define KP__KIND_ITEM 255

struct kp__kind {
    kp__name markup;  // see wasm/generate/markup.mjs for its form
    const char *name; // "text_field"
    uint8_t id;       // not 0; the same for all markups of a control; KP__KIND_ITEM, see shape.h
    uint8_t main;     // the part that takes the focus
    bool container;   // takes children
    uint8_t parts;    // how many elements its markup has
    uint8_t handlers; // how many handlers of the user's events each control of it has by itself, see shape.h
};

// The kind of kp_page, generated from src/controls/page.json. It has no constructor.
extern kp__kind kp__kind_page;

// Events that the core raises by itself, see event.h.
extern kp__name kp__name_event_mount, kp__name_event_unmount, kp__name_event_error;

#endif
