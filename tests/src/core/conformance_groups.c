// SPDX-License-Identifier: MIT
// Groups whose tasks fail together, by the cases of asyncio's task groups, trio's nurseries and libdill's
// bundles: see conformance.md.
#include "conformance.h"

static int sleep_100 = 100, sleep_200 = 200, sleep_1000 = 1000, forever = 1000000;

// Notes how its sleep ended, and returns that.
static int says(void *argument)
{
    int result = sleeps(argument);

    note("%d:%d ", *(int *)argument, result);
    return result;
}

static int fails_at_100(void *argument)
{
    (void)argument;
    return kp_sleep(100) == 0 ? KP_EIO : KP_ECANCELED;
}

static void waits_for_all(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    int64_t start = kp_now();

    kp_go(group, says, &sleep_200);
    kp_go(group, says, &sleep_100);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_EQUAL(kp_now() - start, 200);
    CHECK_TRACE("100:0 200:0 ");
}

static void a_task_can_join_in_later(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);

    kp_go(group, says, &sleep_100);
    kp_sleep(150);
    CHECK_TRACE("100:0 ");
    kp_go(group, says, &sleep_200);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("200:0 ");
}

static void one_canceled_task_is_no_failure(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_task task = kp_go(group, says, &sleep_1000);

    kp_sleep(150);
    kp_cancel(task);
    kp_go(group, says, &sleep_200);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("1000:-1 200:0 ");
}

static void a_failure_cancels_the_others(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    int64_t start = kp_now();

    for (int i = 0; i < 3; i++)
        kp_go(group, fails_at_100, NULL);
    kp_go(group, says, &sleep_1000);
    CHECK_EQUAL(kp_group_wait(group), KP_EIO);
    CHECK_EQUAL(kp_now() - start, 100);
    CHECK_TRACE("1000:-1 ");
    CHECK_EQUAL(kp_group_wait(group), KP_ESTALE);
}

static int runs_five(void *argument)
{
    kp_group *group = kp_group_new(KP_FAILFAST);

    (void)argument;
    for (int i = 0; i < 5; i++)
        kp_go(group, says, &sleep_1000);
    int result = kp_group_wait(group);
    note("runner:%d ", result);
    CHECK_EQUAL(kp_group_wait(group), KP_ESTALE);
    return result;
}

static void canceling_who_waits_cancels_the_group(void)
{
    kp_task runner = kp_go(app(), runs_five, NULL);

    kp_sleep(100);
    kp_cancel(runner);
    settle();
    CHECK_TRACE("1000:-1 1000:-1 1000:-1 1000:-1 1000:-1 runner:-1 ");
}

static int runs_and_sleeps(void *argument)
{
    kp_group *group = kp_group_new(KP_FAILFAST);

    kp_go(group, says, argument);
    note("body:%d ", kp_sleep(1000));
    return kp_group_wait(group);
}

static void canceling_the_parent_in_its_body(void)
{
    kp_task runner = kp_go(app(), runs_and_sleeps, &sleep_1000);

    kp_sleep(100);
    kp_cancel(runner);
    settle();
    CHECK_TRACE_TURNS("body:-1 1000:-1 ");
}

static int fails_when_canceled(void *argument)
{
    sleeps(argument);
    return KP_EIO;
}

static int runs_those_that_fail(void *argument)
{
    kp_group *outer = kp_group_new(KP_FAILFAST), *group = kp_group_new(KP_FAILFAST);

    (void)argument;
    kp_go(outer, says, &sleep_1000);
    for (int i = 0; i < 5; i++)
        kp_go(group, fails_when_canceled, &sleep_1000);
    note("inner:%d ", kp_group_wait(group));
    note("outer:%d ", kp_group_wait(outer));
    return 0;
}

// To whoever waits, that it was itself canceled counts for more.
static void failures_while_canceled(void)
{
    kp_task runner = kp_go(app(), runs_those_that_fail, NULL);

    kp_sleep(100);
    kp_cancel(runner);
    settle();
    CHECK_TRACE("1000:-1 inner:-1 outer:-1 ");
}

static int returns_without_waiting(void *argument)
{
    kp_group *group = kp_group_new(KP_FAILFAST);

    kp_go(group, says, &sleep_1000);
    kp_go(group, says, &sleep_1000);
    if (argument)
        kp_sleep(*(int *)argument);
    note("returns ");
    return 7;
}

// A task has ended when all have that it started, even those that had not begun.
static void the_end_of_the_parent_cancels_the_group(void)
{
    int ten = 10, result = 0;

    for (int i = 0; i < 2; i++) {
        kp_task runner = kp_go(app(), returns_without_waiting, i ? &ten : NULL);
        CHECK_EQUAL(kp_join(runner, &result), 0);
        CHECK_EQUAL(result, 7);
        CHECK_TRACE("returns 1000:-1 1000:-1 ");
    }
}

static int nests(void *argument)
{
    kp_group *outer = kp_group_new(KP_FAILFAST), *inner = kp_group_new(KP_FAILFAST);

    kp_go(argument ? inner : outer, fails_at_100, NULL);
    kp_go(argument ? outer : inner, says, &sleep_200);
    note("inner:%d ", kp_group_wait(inner));
    note("outer:%d ", kp_group_wait(outer));
    return 0;
}

// Unlike a nursery, a group that fails does not cancel the task that made it: it hears of it when it waits.
static void failures_in_nested_groups(void)
{
    kp_task task = kp_go(app(), nests, NULL);

    CHECK_EQUAL(kp_join(task, NULL), 0);
    CHECK_TRACE("200:0 inner:0 outer:-8 ");
    task = kp_go(app(), nests, "inner fails");
    CHECK_EQUAL(kp_join(task, NULL), 0);
    CHECK_TRACE("inner:-8 200:0 outer:0 ");
}

