// SPDX-License-Identifier: MIT
// Suspends wherever C can be interrupted while libc is on the stack, or where a name could make the
// build believe that libc is: a function wrongly kept from suspending corrupts what is printed here.
#define _GNU_SOURCE
#include <errno.h>
#include <kapok.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Names of static functions of libc's printf and qsort.
static int pad(int n)
{
    char text[32];
    int sum = n;

    for (int i = 0; i < 3; i++) {
        snprintf(text, sizeof text, "%d", sum);
        kp_sleep(1);
        sum += (int)strlen(text);
    }
    return sum;
}

static int sift(int n)
{
    int padded = pad(n);

    kp_sleep(2);
    return padded + n;
}

static int fmt_fp(double x)
{
    double twice = x * 2;

    kp_sleep(3);
    return (int)(twice * 10 + x);
}

static int compare(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;

    kp_sleep(1);
    return (x > y) - (x < y);
}

static void print_node(const void *node, VISIT when, int depth)
{
    (void)depth;
    kp_sleep(1);
    if (when == postorder || when == leaf)
        printf(" %d", **(const int *const *)node);
}

// A function of libc's that the program has put its own in the place of.
size_t strlen(const char *text)
{
    const char *end = text;

    while (*end)
        end++;
    if (text[0] == '!')
        kp_sleep(1);
    return (size_t)(end - text);
}

static int count_to(void *argument)
{
    int step = *(int *)argument, sum = 0;
    char text[32];

    for (int i = 0; i < 50; i++) {
        snprintf(text, sizeof text, "%d:%d", step, i);
        kp_sleep(step);
        sum += atoi(strchr(text, ':') + 1);
    }
    *(int *)argument = sum;
    return 0;
}

// Which one is first is chosen without a branch, before anything is called: then Asyncify restores the locals
// in the middle of that expression.
static const char one[] = "one", two[] = "two";

static __attribute__((noinline)) int say(const char *text)
{
    kp_sleep(1);
    printf(" %s", text);
    return (int)strlen(text);
}

static int says_both(void *argument)
{
    const char *const first = argument ? one : two, *const second = argument ? two : one;

    say(first);
    kp_sleep(10);
    return say(second);
}

int main(void)
{
    int numbers[] = { 5, 3, 9, 1, 7, 2, 8 }, steps[] = { 1, 2, 3 }, key = 8;
    void *tree = NULL;

    for (int i = 0; i < 3; i++)
        kp_go(NULL, count_to, &steps[i]);
    printf("names %d %d %d\n", pad(9), sift(99), fmt_fp(2.5));

    qsort(numbers, 7, sizeof *numbers, compare);
    printf("qsort");
    for (int i = 0; i < 7; i++)
        printf(" %d", numbers[i]);
    int *found = bsearch(&key, numbers, 7, sizeof *numbers, compare);
    printf("\nbsearch %d\n", (int)(found - numbers));

    printf("tree");
    for (int i = 0; i < 7; i++)
        tsearch(&numbers[(i * 3) % 7], &tree, compare);
    twalk(tree, print_node);

    printf("\nstrlen %d\n", (int)strlen(strdup("!four")));
    kp_sleep(1000);
    printf("tasks %d %d %d\n", steps[0], steps[1], steps[2]);
    printf("either");
    kp_join(kp_go(NULL, says_both, numbers), NULL);
    kp_join(kp_go(NULL, says_both, NULL), NULL);
    puts("");
    errno = 0;
    strtol("99999999999999999999", NULL, 10);
    printf("errno %d, long double %.20Lf\n", errno == ERANGE, 1.0L / 3);
    return 0;
}
