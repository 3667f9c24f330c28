// SPDX-License-Identifier: MIT
// Small programs of many tasks, after Go's test/chan, libdill's go and neco's tests: see conformance.md.
#include "conformance.h"

// --- The sieve of Eratosthenes: a task for each prime

static int counts_up(void *argument)
{
    for (int i = 2; give(argument, i) == 0; i++)
        ;
    return 0;
}

static int filters(void *argument)
{
    const work *self = argument;
    int value;

    while ((value = take(self->channel)) >= 0)
        if (value % self->value && give(self->other, value) < 0)
            break;
    return 0;
}

static void a_sieve(void)
{
    static const int primes[] = { 2,  3,  5,  7,  11, 13, 17, 19, 23, 29, 31, 37, 41,
                                  43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97 };
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_chan *channel = ints(group, 0);

    kp_go(group, counts_up, channel, .stack = 4096);
    for (size_t i = 0; i < OFTEN(sizeof primes / sizeof *primes, 5); i++) {
        work *filter = kp_group_alloc(group, sizeof *filter);
        CHECK_EQUAL(take(channel), primes[i]);
        if (!filter)
            break;
        *filter = (work){ channel, ints(group, i % 3), primes[i] };
        kp_go(group, filters, filter, .name = "a filter");
        channel = filter->other;
    }
    kp_group_cancel(group);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

// --- Order that is kept by tasks alone

typedef struct {
    kp_chan *channel, *in, *out;
    int number;
} link;

// Its turn comes with its number from the one before it.
static int passes_on(void *argument)
{
    const link *self = argument;

    CHECK_EQUAL(take(self->in), self->number);
    CHECK_EQUAL(take(self->channel), self->number);
    return give(self->out, self->number + 1);
}

static void first_in_first_out_by_many(void)
{
    for (size_t capacity = 0; capacity <= 10; capacity += 10) {
        kp_group *group = kp_group_new(KP_FAILFAST);
        kp_chan *channel = ints(group, capacity), *in = ints(group, 1), *out = NULL;
        link links[10];

        give(in, 0);
        for (int i = 0; i < 10; i++, in = out) {
            out = ints(group, 1);
            links[i] = (link){ channel, in, out, i };
            kp_go(group, passes_on, &links[i]);
        }
        for (int i = 0; i < 10; i++)
            CHECK_EQUAL(give(channel, i), 0);
        CHECK_EQUAL(take(out), 10);
        CHECK_EQUAL(kp_group_wait(group), 0);
    }
}

// --- A chain of a thousand tasks

static int adds_one(void *argument)
{
    const work *self = argument;

    return give(self->channel, 1 + take(self->other));
}

static void a_long_chain(void)
{
    enum { LENGTH = OFTEN(1000, 10) };
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_chan *leftmost = ints(group, 0), *left = leftmost, *right = left;
    work *links = kp_group_alloc(group, LENGTH * sizeof *links);

    for (int i = 0; links && i < LENGTH; i++, left = right) {
        right = ints(group, 0);
        links[i] = (work){ left, right, 0 };
        CHECK(kp_go(group, adds_one, &links[i], .stack = 4096));
    }
    CHECK_EQUAL(give(right, 0), 0);
    CHECK_EQUAL(take(leftmost), LENGTH);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

// --- A client and its server: each request brings the channel for its answer

typedef struct {
    int a, b;
    kp_chan *answer;
} request;

static int serves(void *argument)
{
    request asked;

    while (kp_recv(argument, &asked) == 0)
        give(asked.answer, asked.a * asked.b);
    return 0;
}

static int asks(void *argument)
{
    kp_chan *server = argument;
    int sum = 0;
    kp_group *group = kp_group_new(KP_FAILFAST); // whose end frees the channel
    request asked = { 0, 7, ints(group, 0) };

    for (; asked.a < 10; asked.a++) {
        kp_send(server, &asked);
        sum += take(asked.answer);
    }
    kp_group_wait(group);
    return sum;
}

static void servers_and_clients(void)
{
    kp_group *servers = kp_group_new(KP_FAILFAST), *clients = kp_group_new(KP_COLLECT);
    kp_chan *server = kp_chan_new(servers, sizeof(request), 0);
    enum { CLIENTS = OFTEN(20, 3) };
    int results[CLIENTS] = { 0 };

    kp_go(servers, serves, server);
    kp_go(servers, serves, server);
    for (int i = 0; i < CLIENTS; i++)
        kp_go(clients, asks, server);
    CHECK_EQUAL(kp_group_gather(clients, results, CLIENTS), CLIENTS);
    for (int i = 0; i < CLIENTS; i++)
        CHECK_EQUAL(results[i], 7 * 45);
    kp_chan_close(server);
    CHECK_EQUAL(kp_group_wait(servers), 0);
}

// --- Happy eyeballs: the next attempt starts when the last fails or is slow; the first to succeed wins

typedef struct {
    int milliseconds, result, started; // at which millisecond, -1: never
    int64_t epoch;
    kp_flag over;
} attempt;

static int tries(void *argument)
{
    attempt *self = argument;

    self->started = (int)(kp_now() - self->epoch);
    if (kp_sleep(self->milliseconds) < 0)
        return KP_ECANCELED;
    if (self->result < 0)
        kp_flag_set(&self->over);
    return self->result;
}

static int connects(attempt *attempts, int count, int *winner)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    int result = KP_ENOENT, ended = 0;
    kp_task task, tasks[8];

    for (int i = 0; i < count && result < 0; i++) {
        attempts[i].epoch = attempts[0].epoch;
        tasks[i] = kp_go(group, tries, &attempts[i]);
        KP_TIMEOUT(250)
        {
            while (!attempts[i].over.set && kp_group_next(group, &task, &result) == 0) {
                ended++;
                if (result >= 0)
                    break;
            }
        }
    }
    while (result < 0 && ended < count && kp_group_next(group, &task, &result) == 0)
        ended++;
    kp_group_cancel(group);
    kp_group_wait(group);
    for (int i = 0; i < count; i++)
        if (attempts[i].started >= 0 && tasks[i] == task && result >= 0)
            *winner = i;
    return result;
}

static void happy_eyeballs(void)
{
    attempt attempts[] = {
        { 1000, 1, -1, kp_now(), { .set = false } }, // slow, so the next begins after 250 ms
        { 50, KP_EIO, -1, 0, { .set = false } },     // fails, so the next begins at once
        { 100, 3, -1, 0, { .set = false } },
        { 0, 4, -1, 0, { .set = false } },
    };
    int winner = -1;

    CHECK_EQUAL(connects(attempts, 4, &winner), 3);
    CHECK_EQUAL(winner, 2);
    CHECK_EQUAL(attempts[1].started, 250);
    CHECK_EQUAL(attempts[2].started, 300);
    CHECK_EQUAL(attempts[3].started, -1);
    CHECK_EQUAL(kp_now() - attempts[0].epoch, 400);
}

// --- Recursion by tasks

static int adds_up(void *argument)
{
    int n = *(int *)argument;

    if (n < 2)
        return n;
    kp_group *group = kp_group_new(KP_COLLECT);
    int parts[2] = { n - 1, n - 2 }, results[2];
    for (int i = 0; i < 2; i++)
        kp_go(group, adds_up, &parts[i], .stack = 4096);
    return kp_group_gather(group, results, 2) == 2 ? results[0] + results[1] : KP_EIO;
}

static void fibonacci_by_tasks(void)
{
    int n = OFTEN(12, 6);
    kp_group *group = kp_group_new(KP_COLLECT);
    int result;

    kp_go(group, adds_up, &n);
    CHECK_EQUAL(kp_group_gather(group, &result, 1), 1);
    CHECK_EQUAL(result, OFTEN(144, 8));
}

// --- A generator

static int generates(void *argument)
{
    for (int i = 0; i < 5; i++)
        if (give(argument, i * i) < 0)
            return 0;
    return kp_chan_close(argument);
}

static void a_generator(void)
{
    for (int all = 0; all < 2; all++) {
        kp_group *group = kp_group_new(KP_FAILFAST);
        kp_chan *squares = ints(group, 0);
        int value, count = 0;
        kp_go(group, generates, squares);
        while ((value = take(squares)) >= 0 && (all || count < 2))
            CHECK_EQUAL(value, count * count), count++;
        CHECK_EQUAL(count, all ? 5 : 2);
        kp_group_cancel(group); // who does not want the rest ends it
        CHECK_EQUAL(kp_group_wait(group), 0);
    }
}

int main(void)
{
    RUN(a_sieve);
    RUN(first_in_first_out_by_many);
    RUN(a_long_chain);
    RUN(servers_and_clients);
    RUN(happy_eyeballs);
    RUN(fibonacci_by_tasks);
    RUN(a_generator);
    return check_result();
}
