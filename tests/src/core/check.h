// SPDX-License-Identifier: MIT
// Checks for the C tests. Each test is an ordinary app: the same file runs natively under the
// sanitizers (tests/src/native) and as WebAssembly in Node, on a virtual clock both times.
#ifndef KP__CHECK_H
#define KP__CHECK_H

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../../../src/include/kapok.h"

static int check__count, check__failed;

#define CHECK(condition) check__that(!!(condition), #condition, __FILE__, __LINE__)
#define CHECK_EQUAL(actual, expected) \
    check__equal((int64_t)(actual), (int64_t)(expected), #actual, __FILE__, __LINE__)
#define CHECK_TEXT(actual, expected) check__text(actual, expected, #actual, __FILE__, __LINE__)

static inline void check__that(int held, const char *condition, const char *file, int line)
{
    check__count++;
    if (!held) {
        check__failed++;
        printf("FAILED %s:%d: %s\n", file, line, condition);
    }
}

static inline void check__equal(int64_t actual, int64_t expected, const char *what, const char *file,
                                int line)
{
    check__count++;
    if (actual != expected) {
        check__failed++;
        printf("FAILED %s:%d: %s is %" PRId64 ", not %" PRId64 "\n", file, line, what, actual, expected);
    }
}

static inline void check__text(const char *actual, const char *expected, const char *what, const char *file,
                               int line)
{
    check__count++;
    if (strcmp(actual, expected)) {
        check__failed++;
        printf("FAILED %s:%d: %s is \"%s\", not \"%s\"\n", file, line, what, actual, expected);
    }
}

// What a test's main returns: 0 when everything held, and something was checked at all.
static inline int check_result(void)
{
    printf("%d checks, %d failed\n", check__count, check__failed);
    return check__failed || !check__count;
}

#endif
