// SPDX-License-Identifier: MIT
// A task that needs more stack than it has is stopped before it writes past it: it is named, and
// what lies beside its stack is untouched.
#include <alloca.h>
#include <stdlib.h>

#include "../core/check.h"

static int heard;
static char last[200];

static void failed(kp_event *e)
{
    heard++;
    CHECK_EQUAL(e->code, KP_EOVERFLOW);
    snprintf(last, sizeof last, "%s", e->message);
}

static void use(volatile char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i += 16)
        bytes[i] = (char)i;
}

static int recursion(void *argument)
{
    volatile char local[200];

    use(local, sizeof local);
    return recursion((void *)&local[0]) + local[argument != NULL];
}

static int recursion_waiting(void *argument)
{
    volatile char local[200];

    use(local, sizeof local);
    kp_yield();
    return recursion_waiting((void *)&local[0]) + local[argument != NULL];
}

static int other(void *argument);
static int one(void *argument)
{
    volatile char local[64];

    use(local, sizeof local);
    return other((void *)&local[0]) + local[argument != NULL];
}
static int other(void *argument)
{
    volatile char local[64];

    use(local, sizeof local);
    return one((void *)&local[0]) + local[argument != NULL];
}

static int large_array(void *argument)
{
    volatile char local[100000];

    use(local, sizeof local);
    return local[argument != NULL];
}

static int variable_array(void *argument)
{
    volatile size_t size = 50000;
    volatile char local[size];

    use(local, size);
    return local[argument != NULL];
}

static int allocated(void *argument)
{
    int sum = 0;

    for (int i = 0; i < 1000; i++) {
        volatile char *bytes = alloca(100);
        use(bytes, 100);
        sum += bytes[argument != NULL];
    }
    return sum;
}

static int through_a_pointer(void *argument)
{
    static int (*volatile again)(void *) = through_a_pointer;
    volatile char local[32];

    use(local, sizeof local);
    return again((void *)&local[0]) + local[argument != NULL];
}

static int compare(const void *a, const void *b)
{
    volatile char local[2000];
    int numbers[] = { 3, 1, 2 };

    use(local, sizeof local);
    qsort(numbers, 3, sizeof *numbers, compare);
    return *(const int *)a - *(const int *)b + local[0];
}
static int in_a_callback(void *argument)
{
    int numbers[] = { 2, 1 };

    (void)argument;
    qsort(numbers, 2, sizeof *numbers, compare);
    return numbers[0];
}

static int neighbour(void *argument)
{
    volatile unsigned char local[1000];
    int *wrong = argument;

    for (size_t i = 0; i < sizeof local; i++)
        local[i] = (unsigned char)(i * 7);
    while (kp_sleep(1) == 0)
        for (size_t i = 0; i < sizeof local; i++)
            *wrong += local[i] != (unsigned char)(i * 7);
    return 0;
}

int main(void)
{
    static const struct {
        const char *name;
        kp_task_function function;
    } shapes[] = {
        { "recursion", recursion },
        { "recursion_waiting", recursion_waiting },
        { "one", one },
        { "large_array", large_array },
        { "variable_array", variable_array },
        { "allocated", allocated },
        { "through_a_pointer", through_a_pointer },
        { "in_a_callback", in_a_callback },
    };
    int wrong = 0;
    kp_control *owner = kp_text("x");

    kp_on_error(kp_page, failed);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        heard = 0;
        kp_go(kp_group_of(owner), neighbour, &wrong);
        kp_task task = kp_go(NULL, shapes[i].function, NULL, .name = shapes[i].name);
        kp_go(kp_group_of(owner), neighbour, &wrong);
        for (int waited = 0; waited < 1000 && !heard; waited++)
            kp_sleep(1);
        CHECK_EQUAL(heard, 1);
        char expected[100];
        snprintf(expected, sizeof expected, "%s of page failed: stack overflow", shapes[i].name);
        CHECK_TEXT(last, expected);
        CHECK_EQUAL(kp_cancel(task), KP_ENOENT);
        kp_sleep(2);
    }
    CHECK_EQUAL(wrong, 0);
    kp_remove(owner);
    kp_on_error(kp_page, NULL);
    kp_yield();
    return check_result();
}
