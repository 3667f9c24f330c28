// SPDX-License-Identifier: MIT
// What of the switch is compiled into those that suspend, see src/core/fiber.h; the rest is in fiber.c.
#ifndef KP__FIBER_SWITCH_H
#define KP__FIBER_SWITCH_H

#include <stdbool.h>
#include <stddef.h>

#include "../src/core/fiber.h"

// Asyncify's own calls, as wasm/frames.mjs defines them: they set its state, and start_rewind also where
// it finds the frames.
#define KP__ASYNCIFY(name) __attribute__((import_module("asyncify"), import_name(#name)))
KP__ASYNCIFY(start_unwind) void kp__asyncify_start_unwind(void *unused);
KP__ASYNCIFY(stop_unwind) void kp__asyncify_stop_unwind(void);
KP__ASYNCIFY(start_rewind) void kp__asyncify_start_rewind(char *frames);
KP__ASYNCIFY(stop_rewind) void kp__asyncify_stop_rewind(void);

// Globals that the build puts in, see wasm/links.mjs.
#define KP__LINKED(name) __attribute__((import_module("kapok_link"), import_name(#name)))
KP__LINKED(get_asyncify_state) int kp__get_asyncify_state(void); // 0 when neither unwinding nor rewinding
KP__LINKED(get_frames) char *kp__get_frames(void);               // where the next frame is saved or found
KP__LINKED(set_frames) void kp__set_frames(char *at);
KP__LINKED(get_stack_limit) char *kp__get_stack_limit(void);    // below which the stack pointer may not go:
KP__LINKED(set_stack_limit) void kp__set_stack_limit(char *at); // every write of it is checked
KP__LINKED(get_stack_pointer) char *kp__get_stack_pointer(void);
KP__LINKED(set_stack_pointer) void kp__set_stack_pointer(char *to);          // but this one
KP__LINKED(get_first_stack_pointer) char *kp__get_first_stack_pointer(void); // of who calls in from outside
KP__LINKED(get_first_stack_limit) char *kp__get_first_stack_limit(void);

static inline __attribute__((always_inline)) bool kp__fiber_goes_on(void)
{
    if (!kp__get_asyncify_state())
        return false;
    kp__asyncify_stop_rewind();
    return true;
}

static inline __attribute__((always_inline)) bool kp__fiber_suspend(void)
{
    kp__set_frames(kp__get_stack_limit());
    kp__asyncify_start_unwind(NULL);
    return false;
}

static inline __attribute__((always_inline)) bool kp__fiber_run(kp__fiber *fiber, int (*function)(void *),
                                                                void *argument)
{
    char *pointer = kp__get_stack_pointer(), *limit = kp__get_stack_limit();

    kp__set_stack_limit(fiber->stack->low);
    kp__set_stack_pointer(fiber->stack_pointer); // functions do not set it again while rewinding
    if (fiber->frames)
        kp__asyncify_start_rewind(fiber->frames);
    int result = function(argument);
    bool suspended = kp__get_asyncify_state();
    if (suspended) {
        kp__asyncify_stop_unwind();
        fiber->frames = kp__get_frames();
        fiber->stack_pointer = kp__get_stack_pointer();
    } else {
        fiber->result = result;
    }
    kp__set_stack_limit(limit);
    kp__set_stack_pointer(pointer);
    return !suspended;
}

#endif
