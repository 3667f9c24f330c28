// SPDX-License-Identifier: MIT
// Events as JavaScript delivers them: what a handler may ask, and what it may keep.
#include "../../core/check.h"

#define KP__CORE
#include "../../../../src/core/host.gen.h"
#include "../../../../src/core/task.h"
#include "../../../../src/core/tree.h"
#include "../host.h"

static kp_control *button;
static char text[300];
static int asked_late, calls;

static uint32_t number_of(const char *event)
{
    kp__control *control = kp__control_of(button);
    kp__listener *listener = control->listeners;

    while (listener && strcmp(listener->field->name->text, event))
        listener = listener->next;
    return listener ? listener->field->name->number : 0;
}

static void clicked(kp_event *e)
{
    calls++;
    CHECK_TEXT(e->type, "click");
    CHECK_EQUAL(kp_prevent_default(e), 0);
    CHECK_EQUAL(kp_stop_propagation(e), 0);
    char given[300];
    snprintf(given, sizeof given, "%s", e->value);
    memcpy(text, given, sizeof text);
    if (kp_sleep(10) < 0)
        return;
    // The inbox has been written over long ago; the event is still the handler's.
    CHECK_TEXT(e->value, given);
    asked_late = kp_prevent_default(e);
}

static void removed_by_its_handler(kp_event *e)
{
    calls++;
    kp_remove(e->control);
    CHECK_EQUAL(kp_sleep(1), KP_ECANCELED);
    CHECK_EQUAL(kp_add(kp_page, e->control), KP_ESTALE);
}

static void hears_goodbye(kp_event *e)
{
    CHECK_TEXT(e->type, "unmount");
}

// Another handler runs inside this one; what this one asks still counts.
static void removes_another(kp_event *e)
{
    kp_control *other = kp_text("other", .on_unmount = hears_goodbye);

    CHECK_EQUAL(kp_stop_propagation(e), 0);
    kp_add(kp_page, other);
    kp_remove(other);
    CHECK_EQUAL(kp_prevent_default(e), 0);
}

// One after the other handlers are the same task, unless somebody can tell.
static kp_task named;
static int handled;
static const kp_local local = { 0 };

static void is_new(void)
{
    handled++;
    CHECK_EQUAL(kp_cancel(named), KP_ENOENT);
    CHECK_EQUAL(kp_check(), 0);
    CHECK(!kp_timed_out());
    CHECK(!kp_local_get(&local));
}

static void returns(kp_event *e)
{
    (void)e;
    is_new();
}

static void names_itself(kp_event *e)
{
    (void)e;
    is_new();
    named = kp_self();
}

static void runs_out_of_time(kp_event *e)
{
    (void)e;
    is_new();
    KP_TIMEOUT(0)
    CHECK_EQUAL(kp_yield(), KP_ETIMEDOUT);
    CHECK(kp_timed_out());
}

static void sets_local(kp_event *e)
{
    (void)e;
    is_new();
    CHECK_EQUAL(kp_local_set(&local, &handled), 0);
}

static void makes_group(kp_event *e)
{
    (void)e;
    is_new();
    CHECK(kp_group_new(KP_FAILFAST) != NULL);
}

static int deferred;

static void count_deferred(void *argument)
{
    (void)argument;
    deferred++;
}

static void defers(kp_event *e)
{
    (void)e;
    is_new();
    CHECK_EQUAL(kp_defer(count_deferred, NULL), 0);
}

static kp_mutex mutex;

static void keeps_mutex(kp_event *e)
{
    (void)e;
    is_new();
    CHECK_EQUAL(kp_lock(&mutex), 0);
}

static void waits(kp_event *e)
{
    is_new();
    CHECK_EQUAL(kp_sleep(5), 0);
    CHECK_TEXT(e->type, "click");
}

static int waits_for_group(void *group)
{
    return kp_group_wait(group);
}

static kp_group *of_button;

static void waits_for_button(kp_event *e)
{
    (void)e;
    handled++;
    CHECK_EQUAL(kp_group_wait(of_button), 0);
    handled++;
}

// This handler's end is what the other one waits for.
static void is_waited_for(kp_event *e)
{
    kp_control *other = kp_text("other", .on_unmount = waits_for_button);

    of_button = kp_group_of(e->control);
    kp_add(kp_page, other);
    kp_remove(other);
}

static void test_handlers_in_turn(void)
{
    static const kp_handler handlers[] = { names_itself, runs_out_of_time, sets_local, makes_group,
                                           defers,       keeps_mutex,      waits };
    enum { COUNT = sizeof handlers / sizeof *handlers };
    kp_control *pressed = button;
    uint32_t click;

    button = kp_button("again", .on_click = waits);
    kp_add(kp_page, button);
    click = number_of("click");
    for (int i = 0; i < 4 * COUNT; i++) {
        kp_on_click(button, i % 2 ? returns : handlers[i / 2 % COUNT]);
        kp__test_event(button, click, "");
    }
    // One still waits, and others come and go.
    kp_task waiting = kp_go(NULL, waits_for_group, kp_group_of(button));
    kp_yield();
    kp_on_click(button, returns);
    kp__test_event(button, click, "");
    int result = 1;
    CHECK_EQUAL(kp_join(waiting, &result), 0);
    CHECK_EQUAL(result, 0);
    kp_on_click(button, is_waited_for);
    kp__test_event(button, click, "");
    kp_yield();
    CHECK_EQUAL(handled, 4 * COUNT + 3);
    CHECK_EQUAL(deferred, 2);
    uint32_t made = kp__tasks_made();
    for (int i = 0; i < 100; i++) {
        kp_on_click(button, waits);
        kp__test_event(button, click, "");
        kp_on_click(button, returns);
        kp__test_event(button, click, "");
        kp_sleep(6);
    }
    CHECK(kp__tasks_made() < made + 100);
    kp_remove(button);
    button = pressed;
}

int main(void)
{
    button = kp_button("x", .on_click = clicked);
    kp_add(kp_page, button);
    kp_update();
    uint32_t click = number_of("click");

    CHECK(click);
    CHECK_EQUAL(kp__test_event(button, click, "first"),
                KP__REPLY_PREVENT_DEFAULT | KP__REPLY_STOP_PROPAGATION);
    CHECK_TEXT(text, "first");
    kp__test_event(button, click, "");
    char large[250];
    memset(large, 'y', sizeof large - 1);
    large[sizeof large - 1] = 0;
    kp__test_event(button, click, large);
    kp_sleep(20);
    CHECK_EQUAL(calls, 3);
    CHECK_EQUAL(asked_late, KP_EINVAL);

    CHECK_EQUAL(kp__test_event(button, click + 1000, ""), 0); // an event that nobody has asked for
    CHECK_EQUAL(kp__test_event((kp_control *)(uintptr_t)999, click, ""), 0);
    kp_on_click(button, NULL);
    CHECK_EQUAL(kp__test_event(button, click, ""), 0);
    CHECK_EQUAL(calls, 3);

    kp_on_click(button, removes_another);
    CHECK_EQUAL(kp__test_event(button, click, ""), KP__REPLY_PREVENT_DEFAULT | KP__REPLY_STOP_PROPAGATION);

    test_handlers_in_turn();

    kp_on_click(button, removed_by_its_handler);
    kp__test_event(button, click, "");
    CHECK_EQUAL(calls, 4);
    CHECK_EQUAL(kp__test_event(button, click, ""), 0);
    CHECK_EQUAL(kp_copy_text("text"), 0);
    CHECK_EQUAL(kp_copy_text(NULL), KP_EINVAL);
    return check_result();
}
