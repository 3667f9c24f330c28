// SPDX-License-Identifier: MIT
// Time: sleeping, beats, frames, and what libc waits with, by the cases of libdill's sleep and overload,
// neco's sleep, trio's timeouts and clock, and of our own: see conformance.md.
#define _GNU_SOURCE // usleep, clock_nanosleep
#include <errno.h>
#include <poll.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "conformance.h"

// Compares how long it took since the last time it was asked.
#define CHECK_TOOK(milliseconds) (CHECK_EQUAL(kp_now() - last, milliseconds), (void)(last = kp_now()))
static int64_t last;

static int sleeps_and_says(void *argument)
{
    int result = sleeps(argument);

    note("%d ", *(int *)argument);
    return result;
}

static void those_that_sleep_longer_wake_later(void)
{
    int times[] = { 30, 40, 10, 20 };
    kp_group *group = kp_group_new(KP_FAILFAST);

    last = kp_now();
    for (int i = 0; i < 4; i++)
        kp_go(group, sleeps_and_says, &times[i]);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("10 20 30 40 ");
    CHECK_TOOK(40);
}

static void those_of_one_moment_wake_in_the_order_of_asking(void)
{
    int ten = 10, five = 5;
    kp_group *group = kp_group_new(KP_FAILFAST);

    kp_go(group, sleeps_and_says, &ten);
    settle();
    kp_sleep(5);
    kp_go(group, sleeps_and_says, &five);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE_TURNS("10 5 ");
}

static int spins(void *argument)
{
    int *left = argument;

    while (*left > 0 && kp_yield() == 0)
        --*left;
    return 0;
}

static int stops_it(void *argument)
{
    kp_sleep(0);
    *(int *)argument = 0;
    return 0;
}

// Tasks that never rest hold up neither each other nor who wants to end them.
static void under_load(void)
{
    int turns = OFTEN(1 << 30, 1000);
    kp_group *group = kp_group_new(KP_FAILFAST);

    last = kp_now();
    for (int i = 0; i < 3; i++)
        kp_go(group, spins, &turns);
    kp_go(group, stops_it, &turns);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TOOK(0);
}

static int relays(void *argument)
{
    const work *self = argument;
    int value;

    while ((value = take(self->channel)) >= 0)
        if (give(self->other, value) < 0)
            break;
    return 0;
}

