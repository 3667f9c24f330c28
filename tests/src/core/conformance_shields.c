// SPDX-License-Identifier: MIT
// KP_SHIELD, and KP_TIMEOUT with canceled tasks and groups, by the cases of asyncio's timeout and wait_for
// and trio's cancel scopes: see conformance.md.
#include "conformance.h"

// Compares how long it took since the last time it was asked, too.
#define CHECK_TOOK(milliseconds) (CHECK_EQUAL(kp_now() - last, milliseconds), (void)(last = kp_now()))
static int64_t last;

// --- And cancellation

static int canceled_in_a_timeout(void *argument)
{
    (void)argument;
    KP_TIMEOUT(10000)
    {
        CHECK_EQUAL(kp_sleep(20000), KP_ECANCELED);
    }
    CHECK(!kp_timed_out());
    note("%d ", kp_sleep(1));
    return 0;
}

static void canceled_before_time(void)
{
    kp_task task = kp_go(app(), canceled_in_a_timeout, NULL);

    settle();
    kp_cancel(task);
    settle();
    CHECK_TRACE("-1 ");
}

// The task cleans up with a timeout after it was canceled: without a shield no wait works.
static int cleans_up(void *argument)
{
    (void)argument;
    CHECK_EQUAL(kp_sleep(1000), KP_ECANCELED);
    KP_TIMEOUT(0)
    {
        CHECK_EQUAL(kp_sleep(1), KP_ECANCELED); // that comes before being late
    }
    KP_SHIELD(100)
    {
        CHECK_EQUAL(kp_check(), 0);
        CHECK_EQUAL(kp_sleep(50), 0);
        KP_TIMEOUT(10)
        {
            CHECK_EQUAL(kp_sleep(20), KP_ETIMEDOUT);
        }
        KP_TIMEOUT(1000)
        {
            CHECK_EQUAL(kp_sleep(1000), KP_ETIMEDOUT); // 100 ms are over
        }
        CHECK(!kp_timed_out());
    }
    CHECK(kp_timed_out());
    CHECK_EQUAL(kp_sleep(1), KP_ECANCELED);
    note("clean ");
    return 0;
}

static void cleaning_up_in_a_shield(void)
{
    kp_task task = kp_go(app(), cleans_up, NULL);

    last = kp_now();
    settle();
    kp_cancel(task);
    CHECK_EQUAL(kp_join(task, NULL), 0);
    CHECK_TRACE("clean ");
    CHECK_TOOK(100);
}

static int sleeps_in_a_shield(void *argument)
{
    (void)argument;
    KP_SHIELD(100)
    {
        note("in:%d ", kp_sleep(50));
    }
    note("out:%d ", kp_sleep(50));
    return 0;
}

static void canceled_while_in_a_shield(void)
{
    kp_task task = kp_go(app(), sleeps_in_a_shield, NULL);

    last = kp_now();
    kp_sleep(10);
    kp_cancel(task);
    kp_cancel(task);
    CHECK_EQUAL(kp_join(task, NULL), 0);
    CHECK_TRACE("in:0 out:-1 ");
    CHECK_TOOK(50);
}

static void a_shield_keeps_off_timeouts(void)
{
    last = kp_now();
    KP_TIMEOUT(10)
    {
        KP_SHIELD(1000)
        {
            CHECK_EQUAL(kp_sleep(50), 0);
        }
        CHECK(!kp_timed_out());
        CHECK_EQUAL(kp_sleep(50), KP_ETIMEDOUT);
    }
    CHECK_TOOK(50);
    KP_SHIELD(10)
    {
        CHECK_EQUAL(kp_sleep(50), KP_ETIMEDOUT); // nor is it for ever
    }
    CHECK_TOOK(10);
}

// --- And groups

static int says_sleep(void *argument)
{
    int result = sleeps(argument);

    note("%d:%d ", *(int *)argument, result);
    return result;
}

static int thousand = 1000, fifty = 50;

static void a_group_has_the_time_in_which_it_was_made(void)
{
    kp_group *group = NULL;

    last = kp_now();
    KP_TIMEOUT(20)
    {
        group = kp_group_new(KP_FAILFAST);
        kp_go(group, says_sleep, &thousand);
    }
    CHECK_EQUAL(kp_group_wait(group), KP_ETIMEDOUT); // that of the task that failed
    CHECK_TRACE("1000:-2 ");
    CHECK_TOOK(20);
    group = kp_group_new(KP_FAILFAST);
    KP_TIMEOUT(20)
    {
        kp_go(group, says_sleep, &fifty); // in no such group
    }
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("50:0 ");
}

