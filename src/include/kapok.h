// SPDX-License-Identifier: MIT
// Kapok: web apps in plain C. This is the one header an app includes.
//
// - A control is a thing on the page. Its constructor takes its properties by name:
//   kp_text("Hello", .size = 20). What is left out has its default, which is always zero.
// - A handler runs as a task and may wait. Waiting suspends that task only, never the page.
// - Changes reach the page when the running task waits or returns.
// - The app lives on after main has returned. exit(status) ends it: what is shown stays as it is.
// - Functions return 0 or more, or a negative code: KP_ECANCELED and its kin, see kp_strerror.
// - Tasks, and all that lets them wait for one another: kapok/tasks.h.
// - Strings are UTF-8 and copied during the call. What is not UTF-8 is shown as U+FFFD.
#ifndef KAPOK_H
#define KAPOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kapok/codes.gen.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define KP__FORMAT(string, first) __attribute__((format(printf, string, first)))
#else
#define KP__FORMAT(string, first)
#endif

// --- Controls -----------------------------------------------------------------------------------

// A control on the page, or one that is yet to be added. It is a name, not an address: never
// dereference it. Once the control is removed, every call that takes it does nothing and returns
// KP_ESTALE; a development build also says so in the console, with file and line.
typedef struct kp_control kp_control;

// The page itself: the root of all that is shown. It always exists.
#define kp_page ((kp_control *)(uintptr_t)0x100001)

// Appends `child` to `parent`. A child that is elsewhere in the page is moved and keeps its state.
// Returns KP_ESTALE if either is gone, KP_EINVAL if `child` is NULL or contains `parent`.
int kp_add(kp_control *parent, kp_control *child);

// Like kp_add, but puts `child` in front of `before`, a child of `parent`. With `before` NULL it appends.
int kp_insert(kp_control *parent, kp_control *child, kp_control *before);

// Takes the control out of the page for good, with all it contains: its tasks are canceled, its
// state is freed when the last of them has ended, and its handle is stale from now on.
int kp_remove(kp_control *control);

// Removes all children of the control.
int kp_clear(kp_control *control);

// The tree, as it is now. NULL where there is none, or when `control` is gone.
kp_control *kp_parent(kp_control *control);
kp_control *kp_first_child(kp_control *control);
kp_control *kp_next_sibling(kp_control *control);

// True while the control is part of the page.
bool kp_is_mounted(kp_control *control);

// Moves the keyboard's focus to the control.
int kp_focus(kp_control *control);

// The bytes given with KP_STATE when the control was made, or NULL. They stay valid for every task
// of the control until the last has ended, also after the control was removed.
void *kp_state(kp_control *control);

// For the prop `.state`: KP_STATE(countdown, .left = 60) copies a struct countdown into the control.
#define KP_STATE(type, ...) ((kp_state_bytes){ .bytes = &(type){ __VA_ARGS__ }, .size = sizeof(type) })
typedef struct {
    const void *bytes;
    size_t size;
} kp_state_bytes;

// For the prop `.children`: kp_list(a, b, c). A NULL among them is skipped, so a condition can
// stand in the list. C does not say in which order a, b and c are evaluated.
#define kp_list(...) ((kp_control *const[]){ __VA_ARGS__, KP__LIST_END })
#define KP__LIST_END ((kp_control *)(uintptr_t)UINTPTR_MAX)

// --- Items --------------------------------------------------------------------------------------

// Says what an item looks like: makes a control and what is in it, and returns it. It can do nothing else,
// and its item alone decides what it makes: what was made of an item before is kept as long as the item's
// bytes are the same. A control that it makes hears of what the user does, and has no state of its own.
typedef kp_control *(*kp_view)(const void *item);

// Lets the children of `container` show an array of items, in its order. The items are structs with a member
// `key`, of any type, that no other item of the array shares. Called again, the control of an item that is
// still there stays, with what the user has typed in it, and the fewest are moved.
//     typedef struct { int key; char name[32]; } person;
//     kp_set_items(list, people, count, person_view);
// In a handler of what a view has made, e->control is the control of the whole item, and kp_state(e->control)
// the item: a copy, so change your own and call this again. Texts that an item points to must be other ones
// when they change. Returns 0, KP_ESTALE; KP_EINVAL when two items have one key or `container` has other
// children; KP_ENOMEM: then no item has come or gone, but some that have changed may be shown already.
#define kp_set_items(container, items, count, view)                                                 \
    kp__set_items(container,                                                                        \
                  &(kp__items){ items, count, sizeof *(items), offsetof(__typeof__(*(items)), key), \
                                sizeof(items)->key },                                               \
                  view)

typedef struct {
    const void *first;
    size_t count, size; // of one item, in bytes
    size_t key, key_size;
} kp__items;
int kp__set_items(kp_control *container, const kp__items *items, kp_view view);

// --- What the user sees

