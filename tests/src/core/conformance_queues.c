// SPDX-License-Identifier: MIT
// Channels as queues of work, by the cases of asyncio's queues and Go's channels: see conformance.md.
#include "conformance.h"

static int puts_three(void *argument)
{
    for (int i = 0; i < 3; i++) {
        CHECK_EQUAL(give(((work *)argument)->channel, i), 0);
        note("%d ", i);
    }
    return 0;
}

static void a_full_queue_holds_up_its_sender(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    work putter = { ints(group, 2), NULL, 0 };

    kp_go(group, puts_three, &putter);
    kp_sleep(10);
    CHECK_TRACE("0 1 ");
    CHECK_EQUAL(try_take(putter.channel), 0);
    kp_sleep(10);
    CHECK_TRACE("2 ");
    CHECK_EQUAL(try_take(putter.channel), 1);
    CHECK_EQUAL(try_take(putter.channel), 2);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void empty_and_full(void)
{
    kp_chan *channel = ints(NULL, 1);

    CHECK_EQUAL(kp_chan_count(channel), 0);
    CHECK_EQUAL(try_take(channel), KP_EAGAIN);
    CHECK_EQUAL(try_give(channel, 1), 0);
    CHECK_EQUAL(kp_chan_count(channel), 1);
    CHECK_EQUAL(try_give(channel, 2), KP_EAGAIN);
    CHECK_EQUAL(try_take(channel), 1);
    CHECK_EQUAL(kp_chan_count(channel), 0);
}

static void first_in_first_out(void)
{
    static const int items[] = { 1, 3, 2 };
    kp_chan *channel = ints(NULL, 3);

    for (int round = 0; round < 5; round++) { // so that the ring wraps
        for (int i = 0; i < 2 + round % 2; i++)
            give(channel, items[i]);
        for (int i = 0; i < 2 + round % 2; i++)
            CHECK_EQUAL(try_take(channel), items[i]);
    }
}

static int takes_and_says(void *argument)
{
    int value = takes(argument);

    note("%d ", value);
    return value;
}

static void an_empty_queue_holds_up_its_receiver(void)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    work getter = { ints(group, 4), NULL, 0 };

    kp_go(group, takes_and_says, &getter);
    kp_sleep(10);
    CHECK_TRACE("");
    CHECK_EQUAL(try_give(getter.channel, 1), 0);
    CHECK_TRACE(""); // it has it, but it is not its turn
    settle();
    CHECK_TRACE("1 ");
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static int takes_in_51(void *argument)
{
    int value = KP_EIO;

    KP_TIMEOUT(51)
    {
        value = takes(argument);
    }
    note("%d@%d ", value, (int)kp_timed_out());
    return 0;
}

static void received_before_the_time_is_over(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    work getter = { ints(group, 1), NULL, 0 };

    kp_go(group, takes_in_51, &getter);
    kp_sleep(10);
    give(getter.channel, 1);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("1@0 ");
}

static void the_next_gets_what_a_canceled_one_does_not(void)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    work getter = { ints(group, 1), NULL, 0 };
    kp_task first = kp_go(group, takes, &getter);
    int results[2] = { 0 };

    kp_go(group, takes, &getter);
    settle();
    kp_cancel(first);
    settle();
    give(getter.channel, 5);
    CHECK_EQUAL(kp_group_gather(group, results, 2), 2);
    CHECK_EQUAL(results[0], KP_ECANCELED);
    CHECK_EQUAL(results[1], 5);
}

static void senders_that_wait_are_served_in_order(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    work a = { ints(group, 1), NULL, 1 }, b = { a.channel, NULL, 2 }, c = { a.channel, NULL, 3 };

    arrive(group, gives, &a);
    arrive(group, gives, &b);
    arrive(group, gives, &c);
    settle();
    for (int i = 1; i <= 3; i++)
        CHECK_EQUAL(take(a.channel), i);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void a_canceled_sender_sends_nothing(void)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    work a = { ints(group, 1), NULL, 1 }, b = { a.channel, NULL, 2 }, x = { a.channel, NULL, 9 };
    kp_task canceled;
    int results[3] = { 0 };

    arrive(group, gives, &a);
    arrive(group, gives, &b);
    canceled = arrive(group, gives, &x);
    settle();
    kp_cancel(canceled);
    settle();
    CHECK_EQUAL(try_take(a.channel), 1);
    CHECK_EQUAL(try_take(a.channel), 2);
    CHECK_EQUAL(try_take(a.channel), KP_EAGAIN);
    CHECK_EQUAL(kp_group_gather(group, results, 3), 3);
    CHECK_EQUAL(results[1], 0);
    CHECK_EQUAL(results[2], KP_ECANCELED);
}

// Many that gave up leave no places behind that hold up the others.
static void those_that_give_up_leave_the_queue(void)
{
    for (int sending = 0; sending < 2; sending++) {
        kp_group *group = kp_group_new(KP_COLLECT);
        kp_chan *channel = ints(group, 1);
        work many = { channel, NULL, 1 };
        kp_task tasks[10];

        if (sending)
            give(channel, 0);
        for (int i = 0; i < 10; i++)
            tasks[i] = kp_go(group, sending ? gives : takes, &many);
        settle();
        for (int i = 0; i < 10; i++)
            if (i != 6)
                kp_cancel(tasks[i]);
        settle();
        if (sending) {
            CHECK_EQUAL(try_take(channel), 0);
            CHECK_EQUAL(try_take(channel), 1);
        } else {
            CHECK_EQUAL(try_give(channel, 4), 0);
        }
        CHECK_EQUAL(kp_chan_count(channel), 0);
        CHECK_EQUAL(kp_group_wait(group), 0);
    }
}

