// SPDX-License-Identifier: MIT
// Counts clicks, for as long as the page that embeds it likes.
#include <kapok.h>

static kp_control *shown;
static int count;

static void add_one(kp_event *e)
{
    (void)e;
    kp_set_valuef(shown, "Clicks: %d", ++count);
}

int main(void)
{
    kp_add(kp_page, kp_button("Click me", .on_click = add_one));
    kp_add(kp_page, shown = kp_text("Not clicked yet"));
    return 0;
}
