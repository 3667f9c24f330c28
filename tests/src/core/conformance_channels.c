// SPDX-License-Identifier: MIT
// Channels, by the cases of libdill's chan, neco's chan and trio's memory channels: see conformance.md.
#include "conformance.h"

static int gives_after_a_turn(void *argument)
{
    kp_yield();
    return gives(argument);
}

static void a_receiver_waits_for_its_sender(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    work sender = { ints(group, 0), NULL, 333 };

    kp_go(group, gives_after_a_turn, &sender);
    CHECK_EQUAL(take(sender.channel), 333);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void a_sender_waits_for_its_receiver(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    work sender = { ints(group, 0), NULL, 444 };

    kp_go(group, gives, &sender);
    settle();
    CHECK_EQUAL(kp_chan_count(sender.channel), 0); // it holds nothing
    CHECK_EQUAL(take(sender.channel), 444);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void two_senders(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    work a = { ints(group, 0), NULL, 888 }, b = { a.channel, NULL, 999 };

    arrive(group, gives, &a);
    arrive(group, gives, &b);
    CHECK_EQUAL(take(a.channel), 888);
    settle();
    CHECK_EQUAL(take(a.channel), 999);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void two_receivers(void)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    work receiver = { ints(group, 0), NULL, 0 };
    int results[2] = { 0 };

    arrive(group, takes, &receiver);
    arrive(group, takes, &receiver);
    CHECK_EQUAL(give(receiver.channel, 333), 0);
    CHECK_EQUAL(give(receiver.channel, 444), 0);
    CHECK_EQUAL(kp_group_gather(group, results, 2), 2);
    CHECK_EQUAL(results[0], 333);
    CHECK_EQUAL(results[1], 444);
}

static void closed_stays_closed(void)
{
    kp_chan *channel = ints(NULL, 2);

    CHECK_EQUAL(give(channel, 1), 0);
    CHECK_EQUAL(kp_chan_close(channel), 0);
    CHECK_EQUAL(kp_chan_close(channel), 0);
    CHECK_EQUAL(give(channel, 2), KP_EPIPE);
    CHECK_EQUAL(try_give(channel, 2), KP_EPIPE);
    CHECK_EQUAL(take(channel), 1);
    for (int i = 0; i < 3; i++) {
        CHECK_EQUAL(take(channel), KP_EPIPE);
        CHECK_EQUAL(try_take(channel), KP_EPIPE);
    }
}

// What closing does to those that wait, each with its own code.
static void closing_tells_those_that_wait(void)
{
    int results[3] = { 0 };

    for (int sending = 0; sending < 2; sending++) {
        kp_group *group = kp_group_new(KP_COLLECT);
        work all = { ints(group, 0), NULL, 0 };
        for (int i = 0; i < 3; i++)
            kp_go(group, sending ? gives : takes, &all);
        kp_sleep(50);
        CHECK_EQUAL(kp_chan_close(all.channel), 0);
        CHECK_EQUAL(kp_group_gather(group, results, 3), 3);
        for (int i = 0; i < 3; i++)
            CHECK_EQUAL(results[i], KP_EPIPE);
    }
}

static void the_end_of_a_group_tells_those_that_wait(void)
{
    kp_group *owner = kp_group_new(KP_FAILFAST), *group = kp_group_new(KP_COLLECT);
    work receiver = { ints(owner, 0), NULL, 0 }, sender = { ints(owner, 0), NULL, 0 };
    int results[2] = { 0 };

    kp_go(group, takes, &receiver);
    kp_go(group, gives, &sender);
    settle();
    CHECK_EQUAL(kp_group_wait(owner), 0);
    CHECK_EQUAL(kp_group_gather(group, results, 2), 2);
    CHECK_EQUAL(results[0], KP_ESTALE);
    CHECK_EQUAL(results[1], KP_ESTALE);
    CHECK_EQUAL(take(receiver.channel), KP_ESTALE);
    CHECK_EQUAL(give(receiver.channel, 1), KP_ESTALE);
    CHECK_EQUAL(kp_chan_close(receiver.channel), KP_ESTALE);
    CHECK_EQUAL(kp_chan_count(receiver.channel), KP_ESTALE);
    CHECK(!kp_chan_new(owner, 4, 4));
}

static int canceled_twice(void *argument)
{
    CHECK_EQUAL(takes(argument), KP_ECANCELED);
    CHECK_EQUAL(takes(argument), KP_ECANCELED);
    CHECK_EQUAL(gives(argument), KP_ECANCELED);
    note("done ");
    return 0;
}

static void canceled_while_receiving(void)
{
    work receiver = { ints(NULL, 0), NULL, 0 };
    kp_task task = kp_go(app(), canceled_twice, &receiver);

    settle();
    kp_cancel(task);
    settle();
    CHECK_TRACE("done ");
    CHECK_EQUAL(try_give(receiver.channel, 1), KP_EAGAIN);
}

static int gives_nothing(void *argument)
{
    return kp_send(argument, NULL);
}

static void items_without_bytes(void)
{
    for (size_t capacity = 0; capacity < 3; capacity++) {
        kp_group *group = kp_group_new(KP_FAILFAST);
        kp_chan *channel = kp_chan_new(group, 0, capacity);
        kp_go(group, gives_nothing, channel);
        kp_go(group, gives_nothing, channel);
        CHECK_EQUAL(kp_recv(channel, NULL), 0);
        CHECK_EQUAL(kp_recv(channel, NULL), 0);
        CHECK_EQUAL(kp_try_recv(channel, NULL), KP_EAGAIN);
        CHECK_EQUAL(kp_group_wait(group), 0);
    }
}

static void nothing_comes_in_time(void)
{
    kp_chan *channel = ints(NULL, 0);
    int64_t start = kp_now();

    KP_TIMEOUT(50)
    {
        CHECK_EQUAL(take(channel), KP_ETIMEDOUT);
    }
    KP_TIMEOUT(25)
    {
        CHECK_EQUAL(give(channel, 1), KP_ETIMEDOUT);
    }
    CHECK_EQUAL(kp_now() - start, 75);
    CHECK_EQUAL(try_take(channel), KP_EAGAIN); // what was not sent is not there
}

// A receiver that gave up must not take what comes later.
static void a_timeout_leaves_no_trace(void)
{
    kp_chan *channel = ints(NULL, 1);

    KP_TIMEOUT(10)
    {
        take(channel);
    }
    CHECK(kp_timed_out());
    CHECK_EQUAL(give(channel, 553), 0);
    CHECK_EQUAL(kp_chan_count(channel), 1);
    CHECK_EQUAL(take(channel), 553);
}

static void buffered(void)
{
    kp_chan *channel = ints(NULL, 2);

    CHECK_EQUAL(try_give(channel, 1), 0);
    CHECK_EQUAL(give(channel, 2), 0);
    CHECK_EQUAL(try_give(channel, 3), KP_EAGAIN);
    CHECK_EQUAL(take(channel), 1);
    CHECK_EQUAL(try_take(channel), 2);
    CHECK_EQUAL(try_take(channel), KP_EAGAIN);
    CHECK_EQUAL(try_give(channel, 4), 0);
    kp_chan_close(channel);
    CHECK_EQUAL(take(channel), 4);
    CHECK_EQUAL(take(channel), KP_EPIPE);
}

static void unbuffered(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    work sender = { ints(group, 0), NULL, 1 };

    CHECK_EQUAL(try_take(sender.channel), KP_EAGAIN);
    CHECK_EQUAL(try_give(sender.channel, 1), KP_EAGAIN);
    kp_go(group, gives, &sender);
    CHECK_EQUAL(take(sender.channel), 1);
    CHECK_EQUAL(try_take(sender.channel), KP_EAGAIN);
    kp_go(group, gives, &sender);
    settle();
    CHECK_EQUAL(try_take(sender.channel), 1); // from one that waits
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static int gives_three(void *argument)
{
    const work *self = argument;

    for (int i = 0; i < 3; i++)
        give(self->channel, 3 * self->value + i);
    return 0;
}

static void many_producers(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_chan *channel = ints(group, 0);
    work producers[10];
    bool got[30] = { false };

    for (int i = 0; i < 10; i++) {
        producers[i] = (work){ channel, NULL, i };
        kp_go(group, gives_three, &producers[i]);
    }
    for (int i = 0; i < 30; i++) {
        int value = take(channel);
        CHECK(value >= 0 && value < 30 && !got[value]);
        if (value >= 0)
            got[value] = true;
    }
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static int counts(void *argument)
{
    int count = 0;

    while (take(((work *)argument)->channel) >= 0)
        count++;
    return count;
}

static void many_consumers_share(void)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    work consumer = { ints(group, 1), NULL, 0 };
    int results[5] = { 0 }, sum = 0;

    for (int i = 0; i < 5; i++)
        kp_go(group, counts, &consumer);
    settle();
    for (int i = 0; i < 10; i++)
        give(consumer.channel, i);
    kp_chan_close(consumer.channel);
    CHECK_EQUAL(kp_group_gather(group, results, 5), 5);
    for (int i = 0; i < 5; i++) {
        CHECK(results[i] > 0);
        sum += results[i];
    }
    CHECK_EQUAL(sum, 10);
}

// An item belongs to who has waited for it, also while that task has not run yet; and so does a free place.
static void what_is_given_is_not_taken_back(void)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    work receiver = { ints(group, 1), NULL, 0 }, sender = { ints(group, 1), NULL, 2 };
    int results[2] = { 0 };

    give(receiver.channel, 1);
    CHECK_EQUAL(try_take(receiver.channel), 1);
    kp_go(group, takes, &receiver);
    settle();
    CHECK_EQUAL(try_give(receiver.channel, 2), 0);
    CHECK_EQUAL(try_take(receiver.channel), KP_EAGAIN);

    give(sender.channel, 1);
    kp_go(group, gives, &sender);
    settle();
    CHECK_EQUAL(try_take(sender.channel), 1);
    CHECK_EQUAL(try_give(sender.channel, 3), KP_EAGAIN);
    CHECK_EQUAL(take(sender.channel), 2);
    CHECK_EQUAL(kp_group_gather(group, results, 2), 2);
    CHECK_EQUAL(results[0], 2);
}

static void counts_what_it_holds(void)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    work all = { ints(group, 2), NULL, 0 };

    CHECK_EQUAL(kp_chan_count(all.channel), 0);
    give(all.channel, 1);
    CHECK_EQUAL(kp_chan_count(all.channel), 1);
    give(all.channel, 1);
    kp_go(group, gives, &all);
    kp_go(group, gives, &all);
    settle();
    CHECK_EQUAL(kp_chan_count(all.channel), 2);
    kp_group_cancel(group);
    settle();
    CHECK_EQUAL(try_take(all.channel), 1);
    CHECK_EQUAL(try_take(all.channel), 1);
    CHECK_EQUAL(try_take(all.channel), KP_EAGAIN); // those that wait were canceled
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void in_order_whatever_the_capacity(void)
{
    for (int senders = 0; senders < OFTEN(10, 4); senders++)
        for (size_t capacity = 0; capacity < OFTEN(10, 3); capacity++) {
            kp_group *group = kp_group_new(KP_FAILFAST);
            kp_chan *channel = ints(group, capacity);
            work each[10];
            for (int i = 0; i < senders; i++) {
                each[i] = (work){ channel, NULL, i + 1 };
                CHECK(arrive(group, gives, &each[i]));
            }
            for (int i = 0; i < senders; i++)
                CHECK_EQUAL(take(channel), i + 1);
            CHECK_EQUAL(kp_group_wait(group), 0);
        }
}

static void sizes_that_cannot_be(void)
{
    CHECK(!kp_chan_new(NULL, SIZE_MAX, 2));
    CHECK(!kp_chan_new(NULL, SIZE_MAX / 2, 4));
    CHECK(!kp_chan_new((kp_group *)(uintptr_t)12345, 4, 4));
    CHECK_EQUAL(kp_send(NULL, NULL), KP_ESTALE);
    CHECK_EQUAL(kp_recv((kp_chan *)(uintptr_t)4711, NULL), KP_ESTALE);
    CHECK_EQUAL(kp_chan_close(NULL), KP_ESTALE);
    CHECK_EQUAL(kp_chan_count(NULL), KP_ESTALE);
}

int main(void)
{
    RUN(a_receiver_waits_for_its_sender);
    RUN(a_sender_waits_for_its_receiver);
    RUN(two_senders);
    RUN(two_receivers);
    RUN(closed_stays_closed);
    RUN(closing_tells_those_that_wait);
    RUN(the_end_of_a_group_tells_those_that_wait);
    RUN(canceled_while_receiving);
    RUN(items_without_bytes);
    RUN(nothing_comes_in_time);
    RUN(a_timeout_leaves_no_trace);
    RUN(buffered);
    RUN(unbuffered);
    RUN(many_producers);
    RUN(many_consumers_share);
    RUN(what_is_given_is_not_taken_back);
    RUN(counts_what_it_holds);
    RUN(in_order_whatever_the_capacity);
    RUN(sizes_that_cannot_be);
    return check_result();
}
