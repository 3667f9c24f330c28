// SPDX-License-Identifier: MIT
#include "stack.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// In memory: guard, the bytes to use, guard, kp__stack. The header is at the top because a stack
// overflows at the bottom.
typedef struct {
    uint64_t words[2];
} guard;

#define CLASSES 4 // 1, 4, 16 and 64 KB; larger ones are not pooled
#define SMALLEST 1024
#define KEPT_BYTES (256 * 1024) // of each class, so that a burst of tasks gives its memory back

static struct {
    kp__stack *first;
    size_t count;
} pool[CLASSES];

// Each is four times the one before: two bits of the size.
static int class_of(size_t bytes)
{
    uint64_t beyond = bytes ? (bytes - 1) / SMALLEST : 0;
    int class = beyond ? (65 - __builtin_clzll(beyond)) / 2 : 0;

    return class < CLASSES ? class : CLASSES;
}

static guard *guard_at(char *at)
{
    return (guard *)(void *)at;
}

static bool intact(const guard *g)
{
    return g->words[0] == KP__STACK_GUARD && g->words[1] == KP__STACK_GUARD;
}

// A development build fills a stack, so that one can see how far it was used.
#ifdef KP_DEV
#define FILLING 0x5a
#define UNTOUCHED 64 // as many such bytes in a row are no one's

void kp__stack_renew(const kp__stack *stack)
{
    memset(stack->low, FILLING, stack->size);
}

// At the low end lies what was kept of the fiber while it was suspended, then comes what was never touched.
size_t kp__stack_high_water(const kp__stack *stack)
{
    size_t quiet = 0, at = 0;

    while (at < stack->size && quiet < UNTOUCHED)
        quiet = stack->low[at++] == FILLING ? quiet + 1 : 0;
    while (at < stack->size && stack->low[at] == FILLING)
        at++, quiet++;
    return stack->size - (quiet < UNTOUCHED ? 0 : quiet);
}
#else
size_t kp__stack_high_water(const kp__stack *stack)
{
    (void)stack;
    return 0;
}
#endif

kp__stack *kp__stack_take(size_t bytes)
{
    int class = class_of(bytes);
    size_t size = class < CLASSES ? (size_t)SMALLEST << (2 * class) : (bytes + 15) & ~(size_t)15;

    if (class < CLASSES && pool[class].first) {
        kp__stack *stack = pool[class].first;
        pool[class].first = stack->next;
        pool[class].count--;
        kp__stack_renew(stack);
        return stack;
    }
    char *block = malloc(size + 2 * sizeof(guard) + sizeof(kp__stack));
    if (!block)
        return NULL;
    kp__stack *stack = (kp__stack *)(void *)(block + size + 2 * sizeof(guard));
    stack->low = block + sizeof(guard);
    stack->high = stack->low + size;
    stack->size = size;
    *guard_at(block) = *guard_at(stack->high) = (guard){ { KP__STACK_GUARD, KP__STACK_GUARD } };
    kp__stack_renew(stack);
    return stack;
}

void kp__stack_give(kp__stack *stack)
{
    int class = class_of(stack->size);

    if (class == CLASSES || (pool[class].count + 1) * stack->size > KEPT_BYTES) {
        free(stack->low - sizeof(guard));
        return;
    }
    stack->next = pool[class].first;
    pool[class].first = stack;
    pool[class].count++;
}

bool kp__stack_intact(const kp__stack *stack)
{
    return intact(guard_at(stack->low - sizeof(guard))) && intact(guard_at(stack->high));
}
