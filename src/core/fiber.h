// SPDX-License-Identifier: MIT
// A fiber: a function that can stop in the middle and go on later, on a C stack of its own.
// The core knows these few calls only; what is behind them is the border's business: wasm/fiber.c and
// wasm/fiber_switch.h (Asyncify) in an app, those of tests/src/native in native tests.
#ifndef KP__FIBER_H
#define KP__FIBER_H

#include <stdbool.h>
#include <stddef.h>

#include "stack.h"

typedef struct {
    kp__stack *stack;    // the C stack; NULL when the fiber is not alive
    void *frames;        // what the switch keeps of it since it was suspended last; NULL if it never was
    char *stack_pointer; // where on the stack it begins, or goes on: the stack's high end, or below what the
                         // caller keeps there
    int result;          // of the function, once it has returned
} kp__fiber;

// Starts the fiber on its stack, or lets it go on where it was suspended. `function` and
// `argument` are the same at every call. Returns true when it has returned, false when it has
// suspended itself. May be called inside a running fiber.
//     bool kp__fiber_run(kp__fiber *fiber, int (*function)(void *), void *argument);

// The fiber that runs innermost suspends itself in a function of this form, marked KP__SUSPENDS:
//     if (kp__fiber_goes_on())
//         return …;
//     …
//     return kp__fiber_suspend() ? … : 0;
// kp__fiber_suspend returns true when the fiber goes on. Or else false and at once: the function is called
// again, with any arguments, when the fiber goes on, and what it returns the first time is not used. So it
// does nothing else, before or after, and calls nothing that suspends. What lies on its stack stays there
// meanwhile. A suspension needs no memory: what is kept of the fiber lies on its own stack, and if there is
// no room it traps as any overflow does. These three are inline, in <fiber_switch.h>.
#define KP__SUSPENDS __attribute__((noinline))

// The function of a fiber that only calls another, and uses nothing of what that returns, is named
// kp__again_…: it is called again when the fiber goes on, and there is nothing to keep of it.

// Forgets what is kept of a suspended fiber, which will never go on. The stack stays the caller's.
void kp__fiber_drop(kp__fiber *fiber);

// Forgets every fiber that was running: a trap has thrown their frames away. Called at the bottom.
void kp__fiber_recover(void);

// True, once, when the trap came from a fiber that needed more stack than it has.
bool kp__fiber_overflowed(void);

#endif