// The task is canceled in the turn in which it was sent something: that is not lost.
static void canceled_too_late(void)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    work getter = { ints(group, 0), NULL, 0 };
    kp_task task = kp_go(group, takes, &getter);
    int result;

    settle();
    CHECK_EQUAL(try_give(getter.channel, 8), 0);
    kp_cancel(task);
    CHECK_EQUAL(kp_group_gather(group, &result, 1), 1);
    CHECK_EQUAL(result, 8);
}

static void a_canceled_task_neither_sends_nor_receives(void)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    work both = { ints(group, 1), NULL, 3 };
    int results[2] = { 0 };

    kp_cancel(kp_go(group, gives, &both));
    settle();
    CHECK_EQUAL(kp_chan_count(both.channel), 0);
    give(both.channel, 1);
    kp_cancel(kp_go(group, takes, &both));
    settle();
    CHECK_EQUAL(kp_chan_count(both.channel), 1);
    CHECK_EQUAL(kp_group_gather(group, results, 2), 2);
    CHECK_EQUAL(results[0], KP_ECANCELED);
    CHECK_EQUAL(results[1], KP_ECANCELED);
}

// --- Work that is counted

typedef struct {
    kp_chan *channel;
    kp_flag done;
    int left, sum;
} job_queue;

static int worker(void *argument)
{
    job_queue *self = argument;
    int value;

    while ((value = take(self->channel)) >= 0) {
        self->sum += value;
        kp_yield();
        if (--self->left == 0)
            kp_flag_set(&self->done);
    }
    return 0;
}

static void all_work_is_done(void)
{
    const int count = OFTEN(100, 10);
    kp_group *group = kp_group_new(KP_FAILFAST);
    job_queue jobs = { .channel = ints(group, (size_t)count), .left = count };

    for (int i = 0; i < count; i++)
        give(jobs.channel, i);
    kp_go(group, worker, &jobs);
    kp_go(group, worker, &jobs);
    CHECK_EQUAL(kp_flag_wait(&jobs.done), 0);
    CHECK_EQUAL(jobs.sum, count * (count - 1) / 2);
    kp_chan_close(jobs.channel);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

// --- Every capacity

#define ITEMS OFTEN(100, 4)

static int gives_all(void *argument)
{
    for (int i = 0; i < ITEMS; i++)
        CHECK_EQUAL(give(((work *)argument)->channel, i), 0);
    return 0;
}

static int takes_all(void *argument)
{
    int sum = 0;

    for (int i = 0; i < ITEMS; i++)
        sum += take(((work *)argument)->channel);
    return sum;
}

static void receive_waits_when_empty(int capacity)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    work all = { ints(group, (size_t)capacity), NULL, 0 };
    kp_task task = kp_go(group, takes, &all);

    kp_sleep(1);
    CHECK_EQUAL(try_take(all.channel), KP_EAGAIN);
    give(all.channel, 0);
    CHECK_EQUAL(kp_join(task, NULL), 0);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void send_waits_when_full(int capacity)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    work all = { ints(group, (size_t)capacity), NULL, -9 };

    for (int i = 0; i < capacity; i++)
        CHECK_EQUAL(try_give(all.channel, i), 0);
    CHECK_EQUAL(kp_chan_count(all.channel), capacity);
    kp_go(group, gives, &all);
    kp_sleep(1);
    CHECK_EQUAL(try_give(all.channel, 0), KP_EAGAIN);
    for (int i = 0; i < capacity; i++)
        CHECK_EQUAL(take(all.channel), i);
    CHECK_EQUAL(take(all.channel), -9);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void what_was_sent_comes_before_the_end(int capacity)
{
    kp_chan *channel = ints(NULL, (size_t)capacity);

    for (int i = 0; i < capacity; i++)
        give(channel, i);
    kp_chan_close(channel);
    for (int i = 0; i < capacity; i++)
        CHECK_EQUAL(take(channel), i);
    CHECK_EQUAL(take(channel), KP_EPIPE);
}

static void nothing_is_lost_nor_doubled(int capacity)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    work all = { ints(group, (size_t)capacity), NULL, 0 };
    int results[8] = { 0 }, sum = 0;

    kp_go(group, gives_all, &all);
    for (int i = 0; i < ITEMS; i++)
        CHECK_EQUAL(take(all.channel), i);
    for (int i = 0; i < 3; i++)
        kp_go(group, gives_all, &all);
    for (int i = 0; i < 3; i++)
        kp_go(group, takes_all, &all);
    CHECK_EQUAL(kp_group_gather(group, results, 7), 7);
    for (int i = 4; i < 7; i++)
        sum += results[i];
    CHECK_EQUAL(sum, 3 * ITEMS * (ITEMS - 1) / 2);
}

static void whatever_the_capacity(void)
{
    for (int capacity = 0; capacity < OFTEN(20, 3); capacity++) {
        receive_waits_when_empty(capacity);
        send_waits_when_full(capacity);
        what_was_sent_comes_before_the_end(capacity);
        nothing_is_lost_nor_doubled(capacity);
    }
}

int main(void)
{
    RUN(a_full_queue_holds_up_its_sender);
    RUN(empty_and_full);
    RUN(first_in_first_out);
    RUN(an_empty_queue_holds_up_its_receiver);
    RUN(received_before_the_time_is_over);
    RUN(the_next_gets_what_a_canceled_one_does_not);
    RUN(senders_that_wait_are_served_in_order);
    RUN(a_canceled_sender_sends_nothing);
    RUN(those_that_give_up_leave_the_queue);
    RUN(canceled_too_late);
    RUN(a_canceled_task_neither_sends_nor_receives);
    RUN(all_work_is_done);
    RUN(whatever_the_capacity);
    return check_result();
}
