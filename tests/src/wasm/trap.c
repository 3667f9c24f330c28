// SPDX-License-Identifier: MIT
// A task that crashes ends alone: its neighbours, its deferred clean-up and the error handler go on.
#include <stdlib.h>

#include "../core/check.h"

enum { TASKS = 1000 };

static int heard, freed, finished;
static int64_t sum;
static char last[200];

static void failed(kp_event *e)
{
    heard++;
    CHECK_EQUAL(e->code, KP_ETRAP);
    snprintf(last, sizeof last, "%s", e->message);
}

static void count_freed(void *argument)
{
    free(argument);
    freed++;
}

// Large frames, so that each trap leaves the stack pointer far from where it was.
static int work(int number, int depth)
{
    volatile char local[96];

    memset((char *)local, number, sizeof local);
    if (depth > 0)
        return work(number, depth - 1) + (local[depth] == (char)number);
    kp_sleep(number % 50);
    volatile int zero = 0;
    return number % 10 == 0 ? number / zero : number;
}

static int worker(void *argument)
{
    int *number = argument;

    CHECK_EQUAL(kp_defer(count_freed, number), 0);
    sum += work(*number, 5);
    finished++;
    return 0;
}

typedef struct {
    int key, divisor;
} quotient;

static kp_control *divide(const void *item)
{
    const quotient *q = item;
    volatile int divisor = q->divisor;

    return kp_text("x", .weight = 100 / divisor);
}

static int show_quotients(void *list)
{
    static const quotient wrong[] = { { 3, 1 }, { 1, 1 }, { 4, 0 } };

    return kp_set_items(list, wrong, 3, divide);
}

// A view that traps leaves the list as it was.
static void in_a_view(void)
{
    quotient right[] = { { 1, 1 }, { 2, 1 } };
    kp_control *list = kp_column();

    kp_add(kp_page, list);
    CHECK_EQUAL(kp_set_items(list, right, 2, divide), 0);
    kp_control *first = kp_first_child(list);
    heard = 0;
    for (int i = 0; i < 1000; i++) {
        kp_go(NULL, show_quotients, list);
        kp_sleep(1);
    }
    CHECK_EQUAL(heard, 1000);
    CHECK(kp_first_child(list) == first);
    CHECK(!kp_next_sibling(kp_next_sibling(first)));
    right[0].key = 5;
    CHECK_EQUAL(kp_set_items(list, right, 2, divide), 0);
    CHECK_EQUAL(((const quotient *)kp_state(kp_first_child(list)))->key, 5);
    kp_remove(list);
}

static void wrong_in_many_ways(void)
{
    int64_t expected = 0;

    for (int i = 0; i < TASKS; i++) {
        int *number = malloc(sizeof *number);
        *number = i + 1;
        if (*number % 10)
            expected += *number + 5;
        CHECK(kp_go(NULL, worker, number));
    }
    kp_sleep(100);
    CHECK_EQUAL(finished, TASKS - TASKS / 10);
    CHECK_EQUAL(heard, TASKS / 10);
    CHECK_EQUAL(freed, TASKS);
    CHECK_EQUAL(sum, expected);
    CHECK(strstr(last, "worker of page failed: the task crashed"));
}

static int outside_memory(void *argument)
{
    volatile int *nowhere = (int *)(uintptr_t)0xFFFFFFF0;

    (void)argument;
    return *nowhere;
}

static int never_reached(void *argument)
{
    (void)argument;
    abort();
}

static int not_a_function(void *argument)
{
    int (*volatile wrong)(double) = (int (*)(double))(void (*)(void))worker;

    (void)argument;
    return wrong(1.5);
}

static void each_kind_of_trap(void)
{
    static const kp_task_function kinds[] = { outside_memory, never_reached, not_a_function };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        heard = 0;
        kp_go(NULL, kinds[i], NULL);
        kp_sleep(1);
        CHECK_EQUAL(heard, 1);
    }
}

// --- What undoes a wait crashes: the task ends that has waited, and who cut its wait short

