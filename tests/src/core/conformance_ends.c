// SPDX-License-Identifier: MIT
// How tasks end, and what ends with them; tickets and locals. By the cases of neco's cancel and suspend,
// trio's aborts and context variables, and of our own: see conformance.md.
#include "conformance.h"

// --- What was deferred

static void says(void *argument)
{
    note("%s ", (const char *)argument);
}

static void asks_around(void *argument)
{
    (void)argument;
    CHECK(kp_self());
    CHECK_EQUAL(kp_join(kp_self(), NULL), KP_EDEADLK);
    CHECK_EQUAL(kp_sleep(1), KP_EDEADLK);
    CHECK(!kp_group_new(KP_FAILFAST));
    KP_TIMEOUT(10)
    {
        CHECK_EQUAL(kp_yield(), KP_EDEADLK);
    }
    CHECK_EQUAL(kp_defer(says, "later"), 0);
}

static int defers(void *argument)
{
    kp_defer(says, "first");
    kp_defer(asks_around, NULL);
    kp_defer(says, "last");
    if (!argument)
        return 0;
    kp_cancel(kp_self());
    KP_TIMEOUT(1000)
    {
        for (;;)
            kp_sleep(1);
    }
    return 0;
}

static void what_is_deferred_is_done_however_the_task_ends(void)
{
    for (int dropped = 0; dropped < 2; dropped++) {
        kp_task task = kp_go(app(), defers, dropped ? "dropped" : NULL);
        int result = 1;
        CHECK_EQUAL(kp_join(task, &result), 0);
        CHECK_EQUAL(result, dropped ? KP_ECANCELED : 0);
        CHECK_TRACE("last later first ");
    }
}

// --- Dropping

static kp_chan *channel;

static int in_own_group(void *argument)
{
    note("%s:%d ", (const char *)argument, kp_sleep(1000));
    return 0;
}

static int never_listens(void *argument)
{
    kp_mutex *mutex = argument;
    kp_group *group = kp_group_new(KP_FAILFAST);
    int item;
    kp_case cases[] = { KP_RECV(channel, &item), KP_AFTER(1000) };

    kp_lock(mutex);
    kp_go(group, in_own_group, "own");
    kp_defer(says, "deferred");
    for (int i = 0; i < 1000; i++)
        kp_select(cases, 2);
    return 0;
}

static void dropped_with_all_it_has(void)
{
    kp_mutex mutex = { .holder = 0 };
    kp_task task = kp_go(app(), never_listens, &mutex);

    channel = ints(NULL, 0);
    kp_sleep(10);
    kp_cancel(task);
    CHECK_EQUAL(kp_lock(&mutex), 0);
    CHECK_TRACE("own:-1 deferred ");
    CHECK_EQUAL(kp_unlock(&mutex), 0);
    CHECK_EQUAL(kp_join(task, NULL), KP_ENOENT);
    CHECK_EQUAL(try_give(channel, 1), KP_EAGAIN);
}

static int refusals;

static int counts_refusals(void *argument)
{
    (void)argument;
    kp_defer(says, "first");
    kp_defer(says, "last");
    for (;;)
        refusals += kp_sleep(10) == KP_ECANCELED;
    return 0;
}

static void dropped_at_the_sixty_fourth(void)
{
    kp_task task = kp_go(app(), counts_refusals, NULL);
    int result = 0;

    refusals = 0;
    settle();
    kp_cancel(task);
    CHECK_EQUAL(kp_join(task, &result), 0);
    CHECK_EQUAL(result, KP_ECANCELED);
    CHECK_EQUAL(refusals,
                64); // one ended the wait in which it was canceled; it did not come back from the last
    CHECK_TRACE("last first ");
}

static int listens_now_and_then(void *argument)
{
    (void)argument;
    kp_sleep(1000);
    for (int i = 0; i < 10; i++) {
        for (int k = 0; k < 5; k++)
            CHECK_EQUAL(kp_sleep(1), KP_ECANCELED);
        KP_SHIELD(10)
        {
            CHECK_EQUAL(kp_sleep(1), 0);
        }
    }
    note("returned ");
    return 0;
}

static void patience_is_long_enough(void)
{
    kp_task task = kp_go(app(), listens_now_and_then, NULL);

    settle();
    kp_cancel(task);
    CHECK_EQUAL(kp_join(task, NULL), 0);
    CHECK_TRACE("returned ");
}

