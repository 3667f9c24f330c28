// SPDX-License-Identifier: MIT
// Waits a second, then says hello. The page is alive meanwhile: main waits, the browser does not.
#include <kapok.h>

int main(void)
{
    kp_set_title(kp_page, "Hello, async");
    kp_sleep(1000);
    kp_add(kp_page, kp_text("Hello, async world!", .size = 24));
    return 0;
}
