// SPDX-License-Identifier: MIT
#include <kapok.h>

int main(void)
{
    kp_add(kp_page, kp_text("Hello, world"));
    return 0;
}
