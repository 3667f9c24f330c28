// SPDX-License-Identifier: MIT
// Cancellation at every kind of wait, and shields, by the cases of trio's and asyncio's tasks, neco's cancel
// and libdill's hclose: see conformance.md.
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "conformance.h"

// --- Every kind of wait

static kp_flag flag;
static kp_sem sem;
static kp_mutex mutex, held;
static kp_cond cond;
static kp_chan *channel;
static kp_group *slow;
static kp_task slow_task;
static char text[] = "x";

static int in_sleep(void *argument)
{
    (void)argument;
    return kp_sleep(1000);
}

static int in_sleep_until(void *argument)
{
    (void)argument;
    return kp_sleep_until(kp_now() + 1000);
}

static int in_yield(void *argument)
{
    int result = 0;

    (void)argument;
    for (int i = 0; i < 100 && !result; i++)
        result = kp_yield();
    return result;
}

static int in_frame(void *argument)
{
    int result = 0;

    (void)argument;
    for (int i = 0; i < 100 && !result; i++)
        result = kp_frame();
    return result;
}

static int in_idle(void *argument)
{
    int result = 0;

    (void)argument;
    for (int i = 0; i < 100 && !result; i++)
        result = kp_idle(100);
    return result;
}

static int in_interval(void *argument)
{
    kp_interval beat = kp_every(1000);

    (void)argument;
    return kp_interval_wait(&beat);
}

static int in_send(void *argument)
{
    (void)argument;
    return give(channel, 1);
}

static int in_recv(void *argument)
{
    (void)argument;
    return take(channel);
}

static int in_flag(void *argument)
{
    (void)argument;
    return kp_flag_wait(&flag);
}

static int in_sem(void *argument)
{
    (void)argument;
    return kp_sem_acquire(&sem);
}

static int in_lock(void *argument)
{
    (void)argument;
    return kp_lock(&held);
}

static int in_cond(void *argument)
{
    (void)argument;
    int locked = kp_lock(&mutex);
    int result = kp_cond_wait(&cond, &mutex);
    int unlocked = kp_unlock(&mutex);
    return locked == KP_ECANCELED ? KP_ECANCELED : unlocked ? unlocked : result;
}

static int in_join(void *argument)
{
    (void)argument;
    return kp_join(slow_task, NULL);
}

static int in_group_wait(void *argument)
{
    kp_group *group = kp_group_new(KP_FAILFAST);

    if (group)
        kp_go(group, in_sleep, argument);
    return kp_group_wait(group);
}

static int in_group_next(void *argument)
{
    (void)argument;
    return kp_group_next(slow, NULL, NULL);
}

static int in_select(void *argument)
{
    (void)argument;
    int item;
    kp_case cases[] = { KP_RECV(channel, &item), KP_FLAG(&flag), KP_JOIN(slow_task, NULL), KP_AFTER(1000) };
    return kp_select(cases, 4);
}

static int in_suspend(void *argument)
{
    (void)argument;
    return kp_suspend(kp_ticket_new(), "an answer", NULL, NULL);
}

static int in_await(void *argument)
{
    char *answer;
    int result = kp_await("never", argument, &answer);

    CHECK(!answer);
    return result;
}

static int in_nanosleep(void *argument)
{
    struct timespec second = { 1, 0 }, left = { 0, 0 };

    (void)argument;
    if (nanosleep(&second, &left) == 0)
        return KP_EIO;
    CHECK_EQUAL(errno, EINTR);
    CHECK(left.tv_sec <= 1 && left.tv_sec + left.tv_nsec > 0);
    return KP_ECANCELED;
}

static const kp_task_function waits[] = { in_sleep, in_sleep_until, in_yield,    in_frame,     in_idle,
                                          in_send,  in_recv,        in_flag,     in_sem,       in_lock,
                                          in_cond,  in_join,        in_select,   in_suspend,   in_group_wait,
                                          in_await, in_nanosleep,   in_interval, in_group_next };
#define WAITS (sizeof waits / sizeof *waits)

static int result_of(kp_task_function wait, void (*between)(kp_task))
{
    kp_group *group = kp_group_new(KP_COLLECT);
    kp_task task = kp_go(group, wait, text);
    int result = 1;

    between(task);
    CHECK_EQUAL(kp_group_gather(group, &result, 1), 1);
    return result;
}

static void cancel_after_a_turn(kp_task task)
{
    settle();
    kp_cancel(task);
}

static void cancel_before_it_starts(kp_task task)
{
    kp_cancel(task);
}

static void cancel_twice(kp_task task)
{
    settle();
    kp_cancel(task);
    kp_cancel(task);
}

// What there is to wait for in vain.
static void begin_to_hold_up(void)
{
    channel = ints(NULL, 0);
    slow = kp_group_new(KP_COLLECT);
    slow_task = kp_go(slow, in_sleep, NULL);
    CHECK_EQUAL(kp_lock(&held), 0);
}

