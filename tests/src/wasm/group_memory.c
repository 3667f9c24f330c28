// SPDX-License-Identifier: MIT
// The memory of a group goes back to where it came from: it is found again, and nothing else is touched.
#include "../core/check.h"

static void use(size_t bytes)
{
    kp_group *group = kp_group_new(KP_FAILFAST);
    char *memory = kp_group_alloc(group, bytes);

    for (size_t at = 0; at < bytes; at++)
        CHECK_EQUAL(memory[at], 0);
    memset(memory, 7, bytes);
    CHECK_EQUAL(kp_group_wait(group), 0);
}

int main(void)
{
    static const size_t sizes[] = { 1, 100, 1000, 5000 };

    for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++) {
        use(sizes[size]);
        size_t pages = __builtin_wasm_memory_size(0);
        for (int i = 0; i < 1000; i++)
            use(sizes[size]);
        CHECK_EQUAL(__builtin_wasm_memory_size(0), pages);
    }
    return check_result();
}
