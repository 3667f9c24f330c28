// SPDX-License-Identifier: MIT
// Two timers that tick in the background until they leave the page.
#include <kapok.h>

typedef struct {
    int left;
} countdown;

static kp_control *news;

// Every handler runs as a task, so it may block. The task belongs to its control:
// after unmount each blocking call returns KP_ECANCELED.
static void tick(kp_event *e)
{
    countdown *self = kp_state(e->control);

    for (; self->left > 0; self->left--) {
        kp_set_valuef(e->control, "%02d:%02d", self->left / 60, self->left % 60);
        if (kp_sleep(1000) < 0) {
            kp_set_valuef(news, "A countdown ended with %d seconds left.", self->left);
            return;
        }
    }
    kp_set_value(e->control, "Time's up");
}

static kp_control *countdown_new(int seconds)
{
    return kp_text(.size = 48, .font = KP_FONT_MONO, .on_mount = tick,
                   .state = KP_STATE(countdown, .left = seconds));
}

static void stop(kp_event *e)
{
    kp_control **timer = kp_state(e->control);

    kp_remove(*timer);
    kp_set_disabled(e->control, true);
}

int main(void)
{
    kp_control *first = countdown_new(120), *second = countdown_new(60);

    kp_set_title(kp_page, "Countdown");
    kp_add(kp_page,
           kp_column(.gap = 16, .children = kp_list(first, second,
                                                    kp_button("Remove the first", .on_click = stop,
                                                              .state = KP_STATE(kp_control *, first)),
                                                    news = kp_text())));
    return 0;
}
