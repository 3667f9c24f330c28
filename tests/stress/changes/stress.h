// SPDX-License-Identifier: MIT
// What the two halves of the program share: main.c, and controls.c, which tests/stress/program.mjs writes.
#include <kapok.h>

// A control of a kind. Flags: 1, 2 and 4 give it handlers of what the user does, mount and unmount; from bit
// 3 on, its markup.
kp_control *make(int kind, int flags, int number, const char *text, kp_control *first, kp_control *second);

// Sets a property, by its number, to whichever of the two values is of its type.
int set(kp_control *control, int property, const char *text, double value);

// Sets or takes away the handler of an event, by its number.
int hear(kp_control *control, int event, kp_handler handler);

// The handler of all events: reports them.
void heard(kp_event *event);
