// SPDX-License-Identifier: MIT
// What becomes of events that come while their handler still runs: run in parallel, dropped, queued,
// restarted.
#include <stdlib.h>

#include "../../core/check.h"

#define KP__CORE
#include "../../../../src/core/host.gen.h"
#include "../../../../src/core/tree.h"
#include "../host.h"

static char trace[1000];
static kp_control *button;
static uint32_t click;

static void note(const char *what, const char *value)
{
    size_t length = strlen(trace);

    snprintf(trace + length, sizeof trace - length, "%s%s ", what, value);
}

#define CHECK_TRACE(expected) (CHECK_TEXT(trace, expected), *trace = 0)

static int clicked(const char *value)
{
    return kp__test_event(button, click, value);
}

static void handler(kp_event *e)
{
    note("+", e->value);
    kp_prevent_default(e);
    int result = kp_sleep(10);
    note(result < 0 ? "!" : "-", e->value);
}

static void button_with(kp_handler on_click, kp_while_busy what)
{
    button = kp_button("x", .on_click = on_click, .while_busy = what);
    kp_add(kp_page, button);
    kp_update();
    click = kp__control_of(button)->listeners->field->name->number;
}

static void finish(void)
{
    kp_sleep(1000);
    kp_clear(kp_page);
    kp_sleep(1000);
    *trace = 0;
}

static void side_by_side(void)
{
    button_with(handler, KP_PARALLEL);
    CHECK_EQUAL(clicked("1"), KP__REPLY_PREVENT_DEFAULT);
    CHECK_EQUAL(clicked("2"), KP__REPLY_PREVENT_DEFAULT);
    kp_sleep(30);
    CHECK_TRACE("+1 +2 -1 -2 ");
    finish();
}

static void dropped(void)
{
    button_with(handler, KP_DROP);
    CHECK_EQUAL(clicked("1"), KP__REPLY_PREVENT_DEFAULT);
    CHECK_EQUAL(clicked("2"), 0);
    kp_sleep(30);
    CHECK_EQUAL(clicked("3"), KP__REPLY_PREVENT_DEFAULT);
    kp_sleep(30);
    CHECK_TRACE("+1 -1 +3 -3 ");
    finish();
}

static void queued(void)
{
    button_with(handler, KP_QUEUE);
    CHECK_EQUAL(clicked("1"), KP__REPLY_PREVENT_DEFAULT);
    for (int i = 2; i < 5; i++) {
        char text[2] = { (char)('0' + i), 0 };
        CHECK_EQUAL(clicked(text), 0);
    }
    kp_sleep(15);
    CHECK_TRACE("+1 -1 +2 ");
    clicked("5"); // behind those that wait
    kp_sleep(100);
    CHECK_TRACE("-2 +3 -3 +4 -4 +5 -5 ");
    CHECK_EQUAL(clicked("6"), KP__REPLY_PREVENT_DEFAULT);
    finish();
}

static void restarted(void)
{
    button_with(handler, KP_RESTART);
    clicked("1");
    kp_sleep(5);
    CHECK_EQUAL(clicked("2"), KP__REPLY_PREVENT_DEFAULT); // the running one has come to its end before
    CHECK_EQUAL(clicked("3"), KP__REPLY_PREVENT_DEFAULT);
    kp_sleep(30);
    CHECK_TRACE("+1 !1 +2 !2 +3 -3 ");
    finish();
}

static void computes(kp_event *e)
{
    int result;

    note("+", e->value);
    while ((result = kp_yield()) == 0)
        ;
    note("!", e->value);
}

// One that is ready, and so in the queue of the loop, comes to its end out of turn.
static kp_flag done;

static void click_from_outside(void)
{
    clicked("2");
    clicked("3");
    kp_flag_set(&done);
}

static void restarted_while_ready(void)
{
    button_with(computes, KP_RESTART);
    clicked("1");
    kp__test.between = click_from_outside;
    kp_flag_wait(&done);
    CHECK_TRACE("+1 !1 +2 !2 +3 ");
    clicked("4"); // while this task runs, who is ready has to wait for its turn
    CHECK_TRACE("+4 !3 ");
    kp_remove(button);
    kp_yield();
    CHECK_TRACE("!4 ");
    finish();
}

static void cleans_up(kp_event *e)
{
    note("+", e->value);
    kp_sleep(10);
    KP_SHIELD(100)
    {
        kp_sleep(10);
    }
    note("-", e->value);
}

static void a_shield_outlives_a_restart(void)
{
    button_with(cleans_up, KP_RESTART);
    clicked("1");
    CHECK_EQUAL(clicked("2"), 0);
    CHECK_TRACE("+1 +2 ");
    kp_sleep(100);
    CHECK_TRACE("-1 -2 ");
    finish();
}

static int child(void *argument)
{
    note("child", kp_strerror(kp_sleep(1000)));
    (void)argument;
    return 0;
}

static void has_children(kp_event *e)
{
    kp_group *group = kp_group_new(KP_FAILFAST);

    kp_go(group, child, NULL);
    note("+", e->value);
    int result = kp_group_wait(group);
    note("-", kp_strerror(result));
}

