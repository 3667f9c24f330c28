// SPDX-License-Identifier: MIT
// Events as JavaScript delivers them: what a handler may ask, and what it may keep.
#include "../../core/check.h"

#define KP__CORE
#include "../../../../src/core/host.gen.h"
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
    char large[250];
    memset(large, 'y', sizeof large - 1);
    large[sizeof large - 1] = 0;
    kp__test_event(button, click, large);
    kp_sleep(20);
    CHECK_EQUAL(calls, 2);
    CHECK_EQUAL(asked_late, KP_EINVAL);

    CHECK_EQUAL(kp__test_event(button, click + 1000, ""), 0); // an event that nobody has asked for
    CHECK_EQUAL(kp__test_event((kp_control *)(uintptr_t)999, click, ""), 0);
    kp_on_click(button, NULL);
    CHECK_EQUAL(kp__test_event(button, click, ""), 0);
    CHECK_EQUAL(calls, 2);

    kp_on_click(button, removes_another);
    CHECK_EQUAL(kp__test_event(button, click, ""), KP__REPLY_PREVENT_DEFAULT | KP__REPLY_STOP_PROPAGATION);

    kp_on_click(button, removed_by_its_handler);
    kp__test_event(button, click, "");
    CHECK_EQUAL(calls, 3);
    CHECK_EQUAL(kp__test_event(button, click, ""), 0);
    CHECK_EQUAL(kp_copy_text("text"), 0);
    CHECK_EQUAL(kp_copy_text(NULL), KP_EINVAL);
    return check_result();
}
