// SPDX-License-Identifier: MIT
#include "../../../src/core/timers.h"

#include <stdlib.h>

#include "../../../src/core/task.h"
#include "check.h"

enum { COUNT = 100000 };
static kp__task pool[COUNT];

static bool in_order(const kp__task *earlier, const kp__task *later)
{
    return earlier->deadline < later->deadline ||
           (earlier->deadline == later->deadline && earlier->timer_order < later->timer_order);
}

int main(void)
{
    int armed = 0, wrong = 0;

    srand(7);
    for (uint32_t i = 1; i <= COUNT; i++)
        CHECK(kp__timer_reserve(i));
    for (int i = 0; i < 4 * COUNT; i++) {
        kp__task *task = &pool[rand() % COUNT];
        if (rand() % 3) {
            armed += !task->timer_place;
            kp__timer_arm(task, 1e9 + rand() % 50);
        } else {
            armed -= task->timer_place != 0;
            kp__timer_disarm(task);
            CHECK(!task->timer_place);
        }
    }
    kp__task *previous = NULL;
    for (kp__task *task; (task = kp__timer_first) && task >= pool && task < pool + COUNT; armed--) {
        wrong += previous && !in_order(previous, task);
        kp__timer_disarm(task);
        previous = task;
    }
    CHECK_EQUAL(armed, 0);
    CHECK_EQUAL(wrong, 0);
    return check_result();
}
