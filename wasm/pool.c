// SPDX-License-Identifier: MIT
// The core's own memory: that of tasks, controls and texts. A quarter of what malloc takes, which is
// linked only where an app calls it, and quicker: what is given back waits in a list of its size for the
// next taker, and is never merged with its neighbours. The core asks for few sizes, again and again.
//
// The library is compiled with these in the place of malloc, free and realloc, see library.mjs.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define PAGE 65536u
#define UNIT 16u // sizes are multiples of it, and addresses too
#define LARGEST 0x40000000u

typedef struct block {
    struct block *next; // while free, in the list of its size
} block;

// Before each block stands which list it is for. Sizes go up in quarters of a power of two.
#define LISTS 128
static block *lists[LISTS];
static char *unused, *end; // memory that was in no block yet

extern char __heap_base;

#ifdef KP_DEV
uint32_t kp__pool_in_use; // bytes, for kp_dump
#define COUNT(change) (kp__pool_in_use += (uint32_t)(change))
#else
#define COUNT(change) ((void)0)
#endif

void *kp__pool_take(size_t bytes);
void kp__pool_give(void *given);
void *kp__pool_resize(void *given, size_t bytes);

static size_t size_of(uint32_t list)
{
    return list < 8 ? list * UNIT : (size_t)(4 + list % 4) * UNIT << (list / 4 - 1);
}

// The list of the smallest blocks that hold so much and the word before.
static uint32_t list_for(size_t bytes)
{
    uint32_t units = (uint32_t)(bytes + sizeof(uint32_t) + UNIT - 1) / UNIT;
    uint32_t power = 31 - (uint32_t)__builtin_clz(units | 4), step = power - 2;

    return step * 4 + ((units + (1u << step) - 1) >> step);
}

static bool grow(size_t size)
{
    size_t pages = size / PAGE + 1, least = __builtin_wasm_memory_size(0) / 8;
    size_t wanted = pages > least ? pages : least, before = __builtin_wasm_memory_grow(0, wanted);

    if (before == SIZE_MAX)
        before = __builtin_wasm_memory_grow(0, wanted = pages);
    if (before == SIZE_MAX)
        return false;
    if (end != (char *)(before * PAGE))
        unused = (char *)(before * PAGE); // somebody else has grown the memory too
    end = (char *)((before + wanted) * PAGE);
    return true;
}

void *kp__pool_take(size_t bytes)
{
    if (bytes > LARGEST)
        return NULL;
    uint32_t list = list_for(bytes);
    block *found = lists[list];
    size_t size = size_of(list);
    if (found) {
        COUNT(size);
        lists[list] = found->next;
        return found;
    }
    if (!unused) {
        unused = (char *)(((uintptr_t)&__heap_base + UNIT - 1) / UNIT * UNIT);
        end = (char *)(__builtin_wasm_memory_size(0) * PAGE);
    }
    if ((size_t)(end - unused) < size + UNIT && !grow(size + UNIT))
        return NULL;
    // The word is at the end of a unit, so that what follows is aligned.
    char *taken = unused + UNIT;
    ((uint32_t *)(void *)taken)[-1] = list;
    unused += size;
    COUNT(size);
    return taken;
}

void kp__pool_give(void *given)
{
    if (!given)
        return;
    block *freed = given;
    uint32_t list = ((uint32_t *)given)[-1];
    COUNT(0 - size_of(list));
    freed->next = lists[list];
    lists[list] = freed;
}

void *kp__pool_resize(void *given, size_t bytes)
{
    void *larger = kp__pool_take(bytes);

    if (larger && given) {
        size_t held = size_of(((uint32_t *)given)[-1]) - sizeof(uint32_t);
        memcpy(larger, given, held < bytes ? held : bytes);
        kp__pool_give(given);
    }
    return larger;
}
