// SPDX-License-Identifier: MIT
#include "../../../src/core/stack.h"
#include "../../../src/core/task.h"

#include "check.h"

static int never_listens(void *argument)
{
    (void)argument;
    for (;;)
        kp_sleep(1);
    return 0;
}

// However a task ends, its stack is the next to be given out.
static void comes_back_when_its_task_is_dropped(void)
{
    kp_task task = kp_go(check_group(), never_listens, NULL, .stack = 65536);
    const kp__task *found = kp__task_find(task);
    kp__stack *stack = found ? found->fiber.stack : NULL;

    CHECK(stack);
    kp_sleep(5);
    kp_cancel(task);
    kp_join(task, NULL);
    CHECK(!kp__task_find(task));
    kp__stack *next = kp__stack_take(65536);
    CHECK(next == stack);
    if (next)
        kp__stack_give(next);
}

static void has_guards(size_t size)
{
    kp__stack *stack = kp__stack_take(size);

    if (!stack) // memory may be short, see tests/src/rehearsals.test.mjs
        return;
    CHECK((size_t)(stack->high - stack->low) >= size);
    CHECK_EQUAL((uintptr_t)stack->low % 16, 0);
    CHECK_EQUAL((uintptr_t)stack->high % 16, 0);
    memset(stack->low, 0, (size_t)(stack->high - stack->low));
    CHECK(kp__stack_intact(stack));
    char below = stack->low[-1], above = stack->high[0];
    stack->low[-1] ^= 1;
    CHECK(!kp__stack_intact(stack));
    stack->low[-1] = below;
    stack->high[0] ^= 1;
    CHECK(!kp__stack_intact(stack));
    stack->high[0] = above;
    kp__stack_give(stack);
}

static void is_given_out_again(void)
{
    kp__stack *first = kp__stack_take(1000), *second = kp__stack_take(1000);

    if (first && second) {
        CHECK(first != second);
        kp__stack_give(first);
        CHECK(kp__stack_take(1000) == first);
    }
    if (first)
        kp__stack_give(first);
    if (second)
        kp__stack_give(second);
}

int main(void)
{
    static const size_t sizes[] = { 1, 1024, 1025, 16384, 65536, 65537, 200000 };

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        has_guards(sizes[i]);
    is_given_out_again();
    RUN(comes_back_when_its_task_is_dropped);
    return check_result();
}
