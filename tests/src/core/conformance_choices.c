// SPDX-License-Identifier: MIT
// kp_select of what is not a channel, its fairness, and many of them at once: see conformance.md.
#include "conformance.h"

#define SELECT(cases) kp_select(cases, sizeof(cases) / sizeof *(cases))

// --- Fairness

static void every_choice_has_its_chance(void)
{
    kp_chan *a = ints(NULL, 200), *b = ints(NULL, 200);
    int from_a = 0, from_b = 0, value;
    kp_case cases[] = { KP_RECV(a, &value), KP_RECV(b, &value) };

    for (int i = 0; i < OFTEN(200, 20); i++) {
        give(a, i);
        give(b, i);
    }
    for (int i = 0; i < OFTEN(100, 10); i++)
        kp_select_fair(cases, 2) == 0 ? from_a++ : from_b++;
    CHECK(from_a > OFTEN(10, 0) && from_b > OFTEN(10, 0));
    for (int i = 0; i < OFTEN(50, 5); i++)
        CHECK_EQUAL(SELECT(cases), 0); // kp_select is not meant to be fair
}

static int counts_ones(void *argument)
{
    const work *self = argument;
    int ones = 0;

    for (int i = 0; i < OFTEN(100, 10); i++) {
        kp_yield();
        ones += take(self->channel);
    }
    return ones;
}

static void sends_by_chance(void)
{
    for (size_t capacity = 0; capacity <= 100; capacity += 100) {
        kp_group *group = kp_group_new(KP_COLLECT);
        work receiver = { ints(group, capacity), NULL, 0 };
        int zero = 0, one = 1, ones;

        kp_go(group, counts_ones, &receiver);
        for (int i = 0; i < OFTEN(100, 10); i++) {
            kp_case cases[] = { KP_SEND(receiver.channel, &one), KP_SEND(receiver.channel, &zero) };
            kp_select_fair(cases, 2);
        }
        CHECK_EQUAL(kp_group_gather(group, &ones, 1), 1);
        CHECK(ones > OFTEN(10, 0) && ones < OFTEN(90, 10));
    }
}

// --- Many at once

#define ROUNDS OFTEN(200, 4)

static int gives_many(void *argument)
{
    for (int i = 0; i < ROUNDS; i++)
        if (give(((work *)argument)->channel, 0) < 0)
            return KP_EIO;
    return 0;
}

static int takes_many(void *argument)
{
    for (int i = 0; i < ROUNDS; i++)
        if (take(((work *)argument)->channel) < 0)
            return KP_EIO;
    return 0;
}

// Sends to, or receives from, four channels as often from each; one that has had its share leaves the select.
static int does_four(void *argument)
{
    kp_chan *const *channels = argument;
    bool sends = channels[4];
    int left[4] = { ROUNDS, ROUNDS, ROUNDS, ROUNDS };

    for (int i = 0; i < 4 * ROUNDS; i++) {
        kp_case cases[4];
        int which[4], count = 0, item = 0;
        for (int k = 3; k >= 0; k--) {
            if (!left[k])
                continue;
            which[count] = k;
            cases[count++] =
                sends ? (kp_case)KP_SEND(channels[k], &item) : (kp_case)KP_RECV(channels[k], &item);
        }
        int chosen = kp_select_fair(cases, (size_t)count);
        if (chosen < 0 || cases[chosen].result < 0)
            return KP_EIO;
        left[which[chosen]]--;
    }
    return 0;
}

