// SPDX-License-Identifier: MIT
// Fibers on Asyncify, entirely inside the module: no JavaScript on the path of a switch.
//
// Binaryen's Asyncify pass rewrites every function that may be on the stack of a suspended fiber:
// while unwinding, each saves its locals and returns; while rewinding, each restores them and calls
// on to where it was. What starts and stops that are the four imports below, which the pass
// resolves. kp__fiber_suspend and kp__fiber_run call them and are therefore not rewritten; they
// must not be inlined into anything that is.
//
// C locals whose address is taken live on the fiber's own C stack and stay there; Asyncify saves
// only what WebAssembly keeps out of memory. It saves upwards, and a C stack grows downwards: so it
// saves at the low end of the fiber's own stack, which is free while the fiber is suspended. Nothing
// is copied, and a suspension needs no memory that the fiber does not have already.
#include "../src/core/fiber.h"

#include <stdint.h>

typedef struct {
    char *position, *end;
} area; // the form is Asyncify's. `end` is also the stack pointer at the suspension.

_Static_assert(sizeof(area) == sizeof((kp__fiber){ 0 }.kept), "a fiber keeps an area");

#define ASYNCIFY(name) __attribute__((import_module("asyncify"), import_name(#name)))
ASYNCIFY(start_unwind) void kp__asyncify_start_unwind(area *to);
ASYNCIFY(stop_unwind) void kp__asyncify_stop_unwind(void);
ASYNCIFY(start_rewind) void kp__asyncify_start_rewind(area *from);
ASYNCIFY(stop_rewind) void kp__asyncify_stop_rewind(void);

// Goes to another stack: the stack pointer is set, and may from now on be between `low` and `high`; every
// write of it is checked. The build puts the function in, see wasm/asyncify.mjs.
__attribute__((import_module("kapok_link"), import_name("switch_stack"))) void
kp__switch_stack(char *pointer, char *high, char *low);

// The app's own stack is first in memory: beyond it is no memory.
static kp__stack whole_memory = { .low = NULL, .high = (char *)UINTPTR_MAX };
static kp__fiber bottom = { .stack = &whole_memory };

static struct {
    kp__fiber *running;  // innermost
    char *stack_pointer; // when the first fiber ran: where to go on after a trap
    bool unwinding, rewinding, overflowed;
} state = { .running = &bottom };

static inline char *stack_pointer(void)
{
    char *value;

    __asm__ volatile(".globaltype __stack_pointer, i32\n"
                     "global.get __stack_pointer\n"
                     "local.set %0"
                     : "=r"(value));
    return value;
}

static inline area *area_of(kp__fiber *fiber)
{
    return (area *)(void *)fiber->kept;
}

__attribute__((noinline)) bool kp__fiber_run(kp__fiber *fiber, int (*function)(void *), void *argument)
{
    char *caller = stack_pointer();
    kp__fiber *outer = state.running;
    kp__stack *stack = fiber->stack;
    char *from = stack->high;

    if (!state.stack_pointer)
        state.stack_pointer = caller;
    state.running = fiber;
    if (area_of(fiber)->position) {
        from = area_of(fiber)->end; // functions do not set it again while rewinding
        state.rewinding = true;
        kp__asyncify_start_rewind(area_of(fiber));
    }
    kp__switch_stack(from, stack->high, stack->low);
    int result = function(argument);
    bool suspended = state.unwinding;
    if (suspended) {
        state.unwinding = false;
        kp__asyncify_stop_unwind();
    } else {
        area_of(fiber)->position = NULL;
        fiber->result = result;
    }
    state.running = outer;
    stack = outer->stack;
    kp__switch_stack(caller, stack->high, stack->low);
    return !suspended;
}

__attribute__((noinline)) void kp__fiber_suspend(void)
{
    if (state.rewinding) {
        state.rewinding = false;
        kp__asyncify_stop_rewind();
        return;
    }
    area *area = area_of(state.running);
    area->position = state.running->stack->low;
    area->end = stack_pointer();
    state.unwinding = true;
    kp__asyncify_start_unwind(area);
}

void kp__fiber_drop(kp__fiber *fiber)
{
    fiber->kept[0] = NULL;
}

// Has no frame of its own and calls nothing that has one before the stack pointer is right again.
void kp__fiber_recover(void)
{
    kp__switch_stack(state.stack_pointer ? state.stack_pointer : stack_pointer(), whole_memory.high,
                     whole_memory.low);
    state.running = &bottom;
    state.unwinding = state.rewinding = false;
}

bool kp__fiber_overflowed(void)
{
    bool overflowed = state.overflowed;

    state.overflowed = false;
    return overflowed;
}

// Called just before the trap by the checks that the build puts in: of each write to the stack
// pointer, and of each frame that Asyncify saves.
__attribute__((export_name("kp__stack_overflowed"))) void kp__stack_overflowed(void)
{
    state.overflowed = true;
}
