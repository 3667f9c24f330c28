// SPDX-License-Identifier: MIT
// What is removed at once is forgotten at once: by a command for each row of neighbouring numbers.
#include "../../core/check.h"

#define KP__CORE
#include "../../../../src/core/host.gen.h"
#include "../host.h"

enum { TEXTS = 100 };

static kp_control *texts[TEXTS];

static void show_all(void)
{
    for (int i = 0; i < TEXTS; i++)
        kp_add(kp_page, texts[i] = kp_text("shown"));
    kp_update();
    kp__test.commands[KP__COMMAND_FORGET] = 0;
}

static int forgotten(void)
{
    kp_update();
    return kp__test.commands[KP__COMMAND_FORGET];
}

int main(void)
{
    show_all();
    kp_clear(kp_page);
    CHECK_EQUAL(forgotten(), 1);

    show_all();
    for (int i = 0; i < TEXTS; i += 2)
        kp_remove(texts[i]);
    CHECK_EQUAL(forgotten(), TEXTS / 2);
    kp_clear(kp_page);
    CHECK_EQUAL(forgotten(), TEXTS / 2 + TEXTS / 2);
    return check_result();
}