// What the user sees of a control now. Text: copies at most `size` bytes, always with a NUL, cut at
// a whole character; returns the length of the whole value in bytes. Sizes are in CSS pixels.
int kp_get_value(kp_control *control, char *buffer, size_t size);
bool kp_get_checked(kp_control *control);
double kp_get_width(kp_control *control);
double kp_get_height(kp_control *control);

// --- Events -------------------------------------------------------------------------------------

// What happened. It belongs to the handler's task and is valid until the handler returns.
typedef struct kp_event {
    kp_control *control;     // whose handler runs
    const char *type;        // "click", "input", …
    union {                  // the event's text, never NULL:
        const char *value;   // input, change, submit: what the field holds
        const char *key;     // key_down, key_up: "a", "Enter", "ArrowLeft", …
        const char *message; // error: what failed and why
    };
    kp_control *source;   // error: the control it happened in; else the same as `control`
    double x, y;          // pointer events: position in the viewport, CSS pixels
    double width, height; // resize: the new size, CSS pixels
    int code;             // error: one of the KP_E… codes
    bool shift : 1, ctrl : 1, alt : 1, meta : 1, repeat : 1; // keys held down; a key that repeats
    bool checked : 1;                                        // change of a checkbox: its new state
} kp_event;

// Every handler runs as a task that belongs to its control. It may wait; once the control is
// removed, each waiting call returns KP_ECANCELED.
typedef void (*kp_handler)(kp_event *event);

// What becomes of an event that comes while the control's handler of the same event still runs. Each event of
// a control is seen by itself. For the prop `.while_busy`.
typedef enum {
    KP_PARALLEL, // a handler for each, side by side
    KP_DROP,     // it is ignored
    KP_QUEUE,    // it is handled after the one before it has ended; kp_prevent_default is too late then
    KP_RESTART,  // the running handler is canceled and comes to its end, then the new one starts. What it
                 // still does in a KP_SHIELD it does beside the new one.
} kp_while_busy;

// Changes it. Events that wait for their turn already are still handled.
int kp_set_while_busy(kp_control *control, kp_while_busy what);

// Before the handler first waits: keeps the browser from doing what it would do by itself, or
// keeps the event from the controls around this one. Later calls have no effect and return KP_EINVAL.
int kp_prevent_default(kp_event *event);
int kp_stop_propagation(kp_event *event);

// --- Page and browser ---------------------------------------------------------------------------

// Sends all changes to the page now. Rarely needed: it happens whenever a task waits or returns.
int kp_update(void);

// Puts text on the clipboard. Browsers allow it only in a handler of a click or a key, before that
// handler has waited. Waits for the browser's answer: 0, KP_EIO or KP_ECANCELED.
int kp_copy_text(const char *text);

// A file that is part of the program: what lies in the folder `files` beside its sources.
typedef struct {
    const char *path;  // below that folder: "planets.json"; NULL ends the list
    const char *bytes; // followed by a NUL that does not count
    size_t size;       // in bytes
} kp_file;

// Finds one by its path, or returns NULL. kp_files has all, sorted by path.
const kp_file *kp_file_find(const char *path);
extern const kp_file kp_files[];

// What a code means, as a short phrase. "unknown error" for a number that is none.
const char *kp_strerror(int code);

#ifdef __cplusplus
}
#endif

#include "kapok/tasks.h"

#include "kapok/controls.gen.h"

// In a development build every call notes where it stands, so that a warning can name file and line.
#if defined(KP_DEV) && !defined(KP__CORE)
void kp__here(const char *file, int line);
#define kp_add(...) (kp__here(__FILE__, __LINE__), kp_add(__VA_ARGS__))
#define kp_insert(...) (kp__here(__FILE__, __LINE__), kp_insert(__VA_ARGS__))
#define kp_remove(...) (kp__here(__FILE__, __LINE__), kp_remove(__VA_ARGS__))
#define kp_clear(...) (kp__here(__FILE__, __LINE__), kp_clear(__VA_ARGS__))
#define kp_focus(...) (kp__here(__FILE__, __LINE__), kp_focus(__VA_ARGS__))
#define kp_set_while_busy(...) (kp__here(__FILE__, __LINE__), kp_set_while_busy(__VA_ARGS__))
#define kp_get_value(...) (kp__here(__FILE__, __LINE__), kp_get_value(__VA_ARGS__))
#define kp_get_checked(...) (kp__here(__FILE__, __LINE__), kp_get_checked(__VA_ARGS__))
#define kp_get_width(...) (kp__here(__FILE__, __LINE__), kp_get_width(__VA_ARGS__))
#define kp_get_height(...) (kp__here(__FILE__, __LINE__), kp_get_height(__VA_ARGS__))
#define kp_group_of(...) (kp__here(__FILE__, __LINE__), kp_group_of(__VA_ARGS__))
#endif

#endif
