// SPDX-License-Identifier: MIT
// A hundred thousand: tasks that sleep at once, each woken at its time and in order, or all canceled; and
// tasks that crash one after the other and leave nothing behind.
#include "../core/check.h"

enum { MANY = 100000, STACK = 1024 };

static int woken, late, canceled, heard;
static uint32_t previous;

// A time for each, in no order: one of 65536 milliseconds.
static uint32_t time_of(uint32_t number)
{
    return (number * 2654435761u) >> 16;
}

static int sleeps(void *argument)
{
    uint32_t time = time_of((uint32_t)(uintptr_t)argument);
    int64_t due = kp_now() + time;

    if (kp_sleep(time) < 0) {
        canceled++;
        return KP_ECANCELED;
    }
    late += kp_now() != due || time < previous;
    previous = time;
    woken++;
    return 0;
}

static kp_group *start_all(void)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    int failed = 0;

    for (uint32_t i = 0; i < MANY; i++)
        failed += !kp_go(group, sleeps, (void *)(uintptr_t)i, .stack = STACK);
    CHECK_EQUAL(failed, 0);
    return group;
}

static void each_wakes_at_its_time(void)
{
    CHECK_EQUAL(kp_group_wait(start_all()), 0);
    CHECK_EQUAL(woken, MANY);
    CHECK_EQUAL(late, 0);
}

static void all_canceled_while_they_sleep(void)
{
    size_t pages = __builtin_wasm_memory_size(0);
    kp_group *group = start_all();
    int64_t started = kp_now();

    kp_yield();
    kp_group_cancel(group);
    woken = 0;
    CHECK_EQUAL(kp_group_wait(group), 0);
    CHECK_EQUAL(canceled + woken, MANY);
    CHECK(woken < 10); // those whose time is none at all
    CHECK_EQUAL(kp_now(), started);
    CHECK(__builtin_wasm_memory_size(0) <=
          pages + pages / 8); // what the first lot has given back serves again
}

static void failed(kp_event *e)
{
    heard += e->code == KP_ETRAP;
}

static int crashes(void *argument)
{
    volatile int zero = 0;

    kp_yield();
    return 7 / (zero + (argument != NULL));
}

// What a trap leaves behind would show here: stacks, slots, or a stack pointer that drifts.
static void traps_leave_nothing(void)
{
    size_t pages = 0;

    kp_on_error(kp_page, failed);
    for (int i = 0; i < MANY; i++) {
        kp_go(NULL, crashes, NULL);
        kp_sleep(1);
        if (i == 1000)
            pages = __builtin_wasm_memory_size(0);
    }
    CHECK_EQUAL(__builtin_wasm_memory_size(0), pages);
    kp_on_error(kp_page, NULL);
    CHECK_EQUAL(heard, MANY);
}

int main(void)
{
    RUN(each_wakes_at_its_time);
    RUN(all_canceled_while_they_sleep);
    RUN(traps_leave_nothing);
    return check_result();
}
