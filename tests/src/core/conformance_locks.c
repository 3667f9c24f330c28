// SPDX-License-Identifier: MIT
// Mutexes and conditions, by the cases of asyncio's Lock and Condition, trio's locks and neco's mutexes: see
// conformance.md.
#include "conformance.h"

typedef struct {
    kp_mutex mutex;
    kp_cond cond;
    bool ready;
} shared;

typedef struct {
    shared *shared;
    int number, held; // for how many milliseconds; 0: for one turn
} user;

static int locks(void *argument)
{
    const user *self = argument;
    int result = kp_lock(&self->shared->mutex);

    note("%d:%d ", self->number, result);
    if (result < 0)
        return result;
    kp_sleep(self->held);
    return kp_unlock(&self->shared->mutex);
}

static void a_mutex(void)
{
    kp_mutex mutex = { .holder = 0 };

    CHECK_EQUAL(kp_unlock(&mutex), KP_EINVAL);
    CHECK_EQUAL(kp_lock(&mutex), 0);
    CHECK_EQUAL(kp_lock(&mutex), KP_EDEADLK);
    CHECK_EQUAL(kp_try_lock(&mutex), KP_EDEADLK);
    CHECK_EQUAL(kp_unlock(&mutex), 0);
    CHECK_EQUAL(kp_unlock(&mutex), KP_EINVAL);
    CHECK_EQUAL(kp_try_lock(&mutex), 0);
    CHECK_EQUAL(kp_unlock(&mutex), 0);
}

