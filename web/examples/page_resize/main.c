// SPDX-License-Identifier: MIT
// Shows the size of the page, and prints it to the browser's console, whenever it changes.
#include <kapok.h>
#include <stdio.h>

static kp_control *size;

static void show(double width, double height)
{
    printf("%.0f × %.0f\n", width, height);
    kp_set_valuef(size, "%d × %d", (int)width, (int)height);
}

// It never waits, so it runs to its end on the event's own stack and costs no task.
static void resized(kp_event *e)
{
    show(e->width, e->height);
}

int main(void)
{
    kp_set_title(kp_page, "Page size");
    size = kp_text(.size = 48, .font = KP_FONT_MONO);
    kp_add(kp_page, kp_text("Resize the window:"));
    kp_add(kp_page, size);
    kp_on_resize(kp_page, resized);
    show(kp_get_width(kp_page), kp_get_height(kp_page));
    return 0;
}