static void two_that_feed_each_other_can_be_stopped(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    work there = { ints(group, 0), ints(group, 0), 0 }, back = { there.other, there.channel, 0 };

    kp_go(group, relays, &there);
    kp_go(group, relays, &back);
    CHECK_EQUAL(give(there.channel, 42), 0);
    settle();
    kp_group_cancel(group);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void sleeping_until(void)
{
    last = kp_now();
    CHECK_EQUAL(kp_sleep_until(last + 25), 0);
    CHECK_TOOK(25);
    CHECK_EQUAL(kp_sleep_until(last), 0);
    CHECK_EQUAL(kp_sleep_until(0), 0);
    CHECK_EQUAL(kp_sleep_until(INT64_MIN), 0);
    CHECK_EQUAL(kp_sleep(INT64_MIN), 0);
    CHECK_TOOK(0);
}

static void sleeping_for_ever_can_be_cut_short(void)
{
    last = kp_now();
    KP_TIMEOUT(5)
    {
        CHECK_EQUAL(kp_sleep(INT64_MAX), KP_ETIMEDOUT);
    }
    KP_TIMEOUT(5)
    {
        CHECK_EQUAL(kp_sleep_until(INT64_MAX), KP_ETIMEDOUT);
    }
    CHECK_TOOK(10);
}

static void no_sleep_is_a_turn(void)
{
    int zero = 0;
    kp_group *group = kp_group_new(KP_FAILFAST);

    kp_go(group, sleeps_and_says, &zero);
    kp_go(group, sleeps_and_says, &zero);
    kp_sleep(0);
    note("once ");
    kp_sleep(-1);
    note("twice ");
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE_TURNS("once 0 0 twice ");
}

// --- Beats

static void a_beat_does_not_drift(void)
{
    int64_t started = kp_now();
    kp_interval beat = kp_every(10);

    for (int i = 1; i <= 5; i++) {
        CHECK_EQUAL(kp_interval_wait(&beat), 1);
        CHECK_EQUAL(kp_now() - started, 10 * i);
        kp_sleep(i);
    }
}

static void missed_ticks_are_counted(void)
{
    int64_t started = kp_now();
    kp_interval beat = kp_every(10);

    kp_sleep(35);
    CHECK_EQUAL(kp_interval_wait(&beat), 3);
    CHECK_EQUAL(kp_now() - started, 35);
    CHECK_EQUAL(kp_interval_wait(&beat), 1);
    CHECK_EQUAL(kp_now() - started, 40);
    kp_sleep(10);
    CHECK_EQUAL(kp_interval_wait(&beat), 1); // just now
    CHECK_EQUAL(kp_now() - started, 50);
    kp_sleep(600000);
    CHECK_EQUAL(kp_interval_wait(&beat), 60000);
}

static int says_turn(void *argument)
{
    note("%s ", (const char *)argument);
    return 0;
}

static void who_is_always_late_lets_others_have_their_turn(void)
{
    kp_interval beat = kp_every(10);

    kp_sleep(20);
    kp_go(app(), says_turn, "turn");
    CHECK_EQUAL(kp_interval_wait(&beat), 2);
    note("tick ");
    settle();
    CHECK_TRACE_TURNS("turn tick ");
}

static void beats_that_cannot_be(void)
{
    kp_interval never = { 0 }, quick = kp_every(-5);

    CHECK_EQUAL(kp_interval_wait(&never), KP_EINVAL);
    last = kp_now();
    CHECK_EQUAL(kp_interval_wait(&quick), 1);
    CHECK_TOOK(1);
    KP_TIMEOUT(5)
    {
        kp_interval rare = kp_every(INT64_MAX);
        CHECK_EQUAL(kp_interval_wait(&rare), KP_ETIMEDOUT);
    }
}

// --- Frames and leisure

static int waits_for_frame(void *argument)
{
    (void)argument;
    CHECK_EQUAL(kp_frame(), 0);
    note("%d ", (int)(kp_now() - last));
    return 0;
}

static void a_frame_is_for_all_that_wait(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);

    kp_frame();
    last = kp_now();
    kp_go(group, waits_for_frame, NULL);
    kp_go(group, waits_for_frame, NULL);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("16 16 ");
}

static void leisure_comes_or_time_passes(void)
{
    CHECK_EQUAL(kp_idle(1000), 0);
    CHECK_EQUAL(kp_idle(-1), 0);
    CHECK_EQUAL(kp_idle(0), 0);
}

// --- libc

static void libc_sleeps(void)
{
    struct timespec time = { 0, 1 }, left, bad = { 0, 1000000000 }, negative = { -1, 0 };

    last = kp_now();
    CHECK_EQUAL(nanosleep(&time, &left), 0);
    CHECK_TOOK(1); // never less than asked for
    CHECK_EQUAL(nanosleep(&bad, NULL), -1);
    CHECK_EQUAL(errno, EINVAL);
    CHECK_EQUAL(nanosleep(&negative, NULL), -1);
    time = (struct timespec){ 2, 500000000 };
    CHECK_EQUAL(clock_nanosleep(CLOCK_MONOTONIC, 0, &time, &left), 0);
    CHECK_TOOK(2500);
    time = (struct timespec){ 0, 0 };
    CHECK_EQUAL(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, NULL), 0); // long ago
    CHECK_EQUAL(clock_nanosleep(CLOCK_MONOTONIC, 0, &bad, NULL), EINVAL);
    CHECK_EQUAL(usleep(1500), 0);
    CHECK_TOOK(2);
    CHECK_EQUAL(sleep(3), 0);
    CHECK_TOOK(3000);
    KP_TIMEOUT(1500)
    {
        CHECK_EQUAL(sleep(3), 2); // seconds that were left, rounded up
    }
    KP_TIMEOUT(500)
    {
        time = (struct timespec){ 3, 0 };
        CHECK_EQUAL(nanosleep(&time, &left), -1);
        CHECK_EQUAL(errno, EINTR);
        CHECK(left.tv_sec == 2 && left.tv_nsec == 500000000);
        CHECK_EQUAL(usleep(10), -1);
    }
    CHECK_TOOK(2000);
}