// Nothing is left of all those that gave up.
static void all_have_given_up(void)
{
    CHECK_EQUAL(kp_unlock(&held), 0);
    CHECK_EQUAL(kp_group_wait(slow), 0);
    CHECK_EQUAL(try_give(channel, 1), KP_EAGAIN);
    CHECK_EQUAL(kp_try_lock(&mutex), 0);
    CHECK_EQUAL(kp_try_lock(&held), 0);
    CHECK_EQUAL(kp_unlock(&mutex), 0);
    CHECK_EQUAL(kp_unlock(&held), 0);
    kp_sem_release(&sem);
    CHECK_EQUAL(kp_sem_try_acquire(&sem), 0);
}

static void every_wait_can_be_canceled(void)
{
    static void (*const ways[])(kp_task) = { cancel_after_a_turn, cancel_before_it_starts, cancel_twice };
    int64_t started = kp_now();

    begin_to_hold_up();
    for (size_t way = 0; way < 3; way++)
        for (size_t i = 0; i < WAITS; i++)
            CHECK_EQUAL(result_of(waits[i], ways[way]), KP_ECANCELED);
    CHECK(kp_now() - started < 500);
    all_have_given_up();
}

static int in_time(void *argument)
{
    int result = 0;

    KP_TIMEOUT(30)
    {
        result = waits[*(size_t *)argument](text);
    }
    CHECK(kp_timed_out());
    CHECK_EQUAL(kp_check(), 0);
    return result;
}

// The same waits, each as long as a time limit lets it.
static void every_wait_can_time_out(void)
{
    begin_to_hold_up();
    for (size_t i = 0; i < WAITS; i++) {
        if (waits[i] == in_nanosleep || waits[i] == in_yield)
            continue; // the one has its own code, the other takes no time
        kp_group *group = kp_group_new(KP_COLLECT);
        int result = 1;
        kp_go(group, in_time, &i);
        CHECK_EQUAL(kp_group_gather(group, &result, 1), 1);
        CHECK_EQUAL(result, KP_ETIMEDOUT);
    }
    all_have_given_up();
}

// --- What a canceled task can do

static int checks_itself(void *argument)
{
    (void)argument;
    CHECK_EQUAL(kp_check(), 0);
    CHECK_EQUAL(kp_cancel(kp_self()), 0);
    CHECK_EQUAL(kp_check(), KP_ECANCELED);
    KP_NOSUSPEND
    {
        CHECK_EQUAL(kp_check(), KP_ECANCELED);
        CHECK_EQUAL(kp_sleep(1), KP_EDEADLK);
    }
    CHECK_EQUAL(kp_sleep(1), KP_ECANCELED);
    CHECK_EQUAL(kp_yield(), KP_ECANCELED);
    CHECK_EQUAL(kp_try_lock(&mutex), 0); // what does not wait works
    CHECK_EQUAL(kp_unlock(&mutex), 0);
    kp_group *group = kp_group_new(KP_FAILFAST);
    CHECK(group);
    CHECK(!kp_go(group, in_sleep, NULL));
    CHECK_EQUAL(kp_group_wait(group), KP_ECANCELED);
    note("done ");
    return 3;
}

static void a_task_cancels_itself(void)
{
    int result = 0;

    CHECK_EQUAL(kp_join(kp_go(app(), checks_itself, NULL), &result), 0);
    CHECK_EQUAL(result, 3); // its own result counts
    CHECK_TRACE("done ");
}

static int catches(void *argument)
{
    int result = kp_sleep(10000);

    (void)argument;
    return result == KP_ECANCELED ? 42 : result;
}

static void a_task_may_return_what_it_likes(void)
{
    CHECK_EQUAL(result_of(catches, cancel_after_a_turn), 42);
}

static int cancels(void *argument)
{
    kp_cancel(*(kp_task *)argument);
    return 0;
}

static int is_canceled_by_child(void *argument)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_task self = kp_self();

    (void)argument;
    kp_go(group, cancels, &self);
    return kp_group_wait(group);
}

static void a_child_cancels_its_parent(void)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    int result;

    kp_go(group, is_canceled_by_child, NULL);
    CHECK_EQUAL(kp_group_gather(group, &result, 1), 1);
    CHECK_EQUAL(result, KP_ECANCELED);
}

static int nests_deep(void *argument)
{
    int *depth = argument;
    kp_group *group = kp_group_new(KP_FAILFAST);

    if (--*depth)
        kp_go(group, nests_deep, depth);
    else
        kp_go(group, in_sleep, NULL);
    int result = kp_group_wait(group);
    note("%d ", result);
    return result;
}

static void cancellation_reaches_the_grandchildren(void)
{
    int depth = 5;
    kp_task task = kp_go(app(), nests_deep, &depth);

    settle();
    CHECK_EQUAL(depth, 0);
    kp_cancel(task);
    CHECK_EQUAL(kp_join(task, NULL), 0);
    CHECK_TRACE("-1 -1 -1 -1 -1 ");
}

int main(void)
{
    RUN(every_wait_can_be_canceled);
    RUN(every_wait_can_time_out);
    RUN(a_task_cancels_itself);
    RUN(a_task_may_return_what_it_likes);
    RUN(a_child_cancels_its_parent);
    RUN(cancellation_reaches_the_grandchildren);
    return check_result();
}
