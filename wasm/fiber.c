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
// only what WebAssembly keeps out of memory. It writes into one shared scratch area, from which
// the exact bytes are then copied, since how many there are is known only afterwards.
#include "../src/core/fiber.h"

#include <stdint.h>
#include <stdlib.h>

typedef struct {
    char *position, *end;
} area; // the form is Asyncify's

#define ASYNCIFY(name) __attribute__((import_module("asyncify"), import_name(#name)))
ASYNCIFY(start_unwind) void kp__asyncify_start_unwind(area *to);
ASYNCIFY(stop_unwind) void kp__asyncify_stop_unwind(void);
ASYNCIFY(start_rewind) void kp__asyncify_start_rewind(area *from);
ASYNCIFY(stop_rewind) void kp__asyncify_stop_rewind(void);

// The stack pointer may now be between `low` and `high`; every write to it is checked. The build
// puts the function in, see wasm/asyncify.mjs.
__attribute__((import_module("kapok_link"), import_name("set_stack_limits"))) void
kp__set_stack_limits(void *high, void *low);

#define SCRATCH_BYTES (64 * 1024) // some thousand frames

typedef struct {
    char *stack_pointer; // at the suspension; functions do not set it again while rewinding
    uint32_t used, capacity;
    char bytes[];
} frames;

static struct {
    kp__fiber *running;  // innermost
    char *scratch;       // taken when a fiber first suspends
    char *stack_pointer; // of the fiber that is being suspended
    char *bottom;        // stack pointer when the first fiber ran: where to go on after a trap
    bool unwinding, rewinding, refused, overflowed;
    area area;
} state;

static inline char *stack_pointer(void)
{
    char *value;

    __asm__ volatile(".globaltype __stack_pointer, i32\n"
                     "global.get __stack_pointer\n"
                     "local.set %0"
                     : "=r"(value));
    return value;
}

static inline void set_stack_pointer(char *value)
{
    __asm__ volatile(".globaltype __stack_pointer, i32\n"
                     "local.get %0\n"
                     "global.set __stack_pointer"
                     :
                     : "r"(value));
}

static void set_limits(const kp__fiber *fiber)
{
    if (fiber)
        kp__set_stack_limits(fiber->stack->high, fiber->stack->low);
    else // the app's own stack is first in memory: beyond it is no memory
        kp__set_stack_limits((void *)UINTPTR_MAX, NULL);
}

// Copies the frames from the scratch area to the fiber. False when there is no memory for them.
static bool keep(kp__fiber *fiber)
{
    uint32_t used = (uint32_t)(state.area.position - state.scratch);
    frames *saved = fiber->saved;

    if (!saved || saved->capacity < used) {
        uint32_t capacity = (used + 31) & ~31u;
        saved = malloc(sizeof *saved + capacity);
        if (!saved)
            return false;
        free(fiber->saved);
        fiber->saved = saved;
        saved->capacity = capacity;
    }
    // Mostly some ten words: a call of memcpy would take longer than they do.
    for (uint32_t at = 0; at < used; at += sizeof(uint32_t))
        *(uint32_t *)(void *)(saved->bytes + at) = *(uint32_t *)(void *)(state.scratch + at);
    saved->used = used;
    saved->stack_pointer = state.stack_pointer;
    return true;
}

static void rewind_from(char *bytes, uint32_t used)
{
    state.rewinding = true;
    state.area.position = state.area.end = bytes + used;
    kp__asyncify_start_rewind(&state.area);
}

__attribute__((noinline)) bool kp__fiber_run(kp__fiber *fiber, int (*function)(void *), void *argument)
{
    char *caller = stack_pointer();
    kp__fiber *outer = state.running;
    frames *saved = fiber->saved;
    char *from = fiber->stack->high;
    bool suspended;

    if (!state.bottom)
        state.bottom = caller;
    state.running = fiber;
    if (saved) {
        from = saved->stack_pointer;
        rewind_from(saved->bytes, saved->used);
    }
    set_limits(fiber);
    for (;;) {
        set_stack_pointer(from);
        fiber->result = function(argument);
        suspended = state.unwinding;
        if (!suspended)
            break;
        state.unwinding = false;
        kp__asyncify_stop_unwind();
        // keep() may call malloc, which needs a stack: the fiber's own is free below its frames.
        set_stack_pointer(state.stack_pointer);
        if (keep(fiber))
            break;
        state.refused = true;
        from = state.stack_pointer;
        rewind_from(state.scratch, (uint32_t)(state.area.position - state.scratch));
    }
    state.running = outer;
    set_limits(outer);
    set_stack_pointer(caller);
    return !suspended;
}

__attribute__((noinline)) bool kp__fiber_suspend(void)
{
    if (state.rewinding) {
        state.rewinding = false;
        kp__asyncify_stop_rewind();
        bool refused = state.refused;
        state.refused = false;
        return !refused;
    }
    if (!state.scratch && !(state.scratch = malloc(SCRATCH_BYTES)))
        return false;
    state.stack_pointer = stack_pointer();
    state.unwinding = true;
    state.area = (area){ state.scratch, state.scratch + SCRATCH_BYTES };
    kp__asyncify_start_unwind(&state.area);
    return true; // to a caller that is itself being unwound and ignores it
}

void kp__fiber_drop(kp__fiber *fiber)
{
    free(fiber->saved);
    fiber->saved = NULL;
}

// Has no frame of its own and calls nothing that has one before the stack pointer is right again.
void kp__fiber_recover(void)
{
    kp__set_stack_limits((void *)UINTPTR_MAX, NULL);
    if (state.bottom)
        set_stack_pointer(state.bottom);
    state.running = NULL;
    state.unwinding = state.rewinding = state.refused = false;
    state.area.position = state.area.end;
    kp__asyncify_stop_unwind();
}

bool kp__fiber_overflowed(void)
{
    bool overflowed = state.overflowed;

    state.overflowed = false;
    return overflowed;
}

// Called by the check of the stack pointer, just before it traps.
__attribute__((export_name("kp__stack_overflowed"))) void kp__stack_overflowed(void)
{
    state.overflowed = true;
}
