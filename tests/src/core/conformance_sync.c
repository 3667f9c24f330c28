// SPDX-License-Identifier: MIT
// Flags and semaphores, by the cases of asyncio's Event and Semaphore, trio's parking lot and neco's wait
// groups: see conformance.md.
#include "conformance.h"

// --- Flags

typedef struct {
    kp_flag *flag;
    kp_sem *sem;
    int number;
} waiter;

static int waits_for_flag(void *argument)
{
    const waiter *self = argument;
    int result = kp_flag_wait(self->flag);

    note("%d:%d ", self->number, result);
    return result;
}

static void a_flag_lets_all_pass_in_order(void)
{
    kp_flag flag = { .set = false };
    waiter each[] = { { &flag, NULL, 1 }, { &flag, NULL, 2 }, { &flag, NULL, 3 } };
    kp_group *group = kp_group_new(KP_FAILFAST);

    kp_go(group, waits_for_flag, &each[0]);
    kp_go(group, waits_for_flag, &each[1]);
    settle();
    CHECK_TRACE("");
    kp_go(group, waits_for_flag, &each[2]); // which has not begun when the flag is set
    kp_flag_set(&flag);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE_TURNS("3:0 1:0 2:0 ");
    CHECK_EQUAL(kp_flag_wait(&flag), 0);
}

static void a_canceled_wait_for_a_flag(void)
{
    kp_flag flag = { .set = false };
    waiter one = { &flag, NULL, 1 }, two = { &flag, NULL, 2 };
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_task task = kp_go(group, waits_for_flag, &one);

    kp_go(group, waits_for_flag, &two);
    settle();
    kp_cancel(task);
    settle();
    CHECK_TRACE("1:-1 ");
    CHECK(flag.waiters.first == flag.waiters.last);
    kp_flag_set(&flag);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK(!flag.waiters.first && !flag.waiters.last);
    CHECK_TRACE("2:0 ");
}

// Who has waited passes, also when the flag is taken back before its turn; who comes then waits.
static void a_flag_taken_back_at_once(void)
{
    kp_flag flag = { .set = false };
    waiter one = { &flag, NULL, 1 }, two = { &flag, NULL, 2 };
    kp_group *group = kp_group_new(KP_FAILFAST);

    kp_go(group, waits_for_flag, &one);
    settle();
    kp_flag_set(&flag);
    kp_flag_set(&flag);
    kp_flag_clear(&flag);
    kp_go(group, waits_for_flag, &two);
    settle();
    CHECK_TRACE("1:0 ");
    kp_flag_set(&flag);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("2:0 ");
}

// --- Semaphores

static int acquires(void *argument)
{
    const waiter *self = argument;
    int result = kp_sem_acquire(self->sem);

    note("%d:%d ", self->number, result);
    return result;
}

static void a_semaphore_counts(void)
{
    kp_sem none = { .count = 0 }, two = { .count = 2 };

    CHECK_EQUAL(kp_sem_try_acquire(&none), KP_EAGAIN);
    CHECK_EQUAL(kp_sem_acquire(&two), 0);
    CHECK_EQUAL(kp_sem_try_acquire(&two), 0);
    CHECK_EQUAL(kp_sem_try_acquire(&two), KP_EAGAIN);
    kp_sem_release(&two);
    kp_sem_release(&two);
    CHECK_EQUAL(two.count, 2);
    kp_sem_release(&two); // nothing bounds it
    CHECK_EQUAL(two.count, 3);
}

static void a_semaphore_serves_in_order(void)
{
    kp_sem sem = { .count = 2 };
    waiter each[] = { { NULL, &sem, 1 }, { NULL, &sem, 2 }, { NULL, &sem, 3 }, { NULL, &sem, 4 } };
    kp_group *group = kp_group_new(KP_FAILFAST);

    for (int i = 0; i < 4; i++)
        arrive(group, acquires, &each[i]);
    settle();
    CHECK_TRACE("1:0 2:0 ");
    kp_sem_release(&sem);
    settle();
    CHECK_TRACE("3:0 ");
    kp_sem_release(&sem);
    kp_sem_release(&sem);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("4:0 ");
    CHECK_EQUAL(sem.count, 1);
}

// A place that was given back belongs to who waits, though that has not had its turn.
static void nobody_overtakes(void)
{
    kp_sem sem = { .count = 1 };
    waiter one = { NULL, &sem, 1 };
    kp_group *group = kp_group_new(KP_FAILFAST);

    CHECK_EQUAL(kp_sem_acquire(&sem), 0);
    kp_go(group, acquires, &one);
    settle();
    kp_sem_release(&sem);
    CHECK_EQUAL(kp_sem_try_acquire(&sem), KP_EAGAIN);
    KP_TIMEOUT(10)
    {
        CHECK_EQUAL(kp_sem_acquire(&sem), KP_ETIMEDOUT);
    }
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("1:0 ");
    CHECK_EQUAL(sem.count, 0);
}

static void a_canceled_wait_for_a_semaphore(void)
{
    kp_sem sem = { .count = 0 };
    waiter each[] = { { NULL, &sem, 1 }, { NULL, &sem, 2 }, { NULL, &sem, 3 } };
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_task tasks[3];

    for (int i = 0; i < 3; i++)
        tasks[i] = arrive(group, acquires, &each[i]);
    settle();
    kp_cancel(tasks[0]);
    kp_sem_release(&sem); // to the second
    kp_cancel(tasks[1]);  // too late: it has it
    settle();
    CHECK_TRACE_TURNS("1:-1 2:0 ");
    kp_sem_release(&sem);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("3:0 ");
    CHECK_EQUAL(sem.count, 0);
}

