// SPDX-License-Identifier: MIT
// Checks for the C tests. Each test is an ordinary app: the same file runs natively under the
// sanitizers (tests/src/native) and as WebAssembly in Node, on a virtual clock both times.
#ifndef KP__CHECK_H
#define KP__CHECK_H

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../../../src/include/kapok.h"

static int check__count, check__failed, check__out_of_turn;

#define CHECK(condition) check__that(!!(condition), #condition, __FILE__, __LINE__)
#define CHECK_EQUAL(actual, expected) \
    check__equal((int64_t)(actual), (int64_t)(expected), #actual, __FILE__, __LINE__)
// A rehearsal may run tasks in another order than that in which they become ready: then words may come in
// any.
#define CHECK_TURNS(actual, expected) check__turns(actual, expected, #actual, __FILE__, __LINE__)
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
    if (!actual || strcmp(actual, expected)) {
        check__failed++;
        printf("FAILED %s:%d: %s is \"%s\", not \"%s\"\n", file, line, what, actual ? actual : "NULL",
               expected);
    }
}

// How often one of the words of `text`, which end with a space, is among them.
static inline int check__times(const char *word, const char *text)
{
    size_t length = strcspn(word, " ");
    int times = 0;

    for (; *text; text += strcspn(text, " "), text += *text == ' ')
        times += strcspn(text, " ") == length && !memcmp(text, word, length);
    return times;
}

static inline void check__turns(const char *actual, const char *expected, const char *what, const char *file,
                                int line)
{
    bool same = strlen(actual) == strlen(expected);

    for (const char *at = expected; same && *at; at += strcspn(at, " "), at += *at == ' ')
        same = check__times(at, actual) == check__times(at, expected);
    check__out_of_turn += same && strcmp(actual, expected);
    check__text(same ? expected : actual, expected, what, file, line);
}

// How often to do what is to be done many times. Where each of them is a run of its own, see
// tests/src/native/every.c, a few have to do.
#ifdef FEW
#define OFTEN(many, few) (few)
#else
#define OFTEN(many, few) (many)
#endif

// RUN(case): runs one of the cases that a test consists of, as a task of its own. Whatever the case has
// started, in groups of its own or in check_group(), ends with it, before what lies on its stack is gone. So
// a case that is cut short in a rehearsal leaves nothing behind.
#define RUN(function) check__run(function, #function)
#define CHECK__PATIENCE 1000000 // ms of virtual time

static kp_group *check__group;

static inline kp_group *check_group(void)
{
    return check__group;
}

static inline int check__case(void *argument)
{
    check__group = kp_group_new(KP_SUPERVISE);
    (*(void (**)(void))argument)();
    return 0;
}

static inline void check__run(void (*function)(void), const char *name)
{
    kp_task task = kp_go(kp_group_of(kp_page), check__case, &function, .name = name, .stack = 65536);

    // However little the case listens: until its end.
    KP_SHIELD(CHECK__PATIENCE)
    {
        int result = kp_join(task, NULL);
        if (result < 0)
            check__text(kp_strerror(result), "no error", name, __FILE__, __LINE__);
    }
}

// What a test's main returns: 0 when everything held, and something was checked at all.
static inline int check_result(void)
{
    printf("%d checks, %d failed, %d out of turn\n", check__count, check__failed, check__out_of_turn);
    return check__failed || !check__count;
}

#endif
