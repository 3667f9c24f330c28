// SPDX-License-Identifier: MIT
// Counts down and ends: nothing is left to wait for, so the page that embeds it is told.
#include <kapok.h>

int main(void)
{
    kp_control *shown = kp_text(.size = 32, .font = KP_FONT_MONO);

    kp_add(kp_page, shown);
    for (int left = 3; left > 0; left--) {
        kp_set_valuef(shown, "%d", left);
        kp_sleep(1000);
    }
    kp_set_value(shown, "Lift-off!");
    return 0;
}