static int makes_groups_in_a_shield(void *argument)
{
    kp_group *outside = kp_group_new(KP_FAILFAST);

    (void)argument;
    kp_go(outside, says_sleep, &thousand);
    KP_SHIELD(200)
    {
        kp_group *inside = kp_group_new(KP_FAILFAST);
        kp_go(inside, says_sleep, &fifty);
        note("inside:%d ", kp_group_wait(inside));
        inside = kp_group_new(KP_FAILFAST);
        kp_go(inside, says_sleep, &thousand);
        note("late:%d ", kp_group_wait(inside));
    }
    return 0;
}

static void a_group_made_in_a_shield_is_shielded(void)
{
    kp_task task = kp_go(app(), makes_groups_in_a_shield, NULL);

    last = kp_now();
    kp_sleep(10);
    kp_cancel(task);
    CHECK_EQUAL(kp_join(task, NULL), 0);
    CHECK_TOOK(200);
    CHECK_EQUAL(strncmp(trace, "1000:-1 50:0 inside:0 ", 22), 0);
    CHECK(!strcmp(trace + 22, "1000:-2 late:-2 ") || !strcmp(trace + 22, "late:-2 1000:-2 "));
    *trace = 0;
}

// --- As wait_for does

static int slow_to_end(void *argument)
{
    int result = kp_sleep(1000);

    (void)argument;
    KP_SHIELD(100)
    {
        kp_sleep(30);
    }
    note("ended ");
    return result;
}

static void waiting_for_a_task_that_is_slow_to_end(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);

    last = kp_now();
    kp_go(group, slow_to_end, NULL);
    KP_TIMEOUT(20)
    {
        CHECK_EQUAL(kp_group_wait(group), KP_ETIMEDOUT);
    }
    CHECK_TRACE("ended ");
    CHECK_TOOK(50);
}

static void done_just_before(void)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    int result = 1;

    kp_go(group, says_sleep, &fifty);
    settle();
    KP_TIMEOUT(51)
    {
        CHECK_EQUAL(kp_group_gather(group, &result, 1), 1);
    }
    CHECK_EQUAL(result, 0);
    CHECK_TRACE("50:0 ");
}

// A comparator that waits is told so and cannot disturb the sorting; where it may wait, sorting waits for it.
static int told[4];

static int compares(const void *a, const void *b)
{
    int result = kp_yield();

    told[result == 0 ? 0 : result == KP_EDEADLK ? 1 : result == KP_ECANCELED ? 2 : 3]++;
    return *(const int *)a - *(const int *)b;
}

static void check_sorted(void)
{
    int numbers[] = { 5, 3, 9, 1, 7, 2, 8, 6, 4, 0 };

    qsort(numbers, sizeof numbers / sizeof *numbers, sizeof *numbers, compares);
    for (int i = 0; i < 10; i++)
        CHECK_EQUAL(numbers[i], i);
}

static int sorts(void *argument)
{
    (void)argument;
    memset(told, 0, sizeof told);
    KP_NOSUSPEND
    {
        check_sorted();
    }
    CHECK(told[1] > 8 && !told[0] && !told[2] && !told[3]);
    check_sorted();
    CHECK(told[0] > 8 && !told[2] && !told[3]);
    kp_cancel(kp_self());
    check_sorted();
    CHECK(told[2] > 8 && !told[3]);
    return 0;
}

static void sorting_by_what_waits(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);

    kp_go(group, sorts, NULL);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

int main(void)
{
    RUN(canceled_before_time);
    RUN(cleaning_up_in_a_shield);
    RUN(canceled_while_in_a_shield);
    RUN(a_shield_keeps_off_timeouts);
    RUN(a_group_has_the_time_in_which_it_was_made);
    RUN(a_group_made_in_a_shield_is_shielded);
    RUN(waiting_for_a_task_that_is_slow_to_end);
    RUN(done_just_before);
    RUN(sorting_by_what_waits);
    return check_result();
}