static int starts_two(void *argument)
{
    kp_sleep(100);
    CHECK(kp_go(NULL, says, &sleep_100));
    CHECK(kp_go(argument, says, &sleep_200));
    return 0;
}

static void tasks_start_tasks_of_their_group(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    int64_t start = kp_now();

    kp_go(group, starts_two, group);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_EQUAL(kp_now() - start, 300);
    CHECK_TRACE("100:0 200:0 ");
}

static int heads;

static int hydra(void *argument)
{
    heads++;
    if (kp_sleep(10) < 0 || heads > 1000)
        return KP_ECANCELED;
    kp_go(NULL, hydra, argument);
    kp_go(NULL, hydra, argument);
    return 0;
}

static int hercules(void *argument)
{
    (void)argument;
    for (int i = 0; i < 100 && heads < 10; i++)
        kp_sleep(15);
    return KP_EIO;
}

static void a_growing_group_fails(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);

    kp_go(group, hydra, NULL);
    kp_go(group, hercules, NULL);
    CHECK_EQUAL(kp_group_wait(group), KP_EIO);
    CHECK(heads >= 10);
}

static int tries_to_start(void *argument)
{
    CHECK_EQUAL(kp_sleep(1000), KP_ECANCELED);
    CHECK(!kp_go(argument, says, &sleep_100));
    CHECK(!kp_go(NULL, says, &sleep_100));
    return KP_ECANCELED;
}

static void no_task_starts_after_a_failure(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);

    kp_go(group, fails_at_100, NULL);
    kp_go(group, tries_to_start, group);
    CHECK_EQUAL(kp_group_wait(group), KP_EIO);
    CHECK(!kp_go(group, says, &sleep_100));
}

// --- As bundles

static void empty_and_finished_groups(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);

    CHECK_EQUAL(kp_group_wait(group), 0);
    group = kp_group_new(KP_FAILFAST);
    int zero = 0;
    kp_go(group, returns, &zero);
    kp_sleep(100);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_EQUAL(kp_group_wait(NULL), KP_ESTALE);
}

static void waiting_for_a_group_in_time(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    int64_t start = kp_now();

    kp_go(group, sleeps, &sleep_100);
    KP_TIMEOUT(1000)
    {
        CHECK_EQUAL(kp_group_wait(group), 0);
    }
    CHECK_EQUAL(kp_now() - start, 100);
    group = kp_group_new(KP_FAILFAST);
    kp_go(group, says, &forever);
    KP_TIMEOUT(50)
    {
        CHECK_EQUAL(kp_group_wait(group), KP_ETIMEDOUT);
    }
    CHECK_EQUAL(kp_now() - start, 150);
    CHECK_TRACE("1000000:-1 "); // it has ended too
}

static int waits_for(void *argument)
{
    note("%d ", kp_group_wait(argument));
    return 0;
}

static int returns_later(void *argument)
{
    int result = kp_sleep(10);

    return result < 0 ? result : *(const int *)argument;
}

static void two_wait_for_one_group(void)
{
    int results[] = { 0, KP_EIO };

    for (int i = 0; i < 2; i++) {
        kp_group *group = kp_group_new(KP_FAILFAST);
        kp_go(group, sleeps, &sleep_100);
        kp_go(group, returns_later, &results[i]);
        arrive(app(), waits_for, group);
        CHECK_EQUAL(kp_group_wait(group), results[i]);
        settle();
        CHECK_TRACE(i ? "-8 " : "0 ");
    }
}

static int waits_for_its_own(void *argument)
{
    CHECK_EQUAL(kp_group_wait(argument), KP_EDEADLK);
    kp_group *inner = kp_group_new(KP_FAILFAST);
    if (inner && kp_go(inner, waits_for, argument))
        CHECK_EQUAL(kp_group_wait(inner), 0);
    return 0;
}

static void no_task_waits_for_its_own_group(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);

    kp_go(group, waits_for_its_own, group);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("-6 "); // nor that of the task that made its own
}

static int takes_memory(void *argument)
{
    char *bytes = kp_group_alloc(NULL, 100);

    if (!bytes)
        return KP_ENOMEM;
    for (int i = 0; i < 100; i++)
        CHECK_EQUAL(bytes[i], 0);
    memset(bytes, 1, 100);
    kp_sleep(10);
    note("%d ", ((char *)argument)[9] + bytes[99]);
    return 0;
}

static void memory_of_a_group(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    char *bytes = kp_group_alloc(group, 10);

    CHECK(bytes);
    if (!bytes)
        return;
    bytes[9] = 3;
    kp_go(group, takes_memory, bytes);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("4 ");
    CHECK(!kp_group_alloc(group, 10));
    CHECK(!kp_group_alloc(app(), SIZE_MAX));
}

int main(void)
{
    RUN(waits_for_all);
    RUN(a_task_can_join_in_later);
    RUN(one_canceled_task_is_no_failure);
    RUN(a_failure_cancels_the_others);
    RUN(canceling_who_waits_cancels_the_group);
    RUN(canceling_the_parent_in_its_body);
    RUN(failures_while_canceled);
    RUN(the_end_of_the_parent_cancels_the_group);
    RUN(failures_in_nested_groups);
    RUN(tasks_start_tasks_of_their_group);
    RUN(a_growing_group_fails);
    RUN(no_task_starts_after_a_failure);
    RUN(empty_and_finished_groups);
    RUN(waiting_for_a_group_in_time);
    RUN(two_wait_for_one_group);
    RUN(no_task_waits_for_its_own_group);
    RUN(memory_of_a_group);
    return check_result();
}
