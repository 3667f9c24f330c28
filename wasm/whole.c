// SPDX-License-Identifier: MIT
// What the core asks about the module that it is a part of, which is known once all of it is linked.
#include "../src/core/task.h"

__attribute__((import_module("kapok_link"), import_name("has_tick"))) int kp__link_has_tick(void);

bool kp__has_tick(void)
{
    return kp__link_has_tick();
}
