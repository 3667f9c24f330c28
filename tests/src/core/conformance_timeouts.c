// SPDX-License-Identifier: MIT
// KP_TIMEOUT and KP_NOSUSPEND, by the cases of asyncio's timeout and trio's cancel scopes: see
// conformance.md.
#include "conformance.h"

// Compares how long it took since the last time it was asked, too.
#define CHECK_TOOK(milliseconds) (CHECK_EQUAL(kp_now() - last, milliseconds), (void)(last = kp_now()))
static int64_t last;

static void a_timeout(void)
{
    last = kp_now();
    KP_TIMEOUT(10)
    {
        CHECK_EQUAL(kp_sleep(10000), KP_ETIMEDOUT);
        CHECK_EQUAL(kp_check(), KP_ETIMEDOUT);
        CHECK_EQUAL(kp_sleep(10000), KP_ETIMEDOUT); // and again, at once
    }
    CHECK(kp_timed_out());
    CHECK_EQUAL(kp_check(), 0);
    CHECK_TOOK(10);
    CHECK_EQUAL(kp_sleep(5), 0); // the task goes on
    CHECK_TOOK(5);
}

static void a_timeout_that_is_not_needed(void)
{
    last = kp_now();
    KP_TIMEOUT(10000)
    {
        CHECK_EQUAL(kp_sleep(10), 0);
    }
    CHECK(!kp_timed_out());
    CHECK_TOOK(10);
    KP_TIMEOUT(10)
    {
        CHECK_EQUAL(kp_sleep(10), 0); // just in time
        CHECK_EQUAL(kp_sleep(10), KP_ETIMEDOUT);
    }
    CHECK_TOOK(10);
}

static void nested_timeouts_of_one_moment(void)
{
    last = kp_now();
    KP_TIMEOUT(10)
    {
        KP_TIMEOUT(10)
        {
            CHECK_EQUAL(kp_sleep(10000), KP_ETIMEDOUT);
        }
        CHECK(kp_timed_out());
        CHECK_EQUAL(kp_sleep(0), KP_ETIMEDOUT);
    }
    CHECK(kp_timed_out());
    CHECK_TOOK(10);
}

static void the_earliest_counts(void)
{
    last = kp_now();
    KP_TIMEOUT(20)
    {
        KP_TIMEOUT(10000)
        {
            CHECK_EQUAL(kp_sleep(10000), KP_ETIMEDOUT);
        }
        CHECK(!kp_timed_out()); // it was not this one
        CHECK_EQUAL(kp_check(), KP_ETIMEDOUT);
    }
    CHECK(kp_timed_out());
    CHECK_TOOK(20);
    KP_TIMEOUT(10000)
    {
        KP_TIMEOUT(20)
        {
            CHECK_EQUAL(kp_sleep(10000), KP_ETIMEDOUT);
        }
        CHECK(kp_timed_out());
        CHECK_EQUAL(kp_sleep(20), 0);
    }
    CHECK(!kp_timed_out());
    CHECK_TOOK(40);
}

static void no_time_or_less(void)
{
    last = kp_now();
    for (int milliseconds = 0; milliseconds >= -11; milliseconds -= 11)
        KP_TIMEOUT(milliseconds)
        {
            CHECK_EQUAL(kp_sleep(10000), KP_ETIMEDOUT);
            CHECK_EQUAL(kp_sleep(0), KP_ETIMEDOUT);
        }
    CHECK(kp_timed_out());
    CHECK_TOOK(0);
}

static void as_long_as_can_be(void)
{
    KP_TIMEOUT(INT64_MAX)
    {
        CHECK_EQUAL(kp_sleep(1), 0);
    }
    CHECK(!kp_timed_out());
}

// --- Ways out of the block

static int returns_from_within(int in)
{
    KP_TIMEOUT(1000)
    {
        KP_SHIELD(1000)
        {
            if (in == 1)
                return 1;
            if (in == 2)
                goto out;
            if (in == 3)
                break;
        }
        if (in == 4)
            continue;
        in += 10;
    }
    return in;
out:
    return 2;
}

static void ways_out(void)
{
    last = kp_now();
    CHECK_EQUAL(returns_from_within(1), 1);
    CHECK_EQUAL(returns_from_within(2), 2);
    CHECK_EQUAL(returns_from_within(3), 13);
    CHECK_EQUAL(returns_from_within(4), 4);
    CHECK_EQUAL(returns_from_within(5), 15);
    for (int i = 0; i < 3; i++)
        KP_NOSUSPEND
        {
            KP_NOSUSPEND
            {
                if (i == 1)
                    break;
                CHECK_EQUAL(kp_sleep(1), KP_EDEADLK);
            }
            CHECK_EQUAL(kp_sleep(1), KP_EDEADLK);
            if (i == 2)
                break;
        }
    CHECK_EQUAL(kp_sleep(2000), 0); // none of them is left
    CHECK_TOOK(2000);
}

static int nests_nosuspend(int depth)
{
    KP_NOSUSPEND
    {
        if (depth > 0)
            return nests_nosuspend(depth - 1);
        return kp_yield();
    }
    return 0;
}

static void waiting_forbidden_many_times_over(void)
{
    CHECK_EQUAL(nests_nosuspend(255), KP_EDEADLK);
    CHECK_EQUAL(kp_yield(), 0);
}

static void deep_in_scopes(void)
{
    last = kp_now();
    for (int i = 0; i < 300; i++)
        KP_TIMEOUT(1000 + i)
    KP_TIMEOUT(500)
    {
        if (i == 299)
            CHECK_EQUAL(kp_sleep(10000), KP_ETIMEDOUT);
    }
    CHECK_TOOK(500);
}

int main(void)
{
    RUN(a_timeout);
    RUN(a_timeout_that_is_not_needed);
    RUN(nested_timeouts_of_one_moment);
    RUN(the_earliest_counts);
    RUN(no_time_or_less);
    RUN(as_long_as_can_be);
    RUN(ways_out);
    RUN(waiting_forbidden_many_times_over);
    RUN(deep_in_scopes);
    return check_result();
}
