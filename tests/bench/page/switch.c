// SPDX-License-Identifier: MIT
// How long it takes from one task to the next, with 2, 7 and 22 frames on its stack: its own function
// and kp_yield, and those in between.
#include <kapok.h>
#include <stdio.h>

enum { COUNT = 4000000 };

static int frames; // of WebAssembly on the stack while the task waits, kp_yield's included
static bool over;

static __attribute__((noinline)) int yield_often(void)
{
    for (int i = 0; i < COUNT; i++)
        if (kp_yield() < 0)
            return KP_ECANCELED;
    over = true;
    return 0;
}

// noinline and not a tail call: the frame is what is measured.
static __attribute__((noinline)) int at_depth(int left)
{
    volatile int result = left == 0 ? yield_often() : at_depth(left - 1);

    return result;
}

static int shallow(void *argument)
{
    (void)argument;
    for (int i = 0; i < COUNT; i++)
        if (kp_yield() < 0)
            return KP_ECANCELED;
    over = true;
    return 0;
}

static int deep(void *argument)
{
    (void)argument;
    return at_depth(frames - 4);
}

static void measure(kp_event *e)
{
    static const int depths[] = { 2, 7, 22 };

    kp_set_disabled(e->control, true);
    for (int i = 0; i < 3; i++)
        for (int round = 0; round < 2; round++) { // the first until the browser has optimised it
            int64_t start = kp_now();
            frames = depths[i];
            over = false;
            for (int task = 0; task < 2; task++) // in turn: one alone would go on at once
                kp_go(NULL, frames == 2 ? shallow : deep, NULL);
            while (!over)
                kp_sleep(1);
            if (round)
                printf("switch %d %.1f\n", frames, (double)(kp_now() - start) * 500000 / COUNT);
        }
    kp_set_disabled(e->control, false);
}

int main(void)
{
    kp_add(kp_page, kp_button("measure", .on_click = measure));
    return 0;
}