static void libc_polls(void)
{
    struct pollfd files[] = { { STDIN_FILENO, POLLIN, 0 }, { -1, POLLIN, 7 } };
    struct pollfd output = { STDOUT_FILENO, POLLIN | POLLOUT, 0 }, unknown = { 77, POLLIN, 0 };

    last = kp_now();
    CHECK_EQUAL(poll(files, 2, 20), 0);
    CHECK_TOOK(20);
    CHECK_EQUAL(files[1].revents, 0);
    CHECK_EQUAL(poll(NULL, 0, 5), 0);
    CHECK_EQUAL(poll(files, 2, 0), 0);
    CHECK_EQUAL(poll(&output, 1, -1), 1);
    CHECK_EQUAL(output.revents, POLLOUT);
    CHECK_EQUAL(poll(&unknown, 1, -1), 1);
    CHECK_EQUAL(unknown.revents, POLLNVAL);
    CHECK_TOOK(5);
    KP_TIMEOUT(30)
    {
        CHECK_EQUAL(poll(files, 2, -1), -1);
        CHECK_EQUAL(errno, EINTR);
    }
    CHECK_TOOK(30);
}

static void libc_selects(void)
{
    struct timeval time = { 0, 20001 }, negative = { -1, 0 };
    fd_set reading, writing;

    last = kp_now();
    FD_ZERO(&reading);
    FD_ZERO(&writing);
    CHECK_EQUAL(select(0, NULL, NULL, NULL, &time), 0);
    CHECK_TOOK(21);
    FD_SET(STDIN_FILENO, &reading);
    CHECK_EQUAL(select(1, &reading, NULL, NULL, &time), 0);
    CHECK(!FD_ISSET(STDIN_FILENO, &reading));
    CHECK_TOOK(21);
    FD_SET(STDOUT_FILENO, &writing);
    CHECK_EQUAL(select(2, NULL, &writing, NULL, NULL), 1);
    CHECK(FD_ISSET(STDOUT_FILENO, &writing));
    FD_SET(9, &reading);
    CHECK_EQUAL(select(10, &reading, NULL, NULL, &time), -1);
    CHECK_EQUAL(errno, EBADF);
    CHECK_EQUAL(select(FD_SETSIZE + 1, &reading, NULL, NULL, &time), -1);
    CHECK_EQUAL(errno, EINVAL);
    CHECK_EQUAL(select(-1, NULL, NULL, NULL, NULL), -1);
    CHECK_EQUAL(select(0, NULL, NULL, NULL, &negative), -1);
    KP_TIMEOUT(10)
    {
        CHECK_EQUAL(select(0, NULL, NULL, NULL, NULL), -1);
        CHECK_EQUAL(errno, EINTR);
    }
    CHECK_TOOK(10);
}

int main(void)
{
    RUN(those_that_sleep_longer_wake_later);
    RUN(those_of_one_moment_wake_in_the_order_of_asking);
    RUN(under_load);
    RUN(two_that_feed_each_other_can_be_stopped);
    RUN(sleeping_until);
    RUN(sleeping_for_ever_can_be_cut_short);
    RUN(no_sleep_is_a_turn);
    RUN(a_beat_does_not_drift);
    RUN(missed_ticks_are_counted);
    RUN(who_is_always_late_lets_others_have_their_turn);
    RUN(beats_that_cannot_be);
    RUN(a_frame_is_for_all_that_wait);
    RUN(leisure_comes_or_time_passes);
    RUN(libc_sleeps);
    RUN(libc_polls);
    RUN(libc_selects);
    return check_result();
}