static void a_crowd_at_four_channels(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_chan *sending[5], *receiving[5] = { 0 };
    work each[4];

    for (int k = 0; k < 4; k++) {
        static const size_t capacities[] = { 0, 0, 2, 3 };
        sending[k] = receiving[k] = ints(group, capacities[k]);
        each[k] = (work){ sending[k], NULL, 0 };
        kp_go(group, gives_many, &each[k]);
        kp_go(group, takes_many, &each[k]);
    }
    sending[4] = sending[0];
    kp_go(group, does_four, sending);
    kp_go(group, does_four, receiving);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

#define WORKERS OFTEN(23, 4)
#define ITEMS OFTEN(2000, 30)

static int works(void *argument)
{
    const work *self = argument;
    int value;

    while ((value = take(self->channel)) >= 0) {
        if (value % 7 == self->value % 7)
            kp_yield();
        give(self->other, value);
    }
    return 0;
}

static int feeds(void *argument)
{
    const work *self = argument;

    for (int i = 0; i < ITEMS; i++)
        give(self->channel, i % 31);
    return kp_chan_close(self->channel);
}

static int closes_when_done(void *argument)
{
    const work *self = argument;
    kp_group *group = kp_group_new(KP_FAILFAST);
    work worker[WORKERS];

    for (int i = 0; i < WORKERS; i++) {
        worker[i] = (work){ self->channel, self->other, i };
        kp_go(group, works, &worker[i]);
    }
    CHECK_EQUAL(kp_group_wait(group), 0);
    return kp_chan_close(self->other);
}

static void many_consumers(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    work all = { ints(group, WORKERS * 3), ints(group, WORKERS * 3), 0 };
    int value, count = 0, sum = 0, expected = 0;

    kp_go(group, feeds, &all);
    kp_go(group, closes_when_done, &all);
    for (; (value = take(all.other)) >= 0; count++)
        sum += value;
    for (int i = 0; i < ITEMS; i++)
        expected += i % 31;
    CHECK_EQUAL(count, ITEMS);
    CHECK_EQUAL(sum, expected);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

// --- What may be woken is at one moment

static int finds_one_ready(void *argument)
{
    const work *self = argument;
    int value;
    kp_case cases[] = { KP_RECV(self->channel, &value), KP_RECV(self->other, &value), KP_AFTER(0) };

    return SELECT(cases) < 2;
}

static void one_of_two_is_always_ready(void)
{
    for (int closing = 0; closing < 2; closing++) {
        kp_group *group = kp_group_new(KP_COLLECT);
        work both = { ints(group, 1), ints(group, 1), 0 };
        int result;

        give(both.channel, 1);
        kp_go(group, finds_one_ready, &both);
        if (closing)
            kp_chan_close(both.other);
        else
            try_give(both.other, 1);
        CHECK_EQUAL(try_take(both.channel), 1);
        CHECK_EQUAL(kp_group_gather(group, &result, 1), 1);
        CHECK_EQUAL(result, 1);
    }
}

// Each way to receive against each way to send.
static int receives_by(void *argument)
{
    const work *self = argument;
    int value = 0;
    kp_case cases[] = { KP_RECV(self->channel, &value), KP_RECV(self->other, &value) };

    return self->value == 0                             ? take(self->channel)
           : kp_select(cases, (size_t)self->value) == 0 ? value
                                                        : KP_EIO;
}

static void every_way_to_receive_meets_every_way_to_send(void)
{
    for (int to = 0; to < 3; to++)
        for (int from = 0; from < 3; from++) {
            kp_group *group = kp_group_new(KP_COLLECT);
            work receiver = { ints(group, 0), ints(group, 0), from };
            int item = 5, result;
            kp_case cases[] = { KP_SEND(receiver.channel, &item), KP_SEND(receiver.other, &item) };

            kp_go(group, receives_by, &receiver);
            settle();
            CHECK_EQUAL(to == 0 ? kp_send(receiver.channel, &item) : kp_select(cases, (size_t)to), 0);
            CHECK_EQUAL(kp_group_gather(group, &result, 1), 1);
            CHECK_EQUAL(result, 5);
        }
}

static void of_twenty(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_case cases[20];
    work sender = { 0 };
    int value = 0;

    for (int i = 0; i < 20; i++) {
        kp_chan *channel = ints(group, 0);
        cases[i] = (kp_case)KP_RECV(channel, &value);
        if (i == 12)
            sender = (work){ channel, NULL, 8876 };
    }
    KP_TIMEOUT(250)
    {
        CHECK_EQUAL(kp_select(cases, 20), KP_ETIMEDOUT);
    }
    kp_go(group, gives, &sender);
    CHECK_EQUAL(kp_select(cases, 20), 12);
    CHECK_EQUAL(value, 8876);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void no_cases(void)
{
    CHECK_EQUAL(kp_select(NULL, 0), KP_EINVAL);
    CHECK_EQUAL(kp_select_fair(NULL, 0), KP_EINVAL);
}

// --- Flags and tasks

static int selects_all_kinds(void *argument)
{
    kp_case *cases = argument;
    int chosen = kp_select(cases, 3);

    note("%d:%d ", chosen, chosen < 0 ? 0 : cases[chosen].result);
    return 0;
}

static void of_all_kinds(void)
{
    static kp_flag flag;
    int ten = 10, value, result = 0;
    kp_chan *channel = ints(NULL, 0);
    kp_task task = kp_go(app(), sleeps, &ten);
    kp_case cases[] = { KP_FLAG(&flag), KP_RECV(channel, &value), KP_JOIN(task, &result) };

    kp_go(app(), selects_all_kinds, cases);
    settle();
    kp_flag_set(&flag);
    settle();
    CHECK_TRACE("0:0 ");
    kp_flag_clear(&flag);
    kp_go(app(), selects_all_kinds, cases);
    kp_sleep(20);
    CHECK_TRACE("2:0 ");
    CHECK_EQUAL(result, 0);
    kp_go(app(), selects_all_kinds, cases); // the task is long gone
    settle();
    CHECK_TRACE("2:-7 ");
    kp_case self[] = { KP_JOIN(kp_self(), NULL) };
    CHECK_EQUAL(SELECT(self), 0);
    CHECK_EQUAL(self[0].result, KP_EDEADLK);
}

static void joining_brings_the_result(void)
{
    int ten = 10, seven = 7, result = 0;
    kp_group *group = kp_group_new(KP_COLLECT);
    kp_task slow = kp_go(group, sleeps, &ten), quick = kp_go(group, returns, &seven);
    kp_case cases[] = { KP_JOIN(slow, &result), KP_JOIN(quick, &result) };

    CHECK_EQUAL(SELECT(cases), 1);
    CHECK_EQUAL(result, 7);
    CHECK_EQUAL(SELECT(cases), 1); // its result is kept
    CHECK_EQUAL(kp_group_wait(group), 0);
}

static void canceled_in_a_select(void)
{
    static kp_flag flag;
    int value, thousand = 1000;
    kp_chan *channel = ints(NULL, 0);
    kp_task task = kp_go(app(), sleeps, &thousand);
    kp_case cases[] = { KP_FLAG(&flag), KP_RECV(channel, &value), KP_JOIN(task, NULL) };
    kp_task selecting = kp_go(app(), selects_all_kinds, cases);

    settle();
    kp_cancel(selecting);
    settle();
    CHECK_TRACE("-1:0 ");
    CHECK_EQUAL(try_give(channel, 1), KP_EAGAIN);
    kp_flag_set(&flag);
    kp_flag_clear(&flag);
    kp_cancel(task);
    settle();
    CHECK_TRACE("");
}

// What is sent in the same turn in which the task is canceled has arrived.
static void chosen_then_canceled(void)
{
    static kp_flag flag;
    int value = 0;
    kp_chan *channel = ints(NULL, 0);
    kp_case cases[] = { KP_FLAG(&flag), KP_RECV(channel, &value), KP_AFTER(5) };
    kp_task task = kp_go(app(), selects_all_kinds, cases);

    settle();
    CHECK_EQUAL(give(channel, 3), 0);
    kp_cancel(task);
    settle();
    CHECK_TRACE("1:0 ");
    CHECK_EQUAL(value, 3);
}

// Where a group ends with its channels, whoever waits at them is told.
static void channels_end_under_a_select(void)
{
    static kp_flag flag;
    int value;
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_chan *channel = ints(group, 0);
    kp_case cases[] = { KP_FLAG(&flag), KP_SEND(channel, &value), KP_RECV(channel, &value) };

    kp_go(app(), selects_all_kinds, cases);
    settle();
    CHECK_EQUAL(kp_group_wait(group), 0);
    settle();
    CHECK_TRACE("1:-4 ");
}

int main(void)
{
    RUN(every_choice_has_its_chance);
    RUN(sends_by_chance);
    RUN(a_crowd_at_four_channels);
    RUN(many_consumers);
    RUN(one_of_two_is_always_ready);
    RUN(every_way_to_receive_meets_every_way_to_send);
    RUN(of_twenty);
    RUN(no_cases);
    RUN(of_all_kinds);
    RUN(joining_brings_the_result);
    RUN(canceled_in_a_select);
    RUN(chosen_then_canceled);
    RUN(channels_end_under_a_select);
    return check_result();
}
