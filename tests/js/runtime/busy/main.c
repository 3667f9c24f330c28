// SPDX-License-Identifier: MIT
// For browser.test.mjs: tasks that wait for times and frames, others that compute, and one that destroys
// memory.
#include <kapok.h>
#include <stdint.h>

enum { COMPUTING = 20 };

static int turns; // that those who compute have had

static void tick(kp_event *e)
{
    for (int count = 1;; count++) {
        kp_set_valuef(e->control, "tick %d", count);
        if (kp_sleep(20) < 0)
            return;
    }
}

static void draw(kp_event *e)
{
    for (int count = 1;; count++) {
        kp_set_valuef(e->control, "frame %d", count);
        if (kp_frame() < 0)
            return;
    }
}

static int compute(void *argument)
{
    (void)argument;
    for (; kp_yield() == 0; turns++) {
        int64_t end = kp_now() + 4;
        while (kp_now() < end)
            ;
    }
    return KP_ECANCELED;
}

static void start_computing(kp_event *e)
{
    for (int i = 0; i < COMPUTING; i++)
        kp_go(kp_group_of(kp_page), compute, NULL);
    kp_set_label(e->control, "computing");
}

static void measure(kp_event *e)
{
    int before = turns;

    if (kp_sleep(1) == 0)
        kp_set_labelf(e->control, "after %d turns", turns - before);
}

// Overwrites what lies below its stack, the mark at its end first of all.
static void smash(kp_event *e)
{
    char here;
    uintptr_t at = (uintptr_t)&here;

    (void)e;
    for (uintptr_t i = 64; i < (uintptr_t)64 * 1024; i++)
        *(volatile char *)(at - i) = 0;
}

int main(void)
{
    kp_add(kp_page, kp_text(.on_mount = tick));
    kp_add(kp_page, kp_text(.on_mount = draw));
    kp_add(kp_page, kp_button("compute", .on_click = start_computing));
    kp_add(kp_page, kp_button("measure", .on_click = measure));
    kp_add(kp_page, kp_button("smash", .on_click = smash));
    return 0;
}
