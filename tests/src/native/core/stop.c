// SPDX-License-Identifier: MIT
// The app is stopped with tasks at every kind of wait: all of them end, each once, and nothing leaks.
#include "../../core/conformance.h"
#include "../host.h"

static kp_flag flag;
static kp_sem sem;
static kp_mutex held;
static kp_chan *channel;
static int ended, aborted;

static void ends(void *argument)
{
    (void)argument;
    ended++;
}

static void aborts(void *argument)
{
    CHECK_EQUAL(kp_resume(*(kp_ticket *)argument, 1), KP_ENOENT);
    kp_group_cancel(app());
    aborted++;
}

static int at_a_flag(void *argument)
{
    (void)argument;
    kp_defer(ends, NULL);
    return kp_flag_wait(&flag);
}

static int at_a_semaphore(void *argument)
{
    (void)argument;
    kp_defer(ends, NULL);
    return kp_sem_acquire(&sem);
}

static int at_a_mutex(void *argument)
{
    (void)argument;
    kp_defer(ends, NULL);
    return kp_lock(&held);
}

static int in_a_select(void *argument)
{
    int item = 0;
    kp_case cases[] = { KP_RECV(channel, &item), KP_SEND(channel, &item), KP_FLAG(&flag), KP_AFTER(100000) };

    (void)argument;
    kp_defer(ends, NULL);
    return kp_select(cases, 4);
}

static int with_a_ticket(void *argument)
{
    kp_ticket ticket = kp_ticket_new();

    (void)argument;
    kp_defer(ends, NULL);
    return kp_suspend(ticket, "an answer", aborts, &ticket);
}

static int awaits(void *argument)
{
    char *answer;

    (void)argument;
    kp_defer(ends, NULL);
    return kp_await("never", "", &answer);
}

static int joins(void *argument)
{
    kp_defer(ends, NULL);
    return kp_join(*(kp_task *)argument, NULL);
}

// Neither canceled nor listening: what it has is ended for it.
static int in_a_shield(void *argument)
{
    static kp_local key;

    (void)argument;
    kp_defer(ends, NULL);
    kp_local_set(&key, "x");
    kp_lock(&held);
    KP_SHIELD(1000000)
    {
        kp_group *group = kp_group_new(KP_COLLECT);
        kp_group_alloc(group, 100);
        kp_chan_new(group, 100, 100);
        kp_go(group, at_a_flag, NULL);
        kp_task task = kp_go(group, with_a_ticket, NULL);
        kp_go(group, joins, &task);
        kp_go(group, joins, &task);
        kp_group_wait(group);
    }
    return 0;
}

static int never_listens(void *argument)
{
    (void)argument;
    kp_defer(ends, NULL);
    for (;;)
        kp_sleep(10);
    return 0;
}

static int cleaned_up;

// Takes longer to clean up than a slice.
static int cleans_up(void *argument)
{
    (void)argument;
    kp_flag_wait(&flag);
    kp__test.computed += 20;
    KP_SHIELD(1000)
    {
        cleaned_up += kp_yield() == 0;
    }
    return 0;
}

static int has_ended(void *argument)
{
    (void)argument;
    return 3;
}

static int stopped(void)
{
    CHECK_EQUAL(ended, 15);
    CHECK_EQUAL(aborted, 2);
    CHECK_EQUAL(kp__test.aborted, 1);
    CHECK_EQUAL(cleaned_up, 3);
    CHECK(!kp_go(app(), has_ended, NULL));
    return check_result();
}

int main(void)
{
    static const kp_task_function waits[] = { in_a_shield,   at_a_flag,   at_a_semaphore,
                                              at_a_mutex,    in_a_select, in_a_select,
                                              with_a_ticket, awaits,      never_listens };
    kp_control *text = kp_text("x", .state = KP_STATE(int, 1));
    kp_group *group = kp_group_new(KP_COLLECT);
    kp_task task;

    kp_add(kp_page, text);
    channel = kp_chan_new(kp_group_of(text), 0, 0);
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++)
        kp_go(i % 2 ? kp_group_of(text) : group, waits[i], NULL);
    for (int i = 0; i < 3; i++)
        kp_go(app(), cleans_up, NULL);
    kp_go(group, has_ended, NULL);
    settle();
    task = kp_go(app(), never_listens, NULL);
    kp_go(group, joins, &task);
    settle();
    kp__test.stopped = stopped;
    kp_flag_wait(&flag);
    return 0;
}
