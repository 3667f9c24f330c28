// SPDX-License-Identifier: MIT
// C stacks for fibers, pooled by size. Each has a guard at both ends that shows whether something
// wrote past it.
#ifndef KP__STACK_H
#define KP__STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct kp__stack {
    struct kp__stack *next; // in the pool
    char *low, *high;       // the bytes to use: from high down to low, both 16-byte aligned
    size_t size;            // of the class, in bytes
} kp__stack;

#define KP__STACK_GUARD 0x6b61706f6b61706full

// Stacks for what runs unmodified C (main, handlers), and for tasks started with kp_go. printf of a
// long double, the hungriest of libc, takes 8 KB.
#define KP__STACK_LARGE (64 * 1024)
#define KP__STACK_NORMAL (16 * 1024)

// A stack of at least `bytes`, or NULL when out of memory.
kp__stack *kp__stack_take(size_t bytes);

// Gives a stack back; a few of each size are kept for the next taker.
void kp__stack_give(kp__stack *stack);

// False when a guard was overwritten: memory beside the stack is then corrupt too.
bool kp__stack_intact(const kp__stack *stack);

// The same of that end only where a stack overflows, for every switch.
static inline __attribute__((always_inline)) bool kp__stack_low_intact(const kp__stack *stack)
{
    return ((const uint64_t *)(const void *)stack->low)[-1] == KP__STACK_GUARD;
}

// How many bytes of it were used since it was taken or renewed, in a development build; others return 0.
size_t kp__stack_high_water(const kp__stack *stack);
#ifdef KP_DEV
void kp__stack_renew(const kp__stack *stack);
#else
#define kp__stack_renew(stack) ((void)0)
#endif

#endif
