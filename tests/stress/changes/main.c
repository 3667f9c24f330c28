// SPDX-License-Identifier: MIT
// Does what the page says, step by step, by the calls that any app uses, and reports what each has returned.
// It decides nothing: the steps come from functions.js, a batch at a time, and their letters are in
// protocol.js.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stress.h"

#define CONTROLS 256
#define END_OF_TEXT '\1'
#define NO_TEXT '\2'
#define NOT_UTF8 '\3'
#define REPORTED_NEWLINE '\4'

static kp_control *controls[CONTROLS]; // by the number that the page gives them; removed ones stay
static char *at;                       // in the batch
static char report[1 << 18];
static size_t reported;

// --- Reporting

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    int length = vsnprintf(report + reported, sizeof report - reported, format, list);
    va_end(list);
    if (length < 0 || (size_t)length >= sizeof report - reported)
        abort();
    reported += (size_t)length;
}

static int number_of(kp_control *control)
{
    const int *number = kp_state(control);

    return number ? *number : control == kp_page ? 0 : -1;
}

void heard(kp_event *event)
{
    bool has_value = strcmp(event->type, "click") != 0; // kapok.h does not say what those hold

    say("%s %d %d %d\n", event->type, number_of(event->control), has_value && event->checked,
        has_value ? (int)strlen(event->value) : 0);
}

// --- Reading a step

static long whole(void)
{
    return strtol(at, &at, 10);
}

static double real(void)
{
    return strtod(at, &at);
}

static kp_control *control(void)
{
    long number = whole();

    return number < 0 ? NULL : controls[number];
}

static const char *text(void)
{
    char *start = ++at, *end = strchr(start, END_OF_TEXT);

    *end = 0;
    at = end + 1;
    for (char *c = start; (c = strchr(c, NOT_UTF8));)
        *c = (char)0xFF;
    return *start == NO_TEXT ? NULL : start;
}

// --- The steps. C does not say in which order arguments are evaluated, so each operand has a line.

static void make_one(void)
{
    int number = (int)whole();
    int kind = (int)whole();
    int flags = (int)whole();
    kp_control *first = control();
    kp_control *second = control();

    controls[number] = make(kind, flags, number, text(), first, second);
    say("%d\n", controls[number] ? 0 : KP_ENOMEM);
}

static int place(bool before_one)
{
    kp_control *parent = control();
    kp_control *child = control();

    return before_one ? kp_insert(parent, child, control()) : kp_add(parent, child);
}

static int set_one(void)
{
    kp_control *target = control();
    int property = (int)whole();
    double value = real();

    return set(target, property, text(), value);
}

static int hear_one(void)
{
    kp_control *target = control();
    int event = (int)whole();

    return hear(target, event, whole() ? heard : NULL);
}

static void look(void)
{
    kp_control *target = control();

    say("%d %d %d %d\n", number_of(kp_parent(target)), number_of(kp_first_child(target)),
        number_of(kp_next_sibling(target)), kp_is_mounted(target));
}

static void read_one(void)
{
    char value[64];
    kp_control *target = control();
    int length = kp_get_value(target, value, sizeof value);

    for (char *c = value; (c = strchr(c, '\n'));)
        *c = REPORTED_NEWLINE;
    say("%d %d %s\n", length, kp_get_checked(target), value);
}

// --- Items: the view here and its twin in items.js make the same

#define ITEMS 64

typedef struct {
    int key;
    int look; // which of three shapes, and then what else can differ
    char name[32];
} item;

static kp_control *item_view(const void *shown)
{
    const item *i = shown;
    bool odd = i->look & 4;

    switch (i->look & 3) {
    case 0:
        return kp_row(.tooltip = "item", .gap = odd ? 4 : 0,
                      .children = kp_list(kp_text(i->name, .italic = odd), kp_text_field(i->name)));
    case 1:
        return kp_button(i->name, .tooltip = "item", .on_click = heard, .busy = odd);
    default:
        return kp_element(KP_TAG_LI, i->name, .tooltip = "item", .class_name = odd ? "odd" : NULL,
                          .children = kp_list(kp_checkbox("done")));
    }
}

static int show_items(void)
{
    static item items[ITEMS];
    kp_control *container = control();
    long count = whole();

    memset(items, 0, sizeof items);
    for (long i = 0; i < count; i++) {
        items[i].key = (int)whole();
        items[i].look = (int)whole();
        snprintf(items[i].name, sizeof items[i].name, "%s", text());
    }
    return kp_set_items(container, items, (size_t)count, item_view);
}

// False at the end of the batch.
static bool run_step(void)
{
    switch (*at++) {
    case 'n':
        make_one();
        break;
    case 'a':
        say("%d\n", place(false));
        break;
    case 'i':
        say("%d\n", place(true));
        break;
    case 'r':
        say("%d\n", kp_remove(control()));
        break;
    case 'c':
        say("%d\n", kp_clear(control()));
        break;
    case 's':
        say("%d\n", set_one());
        break;
    case 'h':
        say("%d\n", hear_one());
        break;
    case 'f':
        say("%d\n", kp_focus(control()));
        break;
    case 'l':
        look();
        break;
    case 'v':
        read_one();
        break;
    case 'k':
        say("%d\n", show_items());
        break;
    case 'u':
        kp_update();
        break;
    case 'y':
        kp_yield();
        break;
    default:
        return false;
    }
    at++; // the end of the line
    return true;
}

int main(void)
{
    controls[0] = kp_page;
    for (;;) {
        char *batch;
        report[reported] = 0;
        reported = 0;
        if (kp_await("next", report, &batch) < 0)
            return 1;
        at = batch;
        while (run_step())
            ;
        free(batch);
        kp_yield(); // until the handlers of mounts have run
    }
}
