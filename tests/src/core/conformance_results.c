// SPDX-License-Identifier: MIT
// Groups that keep results, or report failures, and joining, by the cases of asyncio's gather, wait and
// as_completed, trio's nurseries and neco's join: see conformance.md.
#include "conformance.h"

typedef struct {
    int milliseconds, result;
} job;

static int does(void *argument)
{
    const job *self = argument;
    int slept = kp_sleep(self->milliseconds);

    return slept < 0 ? slept : self->result;
}

static kp_group *start(job *jobs, int count)
{
    kp_group *group = kp_group_new(KP_COLLECT);

    for (int i = 0; i < count; i++)
        CHECK(kp_go(group, does, &jobs[i]));
    return group;
}

// --- All results

static void gathers_in_the_order_of_starting(void)
{
    job jobs[] = { { 30, 1 }, { 10, 2 }, { 20, KP_EIO } };
    int results[4] = { 9, 9, 9, 9 };

    CHECK_EQUAL(kp_group_gather(start(jobs, 3), results, 4), 3);
    CHECK_EQUAL(results[0], 1);
    CHECK_EQUAL(results[1], 2);
    CHECK_EQUAL(results[2], KP_EIO); // a failure cancels none of the others
    CHECK_EQUAL(results[3], 9);
}

static void gathers_fewer_than_there_are(void)
{
    job jobs[] = { { 0, 1 }, { 0, 2 } };
    int result = 0;

    CHECK_EQUAL(kp_group_gather(start(jobs, 2), &result, 1), 2);
    CHECK_EQUAL(result, 1);
    CHECK_EQUAL(kp_group_gather(start(jobs, 2), NULL, 0), 2);
    CHECK_EQUAL(kp_group_gather(start(jobs, 0), NULL, 0), 0);
}

static void gathering_after_taking_one(void)
{
    job jobs[] = { { 20, 1 }, { 10, 2 } };
    kp_group *group = start(jobs, 2);
    int results[2] = { 0 }, result = 0;

    CHECK_EQUAL(kp_group_next(group, NULL, &result), 0);
    CHECK_EQUAL(result, 2);
    CHECK_EQUAL(kp_group_gather(group, results, 2), 2);
    CHECK_EQUAL(results[0], 1);
    CHECK_EQUAL(results[1], KP_ENOENT);
}

static int gathers(void *argument)
{
    note("%d ", kp_group_gather(start(argument, 2), NULL, 0));
    return 0;
}

static void canceling_who_gathers(void)
{
    job jobs[] = { { 10000, 1 }, { 10000, 2 } };
    kp_task task = kp_go(app(), gathers, jobs);
    int64_t started = kp_now();

    kp_sleep(10);
    kp_cancel(task);
    settle();
    CHECK_TRACE("-1 ");
    CHECK_EQUAL(kp_now() - started, 10);
}

static void one_of_those_gathered_is_canceled(void)
{
    job jobs[] = { { 10, 1 }, { 10, 2 } };
    kp_group *group = kp_group_new(KP_COLLECT);
    kp_task first = kp_go(group, does, &jobs[0]);
    int results[2] = { 0 };

    kp_go(group, does, &jobs[1]);
    settle();
    kp_cancel(first);
    CHECK_EQUAL(kp_group_gather(group, results, 2), 2);
    CHECK_EQUAL(results[0], KP_ECANCELED);
    CHECK_EQUAL(results[1], 2);
}

static void gathering_too_long(void)
{
    job jobs[] = { { 10, 1 }, { 10000, 2 } };
    int results[2] = { 9, 9 };
    kp_group *group = start(jobs, 2);

    KP_TIMEOUT(50)
    {
        CHECK_EQUAL(kp_group_gather(group, results, 2), KP_ETIMEDOUT);
    }
    CHECK_EQUAL(results[0], 9);
    CHECK_EQUAL(kp_group_gather(group, results, 2), KP_ESTALE);
}

// --- As they come

static void as_they_end(void)
{
    job jobs[] = { { 30, 3 }, { 10, 1 }, { 20, 2 } };
    kp_group *group = start(jobs, 3);
    int64_t started = kp_now();
    int result;
    kp_task task;

    for (int i = 1; i <= 3; i++) {
        CHECK_EQUAL(kp_group_next(group, &task, &result), 0);
        CHECK_EQUAL(result, i);
        CHECK_EQUAL(kp_now() - started, 10 * i);
        CHECK_EQUAL(kp_join(task, NULL), KP_ENOENT); // its result was taken
    }
    CHECK_EQUAL(kp_group_next(group, &task, &result), KP_ENOENT);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_EQUAL(kp_group_next(group, &task, &result), KP_ESTALE);
}

