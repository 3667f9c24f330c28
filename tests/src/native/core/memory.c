// SPDX-License-Identifier: MIT
// Memory runs out at the n-th allocation, for every n, once or for good: each time the app sees a
// code or NULL, nothing leaks, and what was there before is as it was.
#include <stdlib.h>

#include "../../core/check.h"

#define KP__CORE
#include "../../../../src/core/host.gen.h"
#include "../../../../src/core/tree.h"
#include "../host.h"

static kp_control *kept;

static void tick(kp_event *e)
{
    while (kp_sleep(1) == 0)
        kp_set_valuef(e->control, "%d", (int)kp_now());
}

static void bye(kp_event *e)
{
    kp_set_value(e->control, "bye");
}

static int worker(void *argument)
{
    void *bytes = malloc(8);
    if (kp_defer((void (*)(void *))free, bytes) < 0)
        free(bytes);
    kp_sleep(2);
    return *(int *)argument;
}

static void patient(kp_event *e)
{
    (void)e;
    kp_sleep(1);
}

static void clicks(kp_control *button)
{
    const kp__control *control = kp__control_of(button);

    for (int i = 0; control && control->listeners && i < 3; i++)
        kp__test_event(button, control->listeners->field->name->number, "click");
}

typedef struct {
    int key;
    bool is_new;
    char text[15];
} item;

static kp_control *view(const void *shown)
{
    const item *i = shown;

    return i->is_new ? kp_text(i->text, .italic = true)
                     : kp_row(.children = kp_list(kp_text(i->text), kp_button("x", .on_click = bye)));
}

static int shown(kp_control *list)
{
    int count = 0;

    for (kp_control *child = kp_first_child(list); child; child = kp_next_sibling(child))
        count++;
    return count;
}

// All of the items, or those that were there before.
static void items(void)
{
    item before[] = { { 1, false, "a" }, { 2, false, "b" } };
    item after[] = { { 3, true, "c" }, { 2, true, "b" }, { 4, false, "d" } };
    kp_control *list = kp_column();

    kp_add(kp_page, list);
    int code = list ? kp_set_items(list, before, 2, view) : KP_ESTALE, count = code == 0 ? 2 : 0;
    CHECK_EQUAL(shown(list), count);
    if (list && (code = kp_set_items(list, after, 3, view)) == 0)
        count = 3;
    CHECK(shown(list) == count || (code == KP_ENOMEM && shown(list) == 3));
    kp_clear(list);
}

static void scenario(void)
{
    static int zero;
    static char large[20000];

    memset(large, 'x', sizeof large - 1);
    kp_control *list =
        kp_column(.children = kp_list(kp_text("a", .on_mount = tick, .state = KP_STATE(int, 7)),
                                      kp_button("b", .on_click = bye, .tooltip = "t"), kp_text(large)));
    kp_add(kp_page, list);
    for (int i = 0; i < 70; i++)
        kp_add(list, kp_text("row", .on_unmount = bye));
    for (kp_while_busy what = KP_PARALLEL; what <= KP_RESTART; what++) {
        kp_control *button = kp_button("c", .on_click = patient, .while_busy = what);
        kp_add(list, button);
        kp_update();
        clicks(button);
    }
    kp_go(kp_group_of(list), worker, &zero);
    kp_go(NULL, worker, &zero);
    kp_set_value(kp_first_child(list), large);
    kp_sleep(5);
    items();
    kp_clear(list);
    kp_remove(list);
    kp_sleep(5);
}

int main(void)
{
    kept = kp_text("kept");
    kp_add(kp_page, kept);
    for (int good = 0; good < 2; good++) {
        kp__test_for_good = good;
        long n = 0;
        for (bool over = false; !over; n++) {
            kp__test_allocations = n;
            scenario();
            over = kp__test_allocations > 0;
            kp__test_allocations = -1;
            kp_clear(kp_page);
            kp_sleep(10);
            CHECK(!kp_first_child(kp_page));
            kept = kp_text("kept");
            CHECK_EQUAL(kp_add(kp_page, kept), 0);
        }
        CHECK(n > 20);
    }
    return check_result();
}
