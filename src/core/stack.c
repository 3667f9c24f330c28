// SPDX-License-Identifier: MIT
#include "stack.h"

#include <stdint.h>
#include <stdlib.h>

// In memory: guard, the bytes to use, guard, kp__stack. The header is at the top because a stack
// overflows at the bottom.
#define GUARD_WORDS 4
#define GUARD_BYTES (GUARD_WORDS * sizeof(uint32_t))
#define GUARD_WORD 0x6b61706fu

#define CLASSES 4 // 1, 4, 16 and 64 KB; larger ones are not pooled
#define SMALLEST 1024
#define KEPT_BYTES (256 * 1024) // of each class, so that a burst of tasks gives its memory back

static struct {
    kp__stack *first;
    size_t count;
} pool[CLASSES];

static int class_of(size_t bytes)
{
    size_t size = SMALLEST;

    for (int i = 0; i < CLASSES; i++, size *= 4)
        if (bytes <= size)
            return i;
    return CLASSES;
}

static void guard(char *at)
{
    uint32_t *words = (uint32_t *)(void *)at;

    for (int i = 0; i < GUARD_WORDS; i++)
        words[i] = GUARD_WORD;
}

static bool guard_intact(const char *at)
{
    const uint32_t *words = (const uint32_t *)(const void *)at;
    uint32_t difference = 0;

    for (int i = 0; i < GUARD_WORDS; i++)
        difference |= words[i] ^ GUARD_WORD;
    return !difference;
}

kp__stack *kp__stack_take(size_t bytes)
{
    int class = class_of(bytes);
    size_t size = class < CLASSES ? (size_t)SMALLEST << (2 * class) : (bytes + 15) & ~(size_t)15;

    if (class < CLASSES && pool[class].first) {
        kp__stack *stack = pool[class].first;
        pool[class].first = stack->next;
        pool[class].count--;
        return stack;
    }
    char *block = malloc(size + 2 * GUARD_BYTES + sizeof(kp__stack));
    if (!block)
        return NULL;
    kp__stack *stack = (kp__stack *)(void *)(block + size + 2 * GUARD_BYTES);
    stack->low = block + GUARD_BYTES;
    stack->high = stack->low + size;
    stack->size = size;
    guard(block);
    guard(stack->high);
    return stack;
}

void kp__stack_give(kp__stack *stack)
{
    int class = class_of(stack->size);

    if (class == CLASSES || (pool[class].count + 1) * stack->size > KEPT_BYTES) {
        free(stack->low - GUARD_BYTES);
        return;
    }
    stack->next = pool[class].first;
    pool[class].first = stack;
    pool[class].count++;
}

bool kp__stack_intact(const kp__stack *stack)
{
    return guard_intact(stack->low - GUARD_BYTES) && guard_intact(stack->high);
}
