// SPDX-License-Identifier: MIT
// What the user or the next frame waits for goes before all else that is ready, and does not keep it out.
#include "../../core/check.h"

#define KP__CORE
#include "../../../../src/core/host.gen.h"
#include "../../../../src/core/tree.h"
#include "../host.h"

void kp_moment(uint32_t moment);

static char trace[1000];
static uint32_t click;
static kp_control *button;
static kp_flag go, over;
static int rounds;

static void note(const char *what)
{
    size_t length = strlen(trace);

    snprintf(trace + length, sizeof trace - length, "%s ", what);
}

#define CHECK_TRACE(expected) (CHECK_TEXT(trace, expected), *trace = 0)

static void event(void)
{
    kp__test_event(button, click, "");
}

// Takes its turn again and again; the last of them lets the handler go on.
static int worker(void *argument)
{
    const char *name = argument;

    for (int round = 0; round < rounds; round++) {
        note(name);
        kp__test.computed += 3; // so that a slice is over when each has had its turn
        if (*name == '3' && round == 1)
            kp_flag_set(&go);
        kp_yield();
    }
    return 0;
}

// Three workers run while `between` does what comes from outside.
static void work(int count, void (*between)(void))
{
    kp_group *group = kp_group_new(KP_SUPERVISE);

    kp_sleep(1); // for a new slice
    rounds = count;
    kp__test.between = between;
    kp_go(group, worker, "1");
    kp_go(group, worker, "2");
    kp_go(group, worker, "3");
    kp_group_wait(group);
    kp_flag_clear(&go);
}

static void button_with(kp_handler on_click)
{
    kp_clear(kp_page);
    button = kp_button("x", .on_click = on_click);
    kp_add(kp_page, button);
    kp_update();
    click = kp__control_of(button)->listeners->field->name->number;
}

static void waits(kp_event *e)
{
    (void)e;
    note("begins");
    kp_flag_wait(&go);
    note("goes on");
    kp_yield();
    note("gave way");
}

static void event_in_between(void)
{
    *trace = 0;
    event();
    CHECK_TRACE("begins "); // the workers wait for their tick
}

static void handlers(void)
{
    button_with(waits);
    work(4, event_in_between);
    CHECK_TRACE("1 2 3 goes on 1 2 3 gave way 1 2 3 ");
}

static void gives_way(kp_event *e)
{
    (void)e;
    note("a");
    kp_yield();
    note("b");
}

static void events_in_between(void)
{
    *trace = 0;
    event();
    event();
    CHECK_TRACE("a a ");
}

// One that gives its turn away computes, and is like the others from then on.
static void computing(void)
{
    button_with(gives_way);
    work(2, events_in_between);
    CHECK_TRACE("1 2 3 b b ");
}

static void breathes(kp_event *e)
{
    (void)e;
    note("a");
    kp_breathe(); // from here on time is taken
    kp__test.computed += 6;
    kp_breathe();
    note("b");
}

static void event_that_computes(void)
{
    event();
    CHECK_TRACE("a "); // less than a tick may take, but the user may be about to do more
}

static void breathing(void)
{
    button_with(breathes);
    kp__test.between = event_that_computes;
    kp_sleep(1);
    kp_sleep(1);
    CHECK_TRACE("b ");
}

// --- A frame

static int draws(void *argument)
{
    (void)argument;
    kp_frame();
    note("draws");
    return 0;
}

static void frame_in_between(void)
{
    *trace = 0;
    kp_moment(KP__MOMENT_FRAME);
    CHECK_TRACE("draws ");
}

static void frames(void)
{
    kp_go(NULL, draws, NULL);
    work(3, frame_in_between);
    CHECK_TRACE("1 2 3 1 2 3 ");
}

// --- Handlers that are always ready

static kp_flag turns[2];
static int steps, worked, worked_by_then;

static void play(kp_event *e)
{
    int me = steps++;

    (void)e;
    for (int i = 0; i < 20 && kp_flag_wait(&turns[me]) == 0; i++) {
        kp_flag_clear(&turns[me]);
        kp__test.computed += 20; // more than a slice
        kp_flag_set(&turns[!me]);
    }
    worked_by_then = worked;
    kp_flag_set(&over);
}

static void two_events(void)
{
    worked = 0;
    event();
    event();
    kp_flag_set(&turns[0]);
}

static int steady(void *argument)
{
    (void)argument;
    while (!over.set) {
        worked++;
        kp_yield();
    }
    return 0;
}

static void fairness(void)
{
    button_with(play);
    kp__test.between = two_events;
    kp_go(NULL, steady, NULL);
    kp_flag_wait(&over);
    CHECK(worked_by_then >= 20); // a turn each time that one of the two has computed
    kp_yield();
}

int main(void)
{
    handlers();
    computing();
    breathing();
    frames();
    fairness();
    kp_clear(kp_page);
    return check_result();
}
