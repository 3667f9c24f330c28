// SPDX-License-Identifier: MIT
// kp_select, by the cases of libdill's choose, neco's chan_select and Go's select: see conformance.md.
#include "conformance.h"

#define SELECT(cases) kp_select(cases, sizeof(cases) / sizeof *(cases))

static void takes_what_is_there(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    work sender = { ints(group, 0), NULL, 555 };
    int value = 0;

    kp_go(group, gives, &sender);
    settle();
    kp_case cases[] = { KP_RECV(sender.channel, &value) };
    CHECK_EQUAL(SELECT(cases), 0);
    CHECK_EQUAL(cases[0].result, 0);
    CHECK_EQUAL(value, 555);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static int gives_later(void *argument)
{
    kp_yield();
    return gives(argument);
}

static void waits_for_a_sender(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    work sender = { ints(group, 0), NULL, 666 };
    int value = 0;

    kp_go(group, gives_later, &sender);
    kp_case cases[] = { KP_RECV(sender.channel, &value) };
    CHECK_EQUAL(SELECT(cases), 0);
    CHECK_EQUAL(value, 666);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static int takes_later(void *argument)
{
    kp_yield();
    return takes(argument);
}

static void sends_now_or_later(void)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    work receiver = { ints(group, 0), NULL, 0 };
    int value = 777, results[2];

    kp_go(group, takes, &receiver);
    settle();
    kp_case cases[] = { KP_SEND(receiver.channel, &value) };
    CHECK_EQUAL(SELECT(cases), 0);
    kp_go(group, takes_later, &receiver);
    value = 888;
    CHECK_EQUAL(SELECT(cases), 0);
    CHECK_EQUAL(kp_group_gather(group, results, 2), 2);
    CHECK_EQUAL(results[0], 777);
    CHECK_EQUAL(results[1], 888);
}

// Also that the second of two can be chosen at once.
static void one_of_two_channels(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    work first = { ints(group, 0), NULL, 666 }, second = { ints(group, 0), NULL, 555 };
    int value = 0;
    kp_case cases[] = { KP_RECV(first.channel, &value), KP_RECV(second.channel, &value) };

    kp_go(group, gives, &second);
    settle();
    CHECK_EQUAL(SELECT(cases), 1);
    CHECK_EQUAL(value, 555);
    kp_go(group, gives_later, &first);
    CHECK_EQUAL(SELECT(cases), 0);
    CHECK_EQUAL(value, 666);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void no_time_at_all(void)
{
    kp_chan *channel = ints(NULL, 0);
    int value = 0;
    kp_case cases[] = { KP_RECV(channel, &value), KP_AFTER(0) };

    CHECK_EQUAL(SELECT(cases), 1);
    kp_case late[] = { KP_AFTER(-5), KP_RECV(channel, &value) };
    CHECK_EQUAL(SELECT(late), 0);
}

static void two_senders_in_order(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    work a = { ints(group, 0), NULL, 888 }, b = { a.channel, NULL, 999 };
    int value = 0;
    kp_case cases[] = { KP_RECV(a.channel, &value) };

    arrive(group, gives, &a);
    arrive(group, gives, &b);
    CHECK_EQUAL(SELECT(cases), 0);
    CHECK_EQUAL(value, 888);
    CHECK_EQUAL(SELECT(cases), 0);
    CHECK_EQUAL(value, 999);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static int selects_to_send(void *argument)
{
    work *self = argument;
    kp_case cases[] = { KP_SEND(self->channel, &self->value) };

    return SELECT(cases);
}

static void select_meets_select(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    work sender = { ints(group, 0), NULL, 111 };
    int value = 0;
    kp_case cases[] = { KP_RECV(sender.channel, &value) };

    kp_go(group, selects_to_send, &sender);
    CHECK_EQUAL(SELECT(cases), 0);
    CHECK_EQUAL(value, 111);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

typedef struct {
    char bytes[1024];
} large;

static int gives_large(void *argument)
{
    large item;

    memset(&item, 7, sizeof item);
    return kp_send(argument, &item);
}

static void a_large_item(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_chan *channel = kp_chan_new(group, sizeof(large), 0);
    large item = { { 0 } };
    kp_case cases[] = { KP_RECV(channel, &item) };

    kp_go(group, gives_large, channel);
    CHECK_EQUAL(SELECT(cases), 0);
    CHECK(item.bytes[0] == 7 && item.bytes[1023] == 7);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void a_closed_channel_is_chosen(void)
{
    kp_chan *open = ints(NULL, 0), *closed = ints(NULL, 0);
    int value = 0;
    kp_case cases[] = { KP_RECV(open, &value), KP_RECV(closed, &value), KP_SEND(closed, &value) };

    kp_chan_close(closed);
    CHECK_EQUAL(SELECT(cases), 1);
    CHECK_EQUAL(cases[1].result, KP_EPIPE);
    CHECK_EQUAL(kp_select(cases + 2, 1), 0);
    CHECK_EQUAL(cases[2].result, KP_EPIPE);
    kp_case gone[] = { KP_RECV(NULL, &value) };
    CHECK_EQUAL(SELECT(gone), 0);
    CHECK_EQUAL(gone[0].result, KP_ESTALE);
}

static int closes_later(void *argument)
{
    kp_sleep(100);
    return kp_chan_close(((work *)argument)->channel);
}

// Waiting twice at one channel is of no use, but does no harm.
static void closing_ends_a_select(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    work closer = { ints(group, 0), NULL, 0 };
    int value = 0;
    kp_case cases[] = { KP_RECV(closer.channel, &value), KP_RECV(closer.channel, &value) };

    kp_go(group, closes_later, &closer);
    CHECK_EQUAL(SELECT(cases), 0);
    CHECK_EQUAL(cases[0].result, KP_EPIPE);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void time_runs_out(void)
{
    kp_chan *channel = ints(NULL, 0);
    int64_t start = kp_now();
    int value = 0;
    kp_case cases[] = { KP_RECV(channel, &value), KP_RECV(channel, &value), KP_AFTER(50), KP_AFTER(40) };

    CHECK_EQUAL(SELECT(cases), 3);
    CHECK_EQUAL(kp_now() - start, 40);
    KP_TIMEOUT(10)
    {
        CHECK_EQUAL(SELECT(cases), KP_ETIMEDOUT);
    }
    CHECK_EQUAL(kp_now() - start, 50);
    KP_TIMEOUT(40)
    {
        CHECK_EQUAL(SELECT(cases), 3); // in time is in time
    }
    CHECK_EQUAL(kp_try_send(channel, &value), KP_EAGAIN); // nobody is left in the queue
}

static int gives_at_50(void *argument)
{
    kp_sleep(50);
    return gives(argument);
}

static void something_comes_in_time(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    work sender = { ints(group, 0), NULL, 4444 };
    int64_t start = kp_now();
    int value = 0;
    kp_case cases[] = { KP_AFTER(1000), KP_RECV(sender.channel, &value) };

    kp_go(group, gives_at_50, &sender);
    CHECK_EQUAL(SELECT(cases), 1);
    CHECK_EQUAL(value, 4444);
    CHECK_EQUAL(kp_now() - start, 50);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void the_first_that_can_is_taken(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    work a = { ints(group, 0), NULL, 1 }, b = { ints(group, 0), NULL, 2 };
    int value = 0;

    kp_go(group, gives, &a);
    kp_go(group, gives, &b);
    settle();
    kp_case cases[] = { KP_RECV(b.channel, &value), KP_RECV(a.channel, &value) };
    CHECK_EQUAL(SELECT(cases), 0);
    CHECK_EQUAL(value, 2);
    CHECK_EQUAL(take(a.channel), 1);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

// A task that is first in one queue and last in another must leave both, or the others in them are lost.
static int waits_at_two(void *argument)
{
    work *self = argument;
    int value = 0;
    kp_case cases[] = { KP_RECV(self->channel, &value), KP_RECV(self->channel, &value),
                        KP_RECV(self->other, &value) };

    CHECK_EQUAL(SELECT(cases), 2);
    return 0;
}

static void leaves_every_queue(void)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    work both = { ints(group, 0), ints(group, 0), 0 };
    int results[3] = { 0 };

    arrive(group, takes, &both);
    arrive(group, waits_at_two, &both);
    arrive(group, takes, &both);
    settle();
    CHECK_EQUAL(give(both.other, 7), 0);
    CHECK_EQUAL(give(both.channel, 8), 0);
    CHECK_EQUAL(give(both.channel, 9), 0);
    CHECK_EQUAL(kp_group_gather(group, results, 3), 3);
    CHECK_EQUAL(results[0], 8);
    CHECK_EQUAL(results[2], 9);
}

static void never_meets_itself(void)
{
    kp_chan *channel = ints(NULL, 0);
    int in = 1, out = 0;
    kp_case cases[] = { KP_SEND(channel, &in), KP_RECV(channel, &out), KP_AFTER(100) };

    CHECK_EQUAL(SELECT(cases), 2);
    CHECK_EQUAL(kp_select_fair(cases, 3), 2);
}

#define EXCHANGES OFTEN(200, 5)

static int sends_or_receives(void *argument)
{
    const work *self = argument;

    for (int i = 0; i < EXCHANGES; i++) {
        int out = self->value, in = -1;
        kp_case cases[] = { KP_SEND(self->channel, &out), KP_RECV(self->channel, &in) };
        CHECK(kp_select_fair(cases, 2) >= 0);
        CHECK(in != self->value || self->other); // from itself only through a buffer
    }
    return 0;
}

static void two_that_send_or_receive(void)
{
    for (size_t capacity = 0; capacity <= 10; capacity += 10) {
        kp_group *group = kp_group_new(KP_FAILFAST);
        kp_chan *channel = ints(group, capacity);
        work a = { channel, capacity ? channel : NULL, 1 }, b = { a.channel, a.other, 2 };

        kp_go(group, sends_or_receives, &a);
        kp_go(group, sends_or_receives, &b);
        CHECK_EQUAL(kp_group_wait(group), 0);
    }
}

#define COUNTED OFTEN(400, 10)

static int sends_counter(void *argument)
{
    kp_chan *const *to = argument;

    for (int i = 0; i < COUNTED; i++) {
        kp_case cases[] = { KP_SEND(to[0], &i), KP_SEND(to[1], &i), KP_SEND(to[2], &i), KP_SEND(to[3], &i) };
        int chosen = kp_select_fair(cases, 4);
        if (chosen < 0)
            return chosen;
        CHECK_EQUAL(cases[chosen].result, 0);
    }
    for (int i = 0; i < 4; i++)
        kp_chan_close(to[i]);
    return 0;
}

static int relays(void *argument)
{
    const work *self = argument;
    int value;

    while ((value = take(self->channel)) >= 0)
        give(self->other, value);
    return 0;
}

static int closes_after_relays(void *argument)
{
    kp_chan *const *to = argument;
    kp_group *group = kp_group_new(KP_FAILFAST);
    work relay[4];

    for (int i = 0; i < 4; i++) {
        relay[i] = (work){ to[i], to[4], 0 };
        kp_go(group, relays, &relay[i]);
    }
    CHECK_EQUAL(kp_group_wait(group), 0);
    return kp_chan_close(to[4]);
}

static void one_case_and_no_other(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_chan *to[5];
    static bool seen[COUNTED];
    int value, count = 0;

    for (int i = 0; i < 5; i++)
        to[i] = ints(group, 0);
    kp_go(group, sends_counter, to);
    kp_go(group, closes_after_relays, to);
    for (; (value = take(to[4])) >= 0; count++) {
        CHECK(value < COUNTED && !seen[value]);
        seen[value] = true;
    }
    CHECK_EQUAL(value, KP_EPIPE);
    CHECK_EQUAL(count, COUNTED);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

int main(void)
{
    RUN(takes_what_is_there);
    RUN(waits_for_a_sender);
    RUN(sends_now_or_later);
    RUN(one_of_two_channels);
    RUN(no_time_at_all);
    RUN(two_senders_in_order);
    RUN(select_meets_select);
    RUN(a_large_item);
    RUN(a_closed_channel_is_chosen);
    RUN(closing_ends_a_select);
    RUN(time_runs_out);
    RUN(something_comes_in_time);
    RUN(the_first_that_can_is_taken);
    RUN(leaves_every_queue);
    RUN(never_meets_itself);
    RUN(two_that_send_or_receive);
    RUN(one_case_and_no_other);
    return check_result();
}
