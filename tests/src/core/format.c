// SPDX-License-Identifier: MIT
#include "../../../src/core/format.h"

#include <limits.h>
#include <stdlib.h>

#include "check.h"

static char ours[512], theirs[512];
static int our_length;

static void format(size_t size, const char *form, ...)
{
    va_list arguments;

    va_start(arguments, form);
    our_length = kp__format(ours, size, form, arguments);
    va_end(arguments);
}

// libc's printf is the specification.
#define SAME(...)                      \
    (format(sizeof ours, __VA_ARGS__), \
     CHECK_EQUAL(our_length, snprintf(theirs, sizeof theirs, __VA_ARGS__)), CHECK_TEXT(ours, theirs))

static void every_flag_with_every_width(void)
{
    static const char *const flags[] = { "", "-", "0", "+", " ", "#", "-+", "0+", "-#", "0#", "+ ", "-0" };
    static const char *const widths[] = { "", "1", "7", "20" };
    static const char *const precisions[] = { "", ".", ".0", ".1", ".5", ".12" };
    static const int values[] = { 0, 1, -1, 42, -12345, INT_MAX, INT_MIN };

    for (size_t f = 0; f < sizeof flags / sizeof *flags; f++)
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
            for (size_t p = 0; p < sizeof precisions / sizeof *precisions; p++)
                for (const char *c = "diuxXo"; *c; c++)
                    for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
                        // What the standard leaves undefined is not compared.
                        if ((strchr("diu", *c) && strchr(flags[f], '#')) ||
                            (strchr("uxXo", *c) && strpbrk(flags[f], "+ ")))
                            continue;
                        char form[32];
                        snprintf(form, sizeof form, "[%%%s%s%s%c]", flags[f], widths[w], precisions[p], *c);
                        SAME(form, values[v]);
                    }
}

static void lengths(void)
{
    SAME("%hhd %hhu %hd %hu", 300, 300, 70000, 70000);
    SAME("%ld %lu %lld %llu", LONG_MIN, ULONG_MAX, LLONG_MIN, ULLONG_MAX);
    SAME("%zu %zd %td %jd %ju", (size_t)7, (size_t)8, (ptrdiff_t)-9, INTMAX_MIN, UINTMAX_MAX);
    SAME("%llx %#llo", ULLONG_MAX, ULLONG_MAX);
}

static void strings(void)
{
    SAME("%s|%10s|%-10s|%.2s|%10.3s|%.0s|%s", "abc", "abc", "abc", "abc", "abcdef", "abc", "");
    SAME("%c%c|%3c|%-3c|", 'a', 'b', 'c', 'd');
    SAME("%*d|%-*d|%*d|%.*d|%.*s", 5, 42, 5, 42, -5, 42, 4, 42, 2, "xyz");
    SAME("100%% %d%%", 5);
    char string[] = "only four";
    SAME("%.4s", string);
}

static void cut_at_the_end(void)
{
    format(4, "%s", "abcdef");
    CHECK_EQUAL(our_length, 6);
    CHECK_TEXT(ours, "abc");
    ours[0] = 'x';
    format(0, "%d", 12);
    CHECK_EQUAL(our_length, 2);
    CHECK_EQUAL(ours[0], 'x');
}

static void what_it_does_not_know_is_left_standing(void)
{
    format(sizeof ours, "%y %");
    CHECK_TEXT(ours, "%y %");
}

int main(void)
{
    every_flag_with_every_width();
    lengths();
    strings();
    cut_at_the_end();
    what_it_does_not_know_is_left_standing();
    return check_result();
}
