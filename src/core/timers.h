// SPDX-License-Identifier: MIT
// Which tasks wake when: a heap of tasks, earliest first, in the order of asking among equals.
#ifndef KP__TIMERS_H
#define KP__TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kp__task;

// Makes room for the timers of so many tasks, one more than before at most, so that arming one cannot
// fail. False when out of memory.
bool kp__timer_reserve(uint32_t tasks);

// Arms the task's one timer for `deadline`, in milliseconds on the host's clock.
void kp__timer_arm(struct kp__task *task, double deadline);

// Does nothing when the timer is not armed.
void kp__timer_disarm(struct kp__task *task);

// The task whose timer is due first, or NULL.
#pragma weak kp__timer_first // linked only where a task waits
extern struct kp__task *kp__timer_first;

static inline struct kp__task *kp__first_timer(void)
{
    return &kp__timer_first ? kp__timer_first : NULL;
}

#endif
