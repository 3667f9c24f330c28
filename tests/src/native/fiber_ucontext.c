// SPDX-License-Identifier: MIT
// The fiber switch for native tests: POSIX contexts, with AddressSanitizer told of every switch.
#include <alloca.h>
#include <stdlib.h>
#include <ucontext.h>

#include "fiber_switch.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#define LEAVE(keep, low, size) __sanitizer_start_switch_fiber(keep, low, size)
#define ARRIVE(keep, low, size) __sanitizer_finish_switch_fiber(keep, low, size)
#else
#define LEAVE(keep, low, size) ((void)(keep), (void)(low), (void)(size))
#define ARRIVE(keep, low, size) ((void)(keep), (void)(low), (void)(size))
#endif

// valgrind cannot tell a switch of stacks from a stack that grows.
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define VALGRIND_STACK_REGISTER(low, high) 0
#define VALGRIND_STACK_DEREGISTER(id) ((void)(id))
#endif

typedef struct running {
    ucontext_t fiber, caller;
    int (*function)(void *);
    void *argument;
    int result;
    bool returned;
    unsigned registered; // with valgrind
    struct running *outer;
    const void *caller_low;
    size_t caller_size;
    void *shadow; // the sanitizer's, of this fiber while it is suspended
} context;

static context *innermost;

// What lies on the stack of a task that has returned is still there for the groups it made. So what is done
// here after that must not write over it.
static __attribute__((noinline)) int call(const context *self)
{
    volatile char *room = alloca(self->fiber.uc_stack.ss_size > 8192 ? 4096 : 1);

    *room = 0;
    return self->function(self->argument);
}

static void start(void)
{
    context *self = innermost;

    ARRIVE(NULL, &self->caller_low, &self->caller_size);
    self->result = call(self);
    self->returned = true;
    LEAVE(NULL, self->caller_low, self->caller_size);
    swapcontext(&self->fiber, &self->caller);
}

static void destroy(context *self)
{
    if (self)
        VALGRIND_STACK_DEREGISTER(self->registered);
    free(self);
}

static context *create(kp__fiber *fiber, int (*function)(void *), void *argument)
{
    context *self = calloc(1, sizeof *self);

    getcontext(&self->fiber);
    self->fiber.uc_stack.ss_sp = fiber->stack->low;
    self->fiber.uc_stack.ss_size = (size_t)(fiber->stack_pointer - fiber->stack->low);
    self->registered = VALGRIND_STACK_REGISTER(fiber->stack->low, fiber->stack->high);
    self->function = function;
    self->argument = argument;
    makecontext(&self->fiber, start, 0);
    return self;
}

bool kp__test_run(kp__fiber *fiber, int (*function)(void *), void *argument)
{
    context *self = fiber->frames ? fiber->frames : create(fiber, function, argument);
    void *shadow = NULL;

    fiber->frames = NULL;
    self->outer = innermost;
    innermost = self;
    LEAVE(&shadow, fiber->stack->low, fiber->stack->size);
    swapcontext(&self->caller, &self->fiber);
    ARRIVE(shadow, NULL, NULL);
    innermost = self->outer;
    if (self->returned) {
        fiber->result = self->result;
        destroy(self);
        return true;
    }
    fiber->frames = self;
    return false;
}

void kp__test_suspend(void)
{
    context *self = innermost;

    LEAVE(&self->shadow, self->caller_low, self->caller_size);
    swapcontext(&self->fiber, &self->caller);
    ARRIVE(self->shadow, &self->caller_low, &self->caller_size);
}

void kp__fiber_drop(kp__fiber *fiber)
{
    destroy(fiber->frames);
    fiber->frames = NULL;
}

void kp__fiber_recover(void)
{
    innermost = NULL;
}

bool kp__fiber_overflowed(void)
{
    return false;
}