static void those_of_one_moment_all_come(void)
{
    job jobs[] = { { 10, 1 }, { 10, 2 }, { 0, 3 }, { 0, 4 } };
    kp_group *group = start(jobs, 4);
    int result;

    kp_sleep(50);
    for (int i = 0; i < 4; i++) {
        CHECK_EQUAL(kp_group_next(group, NULL, &result), 0);
        note("%d ", result);
    }
    CHECK_TRACE_TURNS("3 4 1 2 ");
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void as_they_end_but_not_for_ever(void)
{
    job jobs[] = { { 100, 1 }, { 150, 2 } };
    kp_group *group = start(jobs, 2);
    int result = 0;

    KP_TIMEOUT(120)
    {
        CHECK_EQUAL(kp_group_next(group, NULL, &result), 0);
        CHECK_EQUAL(result, 1);
        CHECK_EQUAL(kp_group_next(group, NULL, &result), KP_ETIMEDOUT);
    }
    CHECK_EQUAL(kp_group_next(group, NULL, &result), 0); // the group goes on
    CHECK_EQUAL(result, 2);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static int takes_next(void *argument)
{
    int result = 0, taken = kp_group_next(argument, NULL, &result);

    note("%d ", taken < 0 ? taken : result);
    return 0;
}

static void two_take_from_one_group(void)
{
    job jobs[] = { { 10, 1 }, { 20, 2 } };
    kp_group *group = start(jobs, 2);

    kp_go(app(), takes_next, group);
    kp_go(app(), takes_next, group);
    kp_go(app(), takes_next, group);
    kp_sleep(30);
    CHECK_TRACE("1 2 -7 ");
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void a_canceled_task_takes_nothing(void)
{
    job jobs[] = { { 0, 1 } };
    kp_group *group = start(jobs, 1);
    int result;

    settle();
    kp_cancel(kp_go(app(), takes_next, group));
    settle();
    CHECK_TRACE("-1 ");
    KP_NOSUSPEND
    {
        CHECK_EQUAL(kp_group_next(group, NULL, &result), KP_EDEADLK);
        CHECK_EQUAL(kp_group_race(group), KP_EDEADLK);
        CHECK_EQUAL(kp_group_gather(group, NULL, 0), KP_EDEADLK);
        CHECK_EQUAL(kp_group_wait(group), KP_EDEADLK);
    }
    CHECK_EQUAL(kp_group_next(group, NULL, &result), 0);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void taking_from_a_canceled_group(void)
{
    job jobs[] = { { 10, 1 }, { 1000, 2 } };
    kp_group *group = start(jobs, 2);
    int result;

    kp_sleep(20);
    kp_group_cancel(group);
    CHECK_EQUAL(kp_group_next(group, NULL, &result), 0);
    CHECK_EQUAL(result, 1);
    CHECK_EQUAL(kp_group_next(group, NULL, &result), 0);
    CHECK_EQUAL(result, KP_ECANCELED);
    CHECK_EQUAL(kp_group_next(group, NULL, &result), KP_ENOENT);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

// --- The first

static void the_first_wins(void)
{
    job jobs[] = { { 100, 1 }, { 50, 2 }, { 10000, 3 } };
    int64_t started = kp_now();

    CHECK_EQUAL(kp_group_race(start(jobs, 3)), 2);
    CHECK_EQUAL(kp_now() - started, 50);
    jobs[1].result = KP_EIO;
    CHECK_EQUAL(kp_group_race(start(jobs, 3)), KP_EIO); // also by failing
    CHECK_EQUAL(kp_group_race(start(jobs, 0)), KP_ENOENT);
    KP_TIMEOUT(10)
    {
        CHECK_EQUAL(kp_group_race(start(jobs, 3)), KP_ETIMEDOUT);
    }
    CHECK_EQUAL(kp_now() - started, 110);
}

static int races_in_vain(void *argument)
{
    note("%d ", kp_group_race(start(argument, 2)));
    return 0;
}

static void canceling_a_race(void)
{
    job jobs[] = { { 100, 1 }, { 50, 2 } };
    kp_task task = kp_go(app(), races_in_vain, jobs);

    kp_sleep(10);
    kp_cancel(task);
    settle();
    CHECK_TRACE("-1 ");
}

static void only_of_groups_that_collect(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);

    CHECK_EQUAL(kp_group_next(group, NULL, NULL), KP_EINVAL);
    CHECK_EQUAL(kp_group_gather(group, NULL, 0), KP_EINVAL);
    CHECK_EQUAL(kp_group_race(group), KP_EINVAL);
    CHECK_EQUAL(kp_group_race(NULL), KP_ESTALE);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

// --- Joining

static int joins(void *argument)
{
    int result = -99, joined = kp_join(*(kp_task *)argument, &result);

    note("%d:%d ", joined, result);
    return 0;
}

static void many_join_one(void)
{
    job slow = { 10, 42 };
    kp_task task = kp_go(app(), does, &slow);

    kp_go(app(), joins, &task);
    kp_go(app(), joins, &task);
    kp_task canceled = kp_go(app(), joins, &task);
    settle();
    kp_cancel(canceled);
    CHECK_EQUAL(kp_join(task, NULL), 0);
    settle();
    CHECK_TRACE("-1:-99 0:42 0:42 ");
    CHECK_EQUAL(kp_join(task, NULL), KP_ENOENT);
    CHECK_EQUAL(kp_join(kp_self(), NULL), KP_EDEADLK);
    CHECK_EQUAL(kp_join(0, NULL), KP_ENOENT);
}

static void a_kept_result_can_be_asked_for_again(void)
{
    job jobs[] = { { 10, 5 } };
    kp_group *group = kp_group_new(KP_COLLECT);
    kp_task task = kp_go(group, does, jobs);
    int result = 0;

    kp_sleep(20);
    CHECK_EQUAL(kp_cancel(task), KP_ENOENT);
    for (int i = 0; i < 2; i++) {
        CHECK_EQUAL(kp_join(task, &result), 0);
        CHECK_EQUAL(result, 5);
    }
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_EQUAL(kp_join(task, &result), KP_ENOENT);
}

// --- Failures that are nobody's business, and those that are

static char heard[128];

static void hear(kp_event *e)
{
    snprintf(heard, sizeof heard, "%d", e->code);
}

static int makes_and_leaves(void *argument)
{
    job fails = { 0, KP_EIO }, succeeds = { 5, 0 };
    kp_group *group = kp_group_new(*(kp_policy *)argument);

    kp_go(group, does, &fails);
    kp_go(group, does, &succeeds);
    kp_sleep(10);
    return 0;
}

// A failure that nobody waits for reaches the page's error handler.
static void failures_are_never_silent(void)
{
    kp_policy policies[] = { KP_FAILFAST, KP_SUPERVISE, KP_COLLECT };

    kp_on_error(kp_page, hear);
    for (int i = 0; i < 3; i++) {
        *heard = 0;
        CHECK_EQUAL(kp_join(kp_go(app(), makes_and_leaves, &policies[i]), NULL), 0);
        settle();
        CHECK_TEXT(heard, policies[i] == KP_COLLECT ? "" : "-8");
    }
    kp_group *group = kp_group_new(KP_SUPERVISE);
    job jobs[] = { { 0, KP_EIO }, { 20, 0 } };
    *heard = 0;
    kp_go(group, does, &jobs[0]);
    kp_go(group, does, &jobs[1]);
    int64_t started = kp_now();
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_EQUAL(kp_now() - started, 20); // the others were not canceled
    settle();
    CHECK_TEXT(heard, "-8");
    kp_on_error(kp_page, NULL);
}

int main(void)
{
    RUN(gathers_in_the_order_of_starting);
    RUN(gathers_fewer_than_there_are);
    RUN(gathering_after_taking_one);
    RUN(canceling_who_gathers);
    RUN(one_of_those_gathered_is_canceled);
    RUN(gathering_too_long);
    RUN(as_they_end);
    RUN(those_of_one_moment_all_come);
    RUN(as_they_end_but_not_for_ever);
    RUN(two_take_from_one_group);
    RUN(a_canceled_task_takes_nothing);
    RUN(taking_from_a_canceled_group);
    RUN(the_first_wins);
    RUN(canceling_a_race);
    RUN(only_of_groups_that_collect);
    RUN(many_join_one);
    RUN(a_kept_result_can_be_asked_for_again);
    RUN(failures_are_never_silent);
    return check_result();
}