static int inside, most_inside;

static int enters(void *argument)
{
    kp_sem *sem = argument;

    for (int i = 0; i < 20; i++) {
        if (kp_sem_acquire(sem) < 0)
            return KP_EIO;
        most_inside = ++inside > most_inside ? inside : most_inside;
        kp_sleep(1 + i % 3);
        inside--;
        kp_sem_release(sem);
    }
    return 0;
}

static void never_more_than_there_are_places(void)
{
    kp_sem sem = { .count = 3 };
    kp_group *group = kp_group_new(KP_FAILFAST);

    for (int i = 0; i < 10; i++)
        kp_go(group, enters, &sem);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_EQUAL(most_inside, 3);
    CHECK_EQUAL(sem.count, 3);
}

// Releasing within acquiring: those that give way again and again keep their order.
static int acquires_and_releases(void *argument)
{
    const waiter *self = argument;

    for (int i = 0; i < 3; i++) {
        kp_sem_acquire(self->sem);
        note("%d", self->number);
        kp_yield();
        kp_sem_release(self->sem);
    }
    return 0;
}

static void takes_turns(void)
{
    kp_sem sem = { .count = 0 };
    waiter each[] = { { NULL, &sem, 1 }, { NULL, &sem, 2 }, { NULL, &sem, 3 } };
    kp_group *group = kp_group_new(KP_FAILFAST);

    for (int i = 0; i < 3; i++)
        arrive(group, acquires_and_releases, &each[i]);
    kp_sem_release(&sem);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("123123123");
}

// --- A place where tasks park: a flag that is never set, or a semaphore without places

static void parked_tasks(void)
{
    kp_sem lot = { .count = 0 };
    waiter each[] = { { NULL, &lot, 1 }, { NULL, &lot, 2 }, { NULL, &lot, 3 } };
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_task tasks[3];

    for (int i = 0; i < 3; i++)
        tasks[i] = arrive(group, acquires, &each[i]);
    settle();
    kp_cancel(tasks[1]);
    settle();
    CHECK_TRACE("2:-1 ");
    for (int i = 0; i < 2; i++) {
        kp_sem_release(&lot);
        settle();
    }
    CHECK_TRACE("1:0 3:0 ");
    CHECK_EQUAL(kp_group_wait(group), 0);
}

// A wait group: the last to be done sets the flag.
typedef struct {
    kp_flag done;
    int left;
} wait_group;

static int is_done_later(void *argument)
{
    wait_group *self = argument;

    kp_sleep(5 * self->left);
    if (--self->left == 0)
        kp_flag_set(&self->done);
    return 0;
}

static void a_wait_group(void)
{
    wait_group all = { .left = 10 };
    waiter late = { &all.done, NULL, 1 };
    kp_group *group = kp_group_new(KP_FAILFAST);
    kp_task task = kp_go(group, waits_for_flag, &late);

    for (int i = 0; i < 10; i++)
        kp_go(group, is_done_later, &all);
    KP_TIMEOUT(1)
    {
        CHECK_EQUAL(kp_flag_wait(&all.done), KP_ETIMEDOUT);
    }
    kp_cancel(task);
    CHECK_EQUAL(kp_flag_wait(&all.done), 0);
    CHECK_EQUAL(all.left, 0);
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_TRACE("1:-1 ");
}

// A barrier of what there is: the last to come opens it for all.
typedef struct {
    kp_mutex mutex;
    kp_cond everybody;
    int parties, here, round;
} barrier;

static int reach(barrier *self)
{
    int round = self->round, result = 0;

    kp_lock(&self->mutex);
    int place = self->parties - ++self->here;
    if (place == 0) {
        self->here = 0;
        self->round++;
        kp_cond_broadcast(&self->everybody);
    }
    while (result == 0 && self->round == round)
        result = kp_cond_wait(&self->everybody, &self->mutex);
    if (result < 0)
        self->here--;
    kp_unlock(&self->mutex);
    return result < 0 ? result : place;
}

static int meets_thrice(void *argument)
{
    int sum = 0;

    for (int i = 0; i < 3; i++)
        sum += reach(argument);
    return sum;
}

static int meets_once(void *argument)
{
    return reach(argument);
}

static void a_barrier(void)
{
    barrier all = { .parties = 5 };
    kp_group *group = kp_group_new(KP_COLLECT);
    int results[6] = { 0 }, sum = 0;
    kp_task canceled = kp_go(group, meets_once, &all);

    settle();
    kp_cancel(canceled);
    settle();
    for (int i = 0; i < 5; i++)
        kp_go(group, meets_thrice, &all);
    CHECK_EQUAL(kp_group_gather(group, results, 6), 6);
    CHECK_EQUAL(results[0], KP_ECANCELED);
    for (int i = 1; i < 6; i++)
        sum += results[i];
    CHECK_EQUAL(sum, 3 * (0 + 1 + 2 + 3 + 4));
    CHECK_EQUAL(all.round, 3);
}

int main(void)
{
    RUN(a_flag_lets_all_pass_in_order);
    RUN(a_canceled_wait_for_a_flag);
    RUN(a_flag_taken_back_at_once);
    RUN(a_semaphore_counts);
    RUN(a_semaphore_serves_in_order);
    RUN(nobody_overtakes);
    RUN(a_canceled_wait_for_a_semaphore);
    RUN(never_more_than_there_are_places);
    RUN(takes_turns);
    RUN(parked_tasks);
    RUN(a_wait_group);
    RUN(a_barrier);
    return check_result();
}
