// SPDX-License-Identifier: MIT
// Lets allocations fail. The linker sends those of the core and of the test here, by --wrap.
#include <stdlib.h>

#include "host.h"

void *__real_malloc(size_t size);
void *__real_realloc(void *bytes, size_t size);

long kp__test_allocations = -1;
bool kp__test_for_good, kp__test_ran_short;

static bool fails(void)
{
    if (kp__test_allocations < 0 || kp__test_allocations-- > 0)
        return false;
    kp__test_ran_short = true;
    kp__test_allocations = kp__test_for_good ? 0 : -1;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_realloc(void *bytes, size_t size)
{
    return fails() ? NULL : __real_realloc(bytes, size);
}
