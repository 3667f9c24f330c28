// SPDX-License-Identifier: MIT
// What a native test can see and do of the other side of the border.
#ifndef KP__TEST_HOST_H
#define KP__TEST_HOST_H

#include "../../../src/include/kapok.h"

typedef struct {
    int batches, complaints; // complaints: warnings and errors that were logged
    int commands[64];        // by KP__COMMAND_…
    unsigned text_bytes;
    char last_complaint[512];
    const char *value;     // what read_text answers
    double number;         // what read_number answers
    uint32_t settle;       // a ticket that waits for an answer, which it gets at the next tick
    int aborted;           // calls that were
    double computed;       // ms that tasks have taken to compute: time passes while they run
    void (*between)(void); // called once when no task runs
    int (*stopped)(void);  // when set, the app is stopped at once, and this says what main would have
} kp__test_page;
extern kp__test_page kp__test;

// Delivers an event; `name` is a kp__name's number. Returns KP__REPLY_… bits.
int kp__test_event(kp_control *control, uint32_t name, const char *text);

// Runs the app, in which the task that waits as number `cancel_at` is canceled there. When it comes to no end
// its controls are removed and all its tasks canceled. Returns how many of them have not ended even so.
int kp__test_drain(uint32_t cancel_at);

// Takes the place of running the app once: see every.c.
int kp__test_every(void);

// Allocations fail, once or from then on, after so many more that do not; negative: none fails. Needs
// out_of_memory.c.
extern long kp__test_allocations;
extern bool kp__test_for_good, kp__test_ran_short; // ran_short: one has failed

#endif
