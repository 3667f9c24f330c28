// SPDX-License-Identifier: MIT
#include "conformance.h"

// --- Time

static int sleeper(void *argument)
{
    int milliseconds = *(int *)argument;
    int64_t before = kp_now();

    CHECK_EQUAL(kp_sleep(milliseconds), 0);
    note("%d@%d ", milliseconds, (int)(kp_now() - before));
    return 0;
}

static void sleeps_in_order(void)
{
    static int times[] = { 30, 10, 20, 10, 0, 1 };

    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        CHECK(kp_go(app(), sleeper, &times[i]));
    CHECK_TRACE(""); // a task starts when this one waits
    CHECK_EQUAL(kp_sleep(100), 0);
    CHECK_TRACE("0@0 1@1 10@10 10@10 20@20 30@30 ");
}

static int yielder(void *argument)
{
    for (int i = 0; i < 3; i++) {
        note("%s%d ", (const char *)argument, i);
        CHECK_EQUAL(kp_yield(), 0);
    }
    return 0;
}

static void yields_take_turns(void)
{
    kp_go(app(), yielder, "a");
    kp_go(app(), yielder, "b");
    kp_sleep(1);
    CHECK_TRACE_TURNS("a0 b0 a1 b1 a2 b2 ");
}

static void a_yielding_task_does_not_hold_up_time(void)
{
    int64_t start = kp_now();

    for (int i = 0; i < OFTEN(1000, 10); i++)
        kp_yield();
    CHECK_EQUAL(kp_now(), start);
}

// --- Frames survive a suspension

static uint64_t sum_waiting(int depth, uint64_t wide, double real)
{
    volatile char local[24];

    memset((char *)local, depth, sizeof local);
    if (depth == 0)
        kp_yield();
    uint64_t sum =
        depth ? sum_waiting(depth - 1, wide * 3 + (unsigned)depth, real / 2) : wide + (uint64_t)(real * 1024);
    for (size_t i = 0; i < sizeof local; i++)
        if (local[i] != (char)depth)
            return 0;
    return sum + (unsigned)depth;
}

static uint64_t sum_plain(int depth, uint64_t wide, double real)
{
    return depth ? sum_plain(depth - 1, wide * 3 + (unsigned)depth, real / 2) + (unsigned)depth
                 : wide + (uint64_t)(real * 1024);
}

static void locals_survive(void)
{
    // Thousands of times, so that a stack pointer that drifts runs out of stack.
    for (int i = 0; i < OFTEN(5000, 10); i++)
        if (sum_waiting(7, (unsigned)i, i * 0.5) != sum_plain(7, (unsigned)i, i * 0.5))
            CHECK(!"a local changed while its task waited");
    CHECK_EQUAL(sum_waiting(60, 1, 1e15), sum_plain(60, 1, 1e15));
}

static int many(void *argument)
{
    int *left = argument, depth = *left % 13;

    CHECK_EQUAL(sum_waiting(depth, 3, depth), sum_plain(depth, 3, depth));
    CHECK_EQUAL(kp_sleep(*left % 7), 0);
    --*left;
    return 0;
}

static void a_thousand_tasks(void)
{
    static int left;

    for (int i = 0; i < OFTEN(1000, 20); i++, left++)
        CHECK(kp_go(app(), many, &left));
    kp_sleep(100);
    CHECK_EQUAL(left, 0);
}

// --- Cancellation

static int patient(void *argument)
{
    int result = kp_sleep(1000);

    note("%s:%s ", (const char *)argument, kp_strerror(result));
    CHECK_EQUAL(kp_sleep(1000), KP_ECANCELED); // and again, at once
    CHECK_EQUAL(kp_yield(), KP_ECANCELED);
    return result;
}

static void cancel_wakes_at_once(void)
{
    kp_task task = kp_go(app(), patient, "x");
    int64_t start = kp_now();

    kp_sleep(5);
    CHECK_EQUAL(kp_cancel(task), 0);
    settle();
    CHECK_TRACE("x:canceled ");
    CHECK_EQUAL(kp_now() - start, 5);
    CHECK_EQUAL(kp_cancel(task), KP_ENOENT);
    CHECK_EQUAL(kp_cancel(0), KP_ENOENT);
}

