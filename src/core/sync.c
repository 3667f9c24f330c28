// SPDX-License-Identifier: MIT
// Flags, semaphores, mutexes and conditions. What is given back goes straight to who has waited longest, so
// nobody is passed over.
#include <stddef.h>

#include "host.gen.h"
#include "report.h"
#include "wait.h"

// --- Flag

static int begin_flag_wait(kp_flag *flag, kp__waiter *waiter)
{
    int refused = kp__may_wait();

    return refused || flag->set ? refused : kp__begin_wait_in("a flag", &flag->waiters, waiter, NULL);
}

KP__SUSPENDS int kp_flag_wait(kp_flag *flag)
{
    kp__waiter waiter;

    return KP__WAIT(begin_flag_wait(flag, &waiter));
}

void kp_flag_set(kp_flag *flag)
{
    flag->set = true;
    kp__waiters_wake_all(&flag->waiters, 0);
}

void kp_flag_clear(kp_flag *flag)
{
    flag->set = false;
}

// --- Semaphore

int kp_sem_try_acquire(kp_sem *sem)
{
    if (sem->count <= 0)
        return KP_EAGAIN;
    sem->count--;
    return 0;
}

static int begin_acquire(kp_sem *sem, kp__waiter *waiter)
{
    int refused = kp__may_wait();

    if (refused || kp_sem_try_acquire(sem) == 0)
        return refused;
    return kp__begin_wait_in("a semaphore", &sem->waiters, waiter, NULL);
}

KP__SUSPENDS int kp_sem_acquire(kp_sem *sem)
{
    kp__waiter waiter;

    return KP__WAIT(begin_acquire(sem, &waiter));
}

void kp_sem_release(kp_sem *sem)
{
    if (sem->waiters.first)
        kp__waiter_wake(sem->waiters.first, 0);
    else
        sem->count++;
}

// --- Mutex

static void abandoned(kp__owned *owned);

static void take(kp_mutex *mutex, kp__task *task)
{
    mutex->holder = task->slot.name;
    kp__own(&task->owned, (kp__owned *)(void *)&mutex->owned, abandoned);
}

static void hand_on(kp_mutex *mutex)
{
    kp__waiter *next = mutex->waiters.first;

    mutex->holder = 0;
    if (!next)
        return;
    take(mutex, next->task);
    kp__waiter_wake(next, 0);
}

static void abandoned(kp__owned *owned)
{
    kp_mutex *mutex = KP__CONTAINER(owned, kp_mutex, owned);
    const kp__task *holder = kp__task_find(mutex->holder);

    kp__log(KP__LOG_WARNING, "The task %s of a %s has ended with a mutex locked. It is handed on.",
            holder->name, kp__task_owner(holder));
    hand_on(mutex);
}

int kp_try_lock(kp_mutex *mutex)
{
    if (!kp__running)
        return KP_EDEADLK;
    if (mutex->holder)
        return mutex->holder == kp__running->slot.name ? KP_EDEADLK : KP_EAGAIN;
    take(mutex, kp__running);
    return 0;
}

static int begin_lock(kp_mutex *mutex, kp__waiter *waiter)
{
    int refused = kp__may_wait();

    if (refused)
        return refused;
    int tried = kp_try_lock(mutex);
    return tried == KP_EAGAIN ? kp__begin_wait_in("a mutex", &mutex->waiters, waiter, NULL) : tried;
}

KP__SUSPENDS int kp_lock(kp_mutex *mutex)
{
    kp__waiter waiter;

    return KP__WAIT(begin_lock(mutex, &waiter));
}

int kp_unlock(kp_mutex *mutex)
{
    if (!kp__running || mutex->holder != kp__running->slot.name)
        return KP_EINVAL;
    kp__disown(&kp__running->owned, (kp__owned *)(void *)&mutex->owned);
    hand_on(mutex);
    return 0;
}

// --- Condition

static KP__APART int begin_cond_wait(kp_cond *cond, kp_mutex *mutex, kp__waiter *waiter)
{
    int refused = kp__may_wait();

    if (refused)
        return refused;
    int unlocked = kp_unlock(mutex);
    return unlocked < 0 ? unlocked : kp__begin_wait_in("a condition", &cond->waiters, waiter, NULL);
}

// Locks it for a task that may have been canceled meanwhile: only that the holder gives it back ends the
// wait.
static KP__APART int begin_lock_again(kp_mutex *mutex, kp__waiter *waiter, kp__scope *shelter)
{
    if (kp_try_lock(mutex) != KP_EAGAIN)
        return 0;
    kp__shelter_enter(shelter);
    return kp__begin_wait_in("a mutex", &mutex->waiters, waiter, NULL);
}

int kp_cond_wait(kp_cond *cond, kp_mutex *mutex)
{
    kp__waiter waiter;
    kp__scope shelter = { 0 };
    int begun = begin_cond_wait(cond, mutex, &waiter);

    if (begun != KP__SUSPEND)
        return begun;
    int result = kp__wait(begun);
    (void)kp__wait(begin_lock_again(mutex, &waiter, &shelter));
    kp__shelter_leave(&shelter);
    return result;
}

void kp_cond_signal(kp_cond *cond)
{
    if (cond->waiters.first)
        kp__waiter_wake(cond->waiters.first, 0);
}

void kp_cond_broadcast(kp_cond *cond)
{
    kp__waiters_wake_all(&cond->waiters, 0);
}
