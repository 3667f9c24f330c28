// SPDX-License-Identifier: MIT
// A handler that calls a function that calls a function that waits. Nothing is marked async: each
// function keeps its locals while the task waits, as if nothing had happened.
#include <kapok.h>

static kp_control *greetings;

static int wait_for(int milliseconds)
{
    int half = milliseconds / 2;

    if (kp_sleep(half) < 0)
        return KP_ECANCELED;
    return kp_sleep(milliseconds - half);
}

static int fetch_greeting(char *greeting, size_t size)
{
    const char *answer = "Hello!";
    int result = wait_for(1000);

    if (result < 0)
        return result;
    for (size_t i = 0; i < size && (greeting[i] = answer[i]); i++)
        ;
    return 0;
}

static void say_hello(kp_event *e)
{
    char greeting[16];

    kp_set_busy(e->control, true);
    if (fetch_greeting(greeting, sizeof greeting) < 0)
        return; // the button has left the page
    kp_add(greetings, kp_text(greeting));
    kp_set_busy(e->control, false);
}

int main(void)
{
    kp_set_title(kp_page, "Async handler");
    greetings = kp_column(.gap = 4);
    kp_add(kp_page, kp_button("Say hello!", .on_click = say_hello, .while_busy = KP_DROP));
    kp_add(kp_page, greetings);
    return 0;
}
