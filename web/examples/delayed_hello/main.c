// SPDX-License-Identifier: MIT
// Each click starts a handler of its own, and each waits for itself: five quick clicks give five
// greetings, each a second after its click.
#include <kapok.h>

static void say_hello(kp_event *e)
{
    if (kp_sleep(1000) == 0)
        kp_add(kp_parent(e->control), kp_text("Hello!"));
}

int main(void)
{
    kp_set_title(kp_page, "Delayed hello");
    kp_add(kp_page, kp_button("Say hello with delay!", .on_click = say_hello));
    return 0;
}