static void cancel_before_start(void)
{
    kp_task task = kp_go(app(), patient, "y");

    kp_cancel(task);
    settle();
    CHECK_TRACE("y:canceled ");
}

static int stubborn(void *argument)
{
    void *bytes = malloc(10);

    (void)argument;
    if (kp_defer((void (*)(void *))free, bytes) < 0)
        free(bytes);
    for (;;)
        kp_sleep(10);
    return 0;
}

static void a_task_that_does_not_listen_is_dropped(void)
{
    kp_task task = kp_go(app(), stubborn, NULL);

    kp_sleep(50);
    CHECK_EQUAL(kp_cancel(task), 0);
    settle();
    CHECK_EQUAL(kp_cancel(task), KP_ENOENT);
}

static void say(void *argument)
{
    note("%s ", (const char *)argument);
    CHECK_EQUAL(kp_sleep(1), KP_EDEADLK); // clean-up cannot wait
}

static int defers(void *argument)
{
    (void)argument;
    CHECK_EQUAL(kp_defer(say, "first"), 0);
    CHECK_EQUAL(kp_defer(say, "last"), 0);
    CHECK_EQUAL(kp_defer(NULL, NULL), KP_EINVAL);
    kp_yield();
    note("end ");
    return 0;
}

static void deferred_last_first(void)
{
    kp_go(app(), defers, NULL);
    kp_sleep(1);
    CHECK_TRACE("end last first ");
}

// --- Groups of controls

static int ticks_until_unmount(void *argument)
{
    while (kp_sleep(10) == 0)
        note("tick ");
    note("gone:%d ", *(int *)kp_state(argument));
    return 0;
}

static void removing_a_control_ends_its_tasks(void)
{
    kp_control *text = kp_text("x", .state = KP_STATE(int, 42));

    kp_add(kp_page, text);
    kp_go(kp_group_of(text), ticks_until_unmount, text);
    kp_sleep(25);
    CHECK_EQUAL(kp_remove(text), 0);
    CHECK(kp_state(text)); // until its last task has ended
    settle();
    CHECK_TRACE("tick tick gone:42 ");
    CHECK(!kp_state(text));
    CHECK(!kp_go(kp_group_of(text), yielder, "never"));
    kp_sleep(50);
    CHECK_TRACE("");
}

static int waits_once(void *argument)
{
    note("%s:%s ", (const char *)argument, kp_strerror(kp_sleep(100)));
    return 0;
}

static int starts_sibling(void *argument)
{
    kp_sleep(1);
    CHECK(kp_go(NULL, waits_once, argument)); // the group of the running task
    return 0;
}

static void a_task_is_in_the_group_of_its_starter(void)
{
    kp_control *text = kp_text("x");

    kp_go(kp_group_of(text), starts_sibling, "sibling");
    kp_sleep(3);
    kp_remove(text);
    settle();
    CHECK_TRACE("sibling:canceled ");
}

static int cancels_its_own_group(void *argument)
{
    kp_group_cancel(kp_group_of(argument));
    note("%s ", kp_strerror(kp_sleep(1)));
    CHECK(!kp_go(NULL, yielder, "never"));
    return 0;
}

static void a_group_can_cancel_itself(void)
{
    kp_control *text = kp_text("x");

    kp_go(kp_group_of(text), cancels_its_own_group, text);
    settle();
    CHECK_TRACE("canceled ");
    kp_remove(text);
    kp_group_cancel(NULL);
    kp_group_cancel((kp_group *)(uintptr_t)12345); // stale or nonsense: nothing happens
}

int main(void)
{
    CHECK(kp_self());
    RUN(sleeps_in_order);
    RUN(yields_take_turns);
    RUN(a_yielding_task_does_not_hold_up_time);
    RUN(locals_survive);
    RUN(a_thousand_tasks);
    RUN(cancel_wakes_at_once);
    RUN(cancel_before_start);
    RUN(a_task_that_does_not_listen_is_dropped);
    RUN(deferred_last_first);
    RUN(removing_a_control_ends_its_tasks);
    RUN(a_task_is_in_the_group_of_its_starter);
    RUN(a_group_can_cancel_itself);
    return check_result();
}