static void a_mutex_is_handed_on_in_order(void)
{
    shared all = { .ready = false };
    user each[] = { { &all, 1, 0 }, { &all, 2, 10 }, { &all, 3, 0 } };
    kp_group *group = kp_group_new(KP_FAILFAST);

    CHECK_EQUAL(kp_lock(&all.mutex), 0);
    for (int i = 0; i < 3; i++)
        arrive(group, locks, &each[i]);
    settle();
    CHECK_TRACE("");
    CHECK_EQUAL(kp_unlock(&all.mutex), 0);
    CHECK_EQUAL(kp_try_lock(&all.mutex), KP_EAGAIN); // it is the first's, who has not had its turn
    CHECK_EQUAL(kp_unlock(&all.mutex), KP_EINVAL);
    settle();
    CHECK_TRACE("1:0 2:0 ");
    CHECK_EQUAL(kp_lock(&all.mutex), 0);
    CHECK_TRACE("3:0 ");
    CHECK_EQUAL(kp_unlock(&all.mutex), 0);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

// One is canceled in the turn in which the mutex is unlocked: before, the next one has it; after, it has it.
static void canceled_while_unlocking(void)
{
    for (int after = 0; after < 2; after++) {
        shared all = { .ready = false };
        user b = { &all, 1, 0 }, c = { &all, 2, 0 };
        kp_group *group = kp_group_new(KP_FAILFAST);
        CHECK_EQUAL(kp_lock(&all.mutex), 0);
        kp_task task = arrive(group, locks, &b);
        arrive(group, locks, &c);
        settle();
        if (!after)
            kp_cancel(task);
        CHECK_EQUAL(kp_unlock(&all.mutex), 0);
        if (after)
            kp_cancel(task);
        CHECK_EQUAL(kp_group_wait(group), 0);
        CHECK_TRACE_TURNS(after ? "1:0 2:0 " : "1:-1 2:0 ");
        CHECK(!all.mutex.holder && !all.mutex.waiters.first);
    }
}

static void a_mutex_in_time(void)
{
    shared all = { .ready = false };
    user slow = { &all, 1, 50 };
    kp_group *group = kp_group_new(KP_FAILFAST);
    int64_t started = kp_now();

    kp_go(group, locks, &slow);
    settle();
    KP_TIMEOUT(10)
    {
        CHECK_EQUAL(kp_lock(&all.mutex), KP_ETIMEDOUT);
    }
    KP_TIMEOUT(100)
    {
        CHECK_EQUAL(kp_lock(&all.mutex), 0);
    }
    CHECK_EQUAL(kp_now() - started, 50);
    CHECK_EQUAL(kp_unlock(&all.mutex), 0);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("1:0 ");
}

static int inside;

static int works_alone(void *argument)
{
    const user *self = argument;

    for (int i = 0; i < 10; i++) {
        kp_lock(&self->shared->mutex);
        CHECK_EQUAL(inside++, 0);
        note("%d", self->number);
        kp_yield();
        kp_yield();
        inside--;
        kp_unlock(&self->shared->mutex);
    }
    return 0;
}

static void one_at_a_time_in_turn(void)
{
    shared all = { .ready = false };
    user each[] = { { &all, 1, 0 }, { &all, 2, 0 }, { &all, 3, 0 } };
    kp_group *group = kp_group_new(KP_FAILFAST);

    CHECK_EQUAL(kp_lock(&all.mutex), 0);
    for (int i = 0; i < 3; i++)
        arrive(group, works_alone, &each[i]);
    CHECK_EQUAL(kp_unlock(&all.mutex), 0);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("123123123123123123123123123123");
}

// --- What becomes of a mutex whose holder ends

static int ends_with_it(void *argument)
{
    const user *self = argument;

    kp_lock(&self->shared->mutex);
    kp_yield();
    return 0;
}

static int ignores_with_it(void *argument)
{
    const user *self = argument;

    kp_lock(&self->shared->mutex);
    kp_cancel(kp_self());
    for (;;)
        kp_sleep(1);
    return 0;
}

static void a_mutex_survives_its_holder(void)
{
    static const kp_task_function careless[] = { ends_with_it, ignores_with_it };

    shared all[2] = { { .ready = false } };

    for (int i = 0; i < 2; i++) {
        user one = { &all[i], 1, 0 };
        kp_go(app(), careless[i], &one);
        settle();
        CHECK_EQUAL(kp_lock(&all[i].mutex), 0);
        CHECK_EQUAL(kp_unlock(&all[i].mutex), 0);
        kp_go(app(), careless[i], &one); // and when nobody waits for it
        settle();
        CHECK_EQUAL(kp_try_lock(&all[i].mutex), 0);
        CHECK_EQUAL(kp_unlock(&all[i].mutex), 0);
    }
}

static void unlocks(void *argument)
{
    note("%d ", kp_unlock(argument));
}

static int unlocks_at_its_end(void *argument)
{
    const user *self = argument;

    kp_lock(&self->shared->mutex);
    kp_defer(unlocks, &self->shared->mutex);
    return kp_sleep(1000);
}

// Also when the task is dropped, or canceled, or has another of its own.
static void a_mutex_unlocked_by_what_was_deferred(void)
{
    shared all = { .ready = false };
    user one = { &all, 1, 0 };
    kp_task task = kp_go(app(), unlocks_at_its_end, &one);

    settle();
    kp_cancel(task);
    CHECK_EQUAL(kp_lock(&all.mutex), 0);
    CHECK_TRACE("0 ");
    CHECK_EQUAL(kp_unlock(&all.mutex), 0);
}

// --- Conditions

static int waits(void *argument)
{
    const user *self = argument;

    kp_lock(&self->shared->mutex);
    int result = kp_cond_wait(&self->shared->cond, &self->shared->mutex);
    note("%d:%d ", self->number, result);
    CHECK_EQUAL(self->shared->mutex.holder, kp_self());
    return kp_unlock(&self->shared->mutex) ? KP_EIO : result;
}

static void signals_wake_in_order(void)
{
    shared all = { .ready = false };
    user each[] = { { &all, 1, 0 }, { &all, 2, 0 }, { &all, 3, 0 } };
    kp_group *group = kp_group_new(KP_FAILFAST);

    for (int i = 0; i < 3; i++)
        arrive(group, waits, &each[i]);
    settle();
    CHECK_EQUAL(kp_lock(&all.mutex), 0); // they have unlocked it
    kp_cond_signal(&all.cond);
    settle();
    CHECK_TRACE(""); // who was woken needs the mutex
    CHECK_EQUAL(kp_unlock(&all.mutex), 0);
    settle();
    CHECK_TRACE("1:0 ");
    kp_cond_broadcast(&all.cond);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE_TURNS("2:0 3:0 ");
    kp_cond_signal(&all.cond); // nobody hears it
    kp_cond_broadcast(&all.cond);
}

static int waits_until_ready(void *argument)
{
    const user *self = argument;

    kp_lock(&self->shared->mutex);
    while (!self->shared->ready)
        if (kp_cond_wait(&self->shared->cond, &self->shared->mutex) < 0)
            break;
    note("ready ");
    return kp_unlock(&self->shared->mutex);
}

static void waiting_for_what_is_true(void)
{
    shared all = { .ready = false };
    user one = { &all, 1, 0 };
    kp_group *group = kp_group_new(KP_FAILFAST);

    kp_go(group, waits_until_ready, &one);
    settle();
    kp_cond_signal(&all.cond);
    settle();
    CHECK_TRACE("");
    all.ready = true;
    kp_cond_signal(&all.cond);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("ready ");
}

static void waiting_without_the_mutex(void)
{
    shared all = { .ready = false };
    user holder = { &all, 1, 50 };

    CHECK_EQUAL(kp_cond_wait(&all.cond, &all.mutex), KP_EINVAL);
    kp_task task = kp_go(app(), locks, &holder);
    settle();
    CHECK_EQUAL(kp_cond_wait(&all.cond, &all.mutex), KP_EINVAL);
    CHECK_EQUAL(kp_join(task, NULL), 0);
    CHECK_TRACE("1:0 ");
}

// Whatever it returns, it has the mutex again, and for that it waits though it is canceled or late.
static void canceled_while_another_has_the_mutex(void)
{
    shared all = { .ready = false };
    user one = { &all, 1, 0 };
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_task task = kp_go(group, waits, &one);

    settle();
    CHECK_EQUAL(kp_lock(&all.mutex), 0);
    kp_cancel(task);
    kp_sleep(20);
    kp_cancel(task);
    CHECK_TRACE("");
    CHECK_EQUAL(kp_unlock(&all.mutex), 0);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("1:-1 ");
}

static void signalled_then_canceled(void)
{
    shared all = { .ready = false };
    user one = { &all, 1, 0 }, two = { &all, 2, 0 };
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_task task = arrive(group, waits, &one);

    arrive(group, waits, &two);
    settle();
    CHECK_EQUAL(kp_lock(&all.mutex), 0);
    kp_cond_signal(&all.cond);
    kp_cancel(task); // too late
    settle();
    kp_cond_signal(&all.cond);
    CHECK_EQUAL(kp_unlock(&all.mutex), 0);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("1:0 2:0 ");
}

static void canceled_then_signalled(void)
{
    shared all = { .ready = false };
    user one = { &all, 1, 0 }, two = { &all, 2, 0 };
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_task task = arrive(group, waits, &one);

    arrive(group, waits, &two);
    settle();
    kp_cancel(task);
    kp_cond_signal(&all.cond); // not lost: the second hears it
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE_TURNS("1:-1 2:0 ");
}

static void a_condition_in_time(void)
{
    shared all = { .ready = false };
    user slow = { &all, 1, 50 };
    int64_t started = kp_now();

    CHECK_EQUAL(kp_lock(&all.mutex), 0);
    kp_task task = kp_go(app(), locks, &slow);
    KP_TIMEOUT(10)
    {
        CHECK_EQUAL(kp_cond_wait(&all.cond, &all.mutex), KP_ETIMEDOUT);
        CHECK_EQUAL(kp_now() - started, 50); // until the other gave it back
    }
    CHECK_EQUAL(all.mutex.holder, kp_self());
    CHECK_EQUAL(kp_unlock(&all.mutex), 0);
    CHECK_EQUAL(kp_join(task, NULL), KP_ENOENT);
    CHECK_TRACE("1:0 ");
}

int main(void)
{
    RUN(a_mutex);
    RUN(a_mutex_is_handed_on_in_order);
    RUN(canceled_while_unlocking);
    RUN(a_mutex_in_time);
    RUN(one_at_a_time_in_turn);
    RUN(a_mutex_survives_its_holder);
    RUN(a_mutex_unlocked_by_what_was_deferred);
    RUN(signals_wake_in_order);
    RUN(waiting_for_what_is_true);
    RUN(waiting_without_the_mutex);
    RUN(canceled_while_another_has_the_mutex);
    RUN(signalled_then_canceled);
    RUN(canceled_then_signalled);
    RUN(a_condition_in_time);
    return check_result();
}