static void a_restart_ends_groups_too(void)
{
    button_with(has_children, KP_RESTART);
    clicked("1");
    kp_sleep(1);
    clicked("2");
    kp_sleep(1);
    CHECK_TRACE("+1 +2 childcanceled -canceled ");
    kp_remove(button);
    kp_sleep(1);
    finish();
}

// --- However the handler ends, the next event is heard

static void never_ends(kp_event *e)
{
    note("+", e->value);
    for (;;)
        kp_sleep(1); // does not listen, and is dropped in the end
}

static void dropped_tasks_are_not_running(void)
{
    for (kp_while_busy what = KP_DROP; what <= KP_RESTART; what++) {
        button_with(never_ends, what);
        clicked("1");
        clicked("2");
        kp_group_cancel(kp_group_of(button));
        kp_sleep(1000);
        kp_remove(button);
        button_with(handler, what);
        CHECK(clicked("3"));
        finish();
    }
    CHECK(kp__test.complaints);
}

static kp_task running;

static void canceled(kp_event *e)
{
    running = kp_self();
    handler(e);
}

static void canceling_one_lets_the_next_begin(void)
{
    button_with(canceled, KP_QUEUE);
    clicked("1");
    clicked("2");
    kp_cancel(running);
    kp_sleep(1);
    CHECK_TRACE("+1 !1 +2 ");
    finish();
}

static void removes_itself(kp_event *e)
{
    note("+", e->value);
    kp_sleep(10);
    kp_remove(e->control);
    note("-", e->value);
}

// Whether the handler or somebody else removes it, and whatever waits: nothing is left behind.
static void removal(void)
{
    for (kp_while_busy what = KP_PARALLEL; what <= KP_RESTART; what++)
        for (int by_itself = 0; by_itself < 2; by_itself++) {
            button_with(by_itself ? removes_itself : handler, what);
            clicked("1");
            clicked("2");
            clicked("3");
            if (!by_itself)
                kp_remove(button);
            kp_sleep(100);
            CHECK(!kp_is_mounted(button));
            CHECK_EQUAL(clicked("4"), 0);
            kp_sleep(100);
            CHECK(!kp_state(button));
            *trace = 0;
        }
}

static void removes_when_canceled(kp_event *e)
{
    note("+", e->value);
    if (kp_sleep(10) < 0)
        kp_remove(e->control);
}

static void a_restart_may_remove_the_control(void)
{
    button_with(removes_when_canceled, KP_RESTART);
    clicked("1");
    CHECK_EQUAL(clicked("2"), 0);
    CHECK(!kp_is_mounted(button));
    CHECK_TRACE("+1 ");
    finish();
}

// --- Changes, misuse, the page's errors

static void changes(void)
{
    button_with(handler, KP_PARALLEL);
    clicked("1");
    clicked("2");
    CHECK_EQUAL(kp_set_while_busy(button, KP_RESTART), 0);
    clicked("3");
    CHECK_TRACE("+1 +2 !2 !1 +3 ");
    kp_set_while_busy(button, KP_QUEUE);
    clicked("4");
    kp_set_while_busy(button, KP_PARALLEL);
    clicked("5");
    CHECK_TRACE("+5 ");
    kp_sleep(50);
    CHECK_TRACE("-3 -5 +4 -4 ");
    CHECK_EQUAL(kp_set_while_busy(button, (kp_while_busy)4), KP_EINVAL);
    CHECK_EQUAL(kp_set_while_busy(NULL, KP_DROP), KP_ESTALE);
    finish();
}

static int fails(void *argument)
{
    (void)argument;
    return KP_EIO;
}

static void failed(kp_event *e)
{
    note("+", e->code == KP_EIO ? "io" : "?");
    kp_sleep(10);
    note("-", e->code == KP_EIO ? "io" : "?");
}

static void errors_of_the_page(void)
{
    kp_on_error(kp_page, failed);
    for (kp_while_busy what = KP_DROP; what <= KP_RESTART; what++) {
        static const char *const expected[] = { [KP_DROP] = "+io -io ",
                                                [KP_QUEUE] = "+io -io "
                                                             "+io -io ",
                                                [KP_RESTART] = "+io -io "
                                                               "+io -io " };
        int complaints = kp__test.complaints;
        kp_set_while_busy(kp_page, what);
        kp_go(kp_group_of(kp_page), fails, NULL);
        kp_sleep(1);
        kp_go(kp_group_of(kp_page), fails, NULL);
        kp_sleep(100);
        CHECK_TRACE(expected[what]);
        // What no handler is told of is in the console.
        CHECK_EQUAL(kp__test.complaints - complaints, what == KP_DROP);
    }
    kp_on_error(kp_page, NULL);
}

int main(void)
{
    side_by_side();
    dropped();
    queued();
    restarted();
    restarted_while_ready();
    a_shield_outlives_a_restart();
    a_restart_ends_groups_too();
    dropped_tasks_are_not_running();
    canceling_one_lets_the_next_begin();
    removal();
    a_restart_may_remove_the_control();
    changes();
    errors_of_the_page();
    return check_result();
}