static int times_out_again_and_again(void *argument)
{
    (void)argument;
    for (int i = 0; i < 200; i++)
        KP_TIMEOUT(1)
        {
            CHECK_EQUAL(kp_sleep(5), KP_ETIMEDOUT);
        }
    note("returned ");
    return 0;
}

static void being_late_is_not_ignoring(void)
{
    CHECK_EQUAL(kp_join(kp_go(app(), times_out_again_and_again, NULL), NULL), 0);
    CHECK_TRACE("returned ");
}

// --- Tickets

static kp_ticket ticket;
static kp_task waiting;

static void aborts(void *argument)
{
    (void)argument;
    note("abort ");
}

// An answer, or a cancellation, from within what undoes the wait.
static void answers_while_aborting(void *argument)
{
    (void)argument;
    note("abort:%d ", kp_resume(ticket, 5));
    CHECK_EQUAL(kp_cancel(waiting), 0);
    kp_group_cancel(NULL);
    CHECK_EQUAL(kp_sleep(1), KP_EDEADLK);
}

static int suspends(void *argument)
{
    ticket = kp_ticket_new();
    CHECK(ticket);
    int result = kp_suspend(ticket, NULL, argument ? answers_while_aborting : aborts, NULL);
    note("%d ", result);
    CHECK_EQUAL(kp_suspend(ticket, "again", NULL, NULL), KP_ENOENT);
    return result;
}

static void an_answer(void)
{
    kp_group *group = kp_group_new(KP_COLLECT);
    int result;

    kp_go(group, suspends, NULL);
    settle();
    CHECK_EQUAL(kp_resume(ticket, 7), 0);
    CHECK_EQUAL(kp_resume(ticket, 8), KP_ENOENT);
    CHECK_EQUAL(kp_group_gather(group, &result, 1), 1);
    CHECK_EQUAL(result, 7);
    CHECK_TRACE("7 ");
    CHECK_EQUAL(kp_resume(ticket, 9), KP_ENOENT);
    CHECK_EQUAL(kp_resume(0, 9), KP_ENOENT);
}

static void an_answer_that_comes_first(void)
{
    for (int result = -1; result < 3; result++) {
        kp_ticket early = kp_ticket_new();
        CHECK_EQUAL(kp_resume(early, result), 0);
        CHECK_EQUAL(kp_resume(early, 9), KP_ENOENT);
        CHECK_EQUAL(kp_suspend(early, "x", aborts, NULL), result);
    }
    CHECK_TRACE("");
}

static void an_answer_that_comes_too_late(void)
{
    ticket = kp_ticket_new();
    KP_TIMEOUT(10)
    {
        CHECK_EQUAL(kp_suspend(ticket, "x", aborts, NULL), KP_ETIMEDOUT);
    }
    CHECK_TRACE("abort ");
    CHECK_EQUAL(kp_resume(ticket, 1), KP_ENOENT);
    ticket = kp_ticket_new();
    KP_NOSUSPEND
    {
        CHECK_EQUAL(kp_suspend(ticket, "x", aborts, NULL), KP_EDEADLK);
    }
    CHECK_TRACE("abort ");
    CHECK_EQUAL(kp_resume(ticket, 1), KP_ENOENT);
}

static void canceled_and_answered_in_one_turn(void)
{
    for (int first = 0; first < 2; first++) {
        kp_task task = kp_go(app(), suspends, NULL);
        settle();
        if (first)
            CHECK_EQUAL(kp_resume(ticket, 7), 0);
        kp_cancel(task);
        CHECK_EQUAL(kp_resume(ticket, 8), KP_ENOENT);
        settle();
        CHECK_TRACE(first ? "7 " : "abort -1 ");
    }
}

static void answered_while_aborting(void)
{
    waiting = kp_go(app(), suspends, "answers");
    settle();
    KP_NOSUSPEND
    {
        kp_cancel(waiting);
        kp_cancel(waiting);
    }
    settle();
    CHECK_TRACE("abort:-7 -1 ");
}

static int suspends_with_ticket(void *argument)
{
    CHECK_EQUAL(kp_suspend(*(kp_ticket *)argument, "not its own", NULL, NULL), KP_ENOENT);
    CHECK(kp_ticket_new()); // one that is never used
    return 0;
}

