// SPDX-License-Identifier: MIT
// A fiber: a function that can stop in the middle and go on later, on a C stack of its own.
// The core knows these few calls only; what is behind them is the border's business:
// wasm/fiber.c (Asyncify) in an app, tests/src/native/fiber_ucontext.c in native tests.
#ifndef KP__FIBER_H
#define KP__FIBER_H

#include <stdbool.h>
#include <stddef.h>

#include "stack.h"

typedef struct {
    kp__stack *stack; // the C stack; NULL when the fiber is not alive
    void *kept[2];    // by the switch, of a suspended fiber; kept[0] is NULL when it is not suspended
    int result;       // of the function, once it has returned
} kp__fiber;

// Starts the fiber on `fiber->stack`, or lets it go on where it was suspended. `function` and
// `argument` are the same at every call. Returns true when it has returned, false when it has
// suspended itself. May be called inside a running fiber.
bool kp__fiber_run(kp__fiber *fiber, int (*function)(void *), void *argument);

// Suspends the fiber that runs innermost; returns when it is run again. Needs no memory: what is
// kept of the fiber lies on its own stack, and if there is no room it traps as any overflow does.
void kp__fiber_suspend(void);

// Forgets what is kept of a suspended fiber, which will never go on. The stack stays the caller's.
void kp__fiber_drop(kp__fiber *fiber);

// Forgets every fiber that was running: a trap has thrown their frames away. Called at the bottom.
void kp__fiber_recover(void);

// True, once, when the trap came from a fiber that needed more stack than it has.
bool kp__fiber_overflowed(void);

#endif
