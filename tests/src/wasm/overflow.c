// SPDX-License-Identifier: MIT
// A task that needs more stack than it has is stopped before it writes past it: it is named, and
// what lies beside its stack is untouched. So it is on a stack of the usual size, on the smallest there is,
// and in a handler, which runs on top of the task that has raised its event.
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
    volatile size_t size = 100000;
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

// --- Where it happens

typedef struct {
    const char *name;
    kp_task_function function;
} shape;

static const shape *current;

static kp_task on_a_usual_stack(const shape *it)
{
    return kp_go(NULL, it->function, NULL, .name = it->name);
}

static kp_task on_a_small_stack(const shape *it)
{
    return kp_go(NULL, it->function, NULL, .name = it->name, .stack = 1);
}

static kp_task handler;

static void overflows(kp_event *e)
{
    (void)e;
    handler = kp_self();
    current->function(NULL);
}

static int removes(void *argument)
{
    volatile char local[500];

    memset((char *)local, 5, sizeof local);
    kp_remove(argument);
    for (size_t i = 0; i < sizeof local; i++)
        if (local[i] != 5)
            return KP_ECORRUPT;
    return 0;
}

static kp_task in_a_handler(const shape *it)
{
    kp_control *control = kp_text("x", .on_unmount = overflows);

    current = it;
    handler = 0;
    kp_add(kp_page, control);
    kp_go(NULL, removes, control);
    for (int i = 0; i < 4; i++)
        kp_yield();
    return handler;
}

static int wrong;

static void overflow(const shape *it, kp_task (*start)(const shape *), kp_control *owner)
{
    char expected[100];

    heard = 0;
    kp_go(kp_group_of(owner), neighbour, &wrong);
    kp_task task = start(it);
    kp_go(kp_group_of(owner), neighbour, &wrong);
    for (int waited = 0; waited < 1000 && !heard; waited++)
        kp_sleep(1);
    CHECK_EQUAL(heard, 1);
    // Of a control that is gone when its handler overflows no more is known.
    snprintf(expected, sizeof expected, "%s of ", start == in_a_handler ? "unmount" : it->name);
    CHECK(!strncmp(last, expected, strlen(expected)));
    CHECK(strstr(last, " failed: stack overflow"));
    CHECK_EQUAL(kp_cancel(task), KP_ENOENT);
    kp_sleep(2);
}

int main(void)
{
    static const shape shapes[] = {
        { "recursion", recursion },
        { "recursion_waiting", recursion_waiting },
        { "one", one },
        { "large_array", large_array },
        { "variable_array", variable_array },
        { "allocated", allocated },
        { "through_a_pointer", through_a_pointer },
        { "in_a_callback", in_a_callback },
    };
    static kp_task (*const places[])(const shape *) = { on_a_usual_stack, on_a_small_stack, in_a_handler };
    kp_control *owner = kp_text("x");

    kp_on_error(kp_page, failed);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (size_t place = 0; place < sizeof places / sizeof *places; place++)
            overflow(&shapes[i], places[place], owner);
    CHECK_EQUAL(wrong, 0);
    kp_remove(owner);
    kp_on_error(kp_page, NULL);
    kp_yield();
    return check_result();
}
