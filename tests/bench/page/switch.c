// SPDX-License-Identifier: MIT
// How long one task takes to wait and go on, with 2, 7 and 22 functions of the app's on its stack.
#include <kapok.h>
#include <stdio.h>

static int yield_often(int count)
{
    for (int i = 0; i < count; i++)
        if (kp_yield() < 0)
            return KP_ECANCELED;
    return count;
}

// noinline and not a tail call: the frame is what is measured.
static __attribute__((noinline)) int at_depth(int frames, int count)
{
    int result = frames <= 2 ? yield_often(count) : at_depth(frames - 1, count);

    return result < 0 ? result : result + 1;
}

static void measure(kp_event *e)
{
    static const int frames[] = { 2, 7, 22 };
    const int count = 400000;

    kp_set_disabled(e->control, true);
    for (int i = 0; i < 3; i++) {
        at_depth(frames[i], count); // until the browser has optimised it
        int64_t start = kp_now();
        at_depth(frames[i], count);
        printf("switch %d %d\n", frames[i], (int)((kp_now() - start) * 1000000 / count));
    }
    kp_set_disabled(e->control, false);
}

int main(void)
{
    kp_add(kp_page, kp_button("measure", .on_click = measure));
    return 0;
}
