// SPDX-License-Identifier: MIT
// One place that hears of everything that fails: a task, an image, a crash. The app goes on.
#include <kapok.h>

static kp_control *failures;

static void failed(kp_event *e)
{
    kp_control *line = kp_text(.color = KP_COLOR_ERROR);

    kp_set_valuef(line, "%s [%d]", e->message, e->code);
    kp_add(failures, line);
}

static int read_settings(void *argument)
{
    (void)argument;
    if (kp_sleep(100) < 0)
        return KP_ECANCELED;
    return KP_ENOENT; // a task's negative result is reported
}

static void fail_in_task(kp_event *e)
{
    (void)e;
    kp_go(kp_group_of(kp_page), read_settings, NULL);
}

static void fail_in_image(kp_event *e)
{
    (void)e;
    kp_add(failures, kp_image("missing.png", .alt = "A picture that does not exist"));
}

static void crash(kp_event *e)
{
    volatile int people = 0;

    kp_sleep(100);
    kp_set_labelf(e->control, "%d cakes for each", 100 / people); // WebAssembly traps here
}

int main(void)
{
    kp_set_title(kp_page, "Errors");
    kp_on_error(kp_page, failed);
    kp_add(kp_page, kp_row(.gap = 8, .wrap = true,
                           .children = kp_list(kp_button("Fail in a task", .on_click = fail_in_task),
                                               kp_button("Fail in an image", .on_click = fail_in_image),
                                               kp_button("Crash", .on_click = crash))));
    kp_add(kp_page, failures = kp_column(.gap = 8));
    return 0;
}