static void a_ticket_is_for_its_task(void)
{
    kp_ticket own = kp_ticket_new();

    CHECK_EQUAL(kp_join(kp_go(app(), suspends_with_ticket, &own), NULL), 0);
    CHECK_EQUAL(kp_resume(own, 3), 0);
    CHECK_EQUAL(kp_suspend(own, "x", NULL, NULL), 3);
}

static void awaiting_the_page(void)
{
    char *answer = (char *)1;

    CHECK_EQUAL(kp_await("echo", "hello", &answer), 0);
    CHECK_TEXT(answer ? answer : "", "hello");
    free(answer);
    CHECK_EQUAL(kp_await("fail", "hello", &answer), KP_EIO);
    CHECK_TEXT(answer ? answer : "", "it failed");
    free(answer);
    KP_TIMEOUT(10)
    {
        CHECK_EQUAL(kp_await("never", "", &answer), KP_ETIMEDOUT);
        CHECK(!answer);
    }
    CHECK_EQUAL(kp_await(NULL, "", &answer), KP_EINVAL);
}

// --- Locals

static const kp_local user, colour;

static int sees(void *argument)
{
    (void)argument;
    note("%s ", kp_local_get(&user) ? (char *)kp_local_get(&user) : "-");
    kp_local_set(&user, "changed");
    kp_yield();
    note("%s ", (char *)kp_local_get(&user));
    return 0;
}

static void sees_at_the_end(void *argument)
{
    (void)argument;
    note("%s ", (char *)kp_local_get(&colour));
    kp_local_set(&colour, "black");
    kp_local_set(&user, "nobody");
}

static int sets_after_deferring(void *argument)
{
    kp_defer(sees_at_the_end, argument);
    kp_local_set(&colour, "red");
    return 0;
}

static void locals_are_inherited_and_ones_own(void)
{
    CHECK(!kp_local_get(&user));
    kp_go(app(), sees, NULL); // before there is one
    kp_local_set(&user, "ann");
    kp_go(app(), sees, NULL);
    kp_local_set(&user, "bob");
    kp_go(app(), sees, NULL);
    CHECK_TEXT(kp_local_get(&user), "bob");
    settle();
    CHECK_TRACE_TURNS("- ann bob changed changed changed ");
    CHECK_TEXT(kp_local_get(&user), "bob");
    for (int i = 0; i < 1000; i++) { // which needs no more memory each time
        kp_local_set(&user, "carl");
        kp_local_set(&colour, "blue");
    }
    CHECK_TEXT(kp_local_get(&user), "carl");
    CHECK_TEXT(kp_local_get(&colour), "blue");
    kp_local_set(&user, NULL);
    CHECK(!kp_local_get(&user));
}

static int outlives(void *argument)
{
    (void)argument;
    kp_sleep(10);
    note("%s ", (char *)kp_local_get(&user));
    return 0;
}

static int starts_one_that_outlives(void *argument)
{
    kp_local_set(&user, "dora");
    kp_go(app(), outlives, argument);
    return 0;
}

static void locals_outlive_the_task_that_set_them(void)
{
    CHECK_EQUAL(kp_join(kp_go(app(), starts_one_that_outlives, NULL), NULL), 0);
    kp_sleep(20);
    CHECK_TRACE("dora ");
}

static void what_is_deferred_sees_locals(void)
{
    kp_go(app(), sets_after_deferring, NULL);
    settle();
    CHECK_TRACE("red ");
}

int main(void)
{
    RUN(what_is_deferred_is_done_however_the_task_ends);
    RUN(dropped_with_all_it_has);
    RUN(dropped_at_the_sixty_fourth);
    RUN(patience_is_long_enough);
    RUN(being_late_is_not_ignoring);
    RUN(an_answer);
    RUN(an_answer_that_comes_first);
    RUN(an_answer_that_comes_too_late);
    RUN(canceled_and_answered_in_one_turn);
    RUN(answered_while_aborting);
    RUN(a_ticket_is_for_its_task);
    RUN(awaiting_the_page);
    RUN(what_is_deferred_sees_locals); // before any task has one to inherit
    RUN(locals_are_inherited_and_ones_own);
    RUN(locals_outlive_the_task_that_set_them);
    return check_result();
}
