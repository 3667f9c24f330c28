// SPDX-License-Identifier: MIT
// Fibers on Asyncify, entirely inside the module: no JavaScript on the path of a switch.
//
// Binaryen's Asyncify pass rewrites every function that may be on the stack of a suspended fiber:
// while unwinding, each saves its locals and returns; while rewinding, each restores them and calls
// on to where it was. Those that call kp__fiber_suspend or kp__fiber_run call Asyncify's own functions
// and are therefore not rewritten; they must not be inlined into anything that is.
//
// C locals whose address is taken live on the fiber's own C stack and stay there; Asyncify saves
// only what WebAssembly keeps out of memory. It saves upwards, and a C stack grows downwards: so it
// saves at the low end of the fiber's own stack, which is free while the fiber is suspended. Nothing
// is copied, and a suspension needs no memory that the fiber does not have already.
#include "../src/core/task.h"

#include "fiber_switch.h"

static bool overflowed;

void kp__fiber_drop(kp__fiber *fiber)
{
    fiber->frames = NULL;
}

// Has no frame of its own and calls nothing that has one before the stack pointer is right again.
void kp__fiber_recover(void)
{
    kp__asyncify_stop_unwind();
    kp__set_stack_limit(kp__get_first_stack_limit());
    kp__set_stack_pointer(kp__get_first_stack_pointer());
}

bool kp__fiber_overflowed(void)
{
    bool was = overflowed;

    overflowed = false;
    return was;
}

// Called just before the trap by the checks that the build puts in: of each write to the stack
// pointer, and of each frame that Asyncify saves.
__attribute__((export_name("kp__stack_overflowed"))) void kp__stack_overflowed(void)
{
    overflowed = true;
}
