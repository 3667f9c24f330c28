// SPDX-License-Identifier: MIT
#include "../../../src/core/stack.h"

#include "check.h"

int main(void)
{
    static const size_t sizes[] = { 1, 1024, 1025, 16384, 65536, 65537, 200000 };

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        kp__stack *stack = kp__stack_take(sizes[i]);
        CHECK((size_t)(stack->high - stack->low) >= sizes[i]);
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
    kp__stack *first = kp__stack_take(1000), *second = kp__stack_take(1000);
    CHECK(first != second);
    kp__stack_give(first);
    CHECK(kp__stack_take(1000) == first); // the pool gives it out again
    kp__stack_give(first);
    kp__stack_give(second);
    return check_result();
}