static int undone, gone_on;

static void crashes(void *argument)
{
    (void)argument;
    undone++;
    abort();
}

static int suspends(void *limit)
{
    KP_TIMEOUT(limit ? *(int *)limit : 1000)
    {
        kp_suspend(kp_ticket_new(), "an answer", crashes, NULL);
    }
    gone_on++;
    return 0;
}

static int fails(void *argument)
{
    (void)argument;
    return KP_EIO;
}

static int cancels(void *task)
{
    kp_cancel(*(kp_task *)task);
    gone_on++;
    return 0;
}

static int cancels_group(void *group)
{
    kp_group_cancel(group);
    gone_on++;
    return 0;
}

static int removes(void *control)
{
    kp_remove(control);
    gone_on++;
    return 0;
}

static int clears(void *control)
{
    kp_clear(control);
    gone_on++;
    return 0;
}

static void has_crashed(int times)
{
    kp_sleep(1);
    CHECK_EQUAL(undone, times);
    CHECK_EQUAL(heard, times);
    CHECK_EQUAL(gone_on, 0);
    undone = heard = 0;
}

static void while_undoing(void)
{
    int limit = 5;
    kp_control *column = kp_column(), *inner = kp_column();

    heard = 0;
    kp_go(NULL, suspends, &limit);
    kp_sleep(10);
    has_crashed(1);

    kp_task task = kp_go(NULL, suspends, NULL);
    kp_sleep(1);
    kp_go(NULL, cancels, &task);
    has_crashed(1);

    kp_group *group = kp_group_new(KP_FAILFAST);
    for (int i = 0; i < 3; i++)
        kp_go(group, suspends, NULL);
    kp_sleep(1);
    kp_go(group, fails, NULL);
    CHECK_EQUAL(kp_group_wait(group), KP_EIO);
    has_crashed(3);

    group = kp_group_new(KP_SUPERVISE);
    for (int i = 0; i < 3; i++)
        kp_go(group, suspends, NULL);
    kp_sleep(1);
    kp_go(NULL, cancels_group, group);
    CHECK_EQUAL(kp_group_wait(group), 0);
    has_crashed(3);

    kp_add(kp_page, column);
    kp_add(column, inner);
    for (int i = 0; i < 2; i++)
        kp_go(kp_group_of(i ? inner : column), suspends, NULL);
    kp_sleep(1);
    kp_go(NULL, removes, column);
    has_crashed(2);
    CHECK(!kp_is_mounted(column) && !kp_is_mounted(inner));

    kp_add(kp_page, column = kp_column());
    kp_add(column, inner = kp_column());
    kp_go(kp_group_of(inner), suspends, NULL);
    kp_sleep(1);
    kp_go(NULL, clears, column);
    has_crashed(1);
    CHECK(kp_is_mounted(column) && !kp_first_child(column));
    kp_remove(column);
}

// --- What was deferred crashes too

static int defers(void *count)
{
    for (int i = 0; i < *(int *)count; i++)
        kp_defer(crashes, NULL);
    kp_group *group = kp_group_new(KP_SUPERVISE);
    kp_go(group, suspends, NULL);
    kp_sleep(1);
    return 0;
}

static void leaves(kp_event *e)
{
    (void)e;
    kp_defer(crashes, NULL);
}

static int runs_inside(void *argument)
{
    kp_control *text = kp_text("gone", .on_unmount = leaves);
    (void)argument;
    kp_defer(crashes, NULL);
    kp_add(kp_page, text);
    kp_remove(text);
    gone_on++;
    return 0;
}

static void while_ending(void)
{
    int count = 3;

    kp_go(NULL, defers, &count);
    kp_sleep(2);
    has_crashed(1 + count);
    kp_go(NULL, runs_inside, NULL);
    has_crashed(2);
}

int main(void)
{
    kp_on_error(kp_page, failed);
    wrong_in_many_ways();
    in_a_view();
    each_kind_of_trap();
    while_undoing();
    while_ending();
    kp_on_error(kp_page, NULL);
    return check_result();
}
