// SPDX-License-Identifier: MIT
// Things that are known by name: a table of slots of one size. A name is a generation and an index,
// so the name of a thing that is gone finds nothing, even when its slot is in use again.
#ifndef KP__SLOTS_H
#define KP__SLOTS_H

#include <stddef.h>
#include <stdint.h>

#define KP__SLOT_INDEX_BITS 20
#define KP__SLOT_INDEX(name) ((name) & ((1u << KP__SLOT_INDEX_BITS) - 1))

#define KP__MOST_SLOTS ((1u << KP__SLOT_INDEX_BITS) - 64)

// The first member of what lies in a slot.
typedef struct {
    uint32_t name;      // generation << 20 | index; the generation is never 0
    uint32_t next_free; // index of the next free slot; meaningless while in use
    uint32_t in_use;
} kp__slot;

typedef struct {
    const size_t size; // of one slot in bytes, kp__slot included
    char **chunks;     // slots never move
    uint32_t chunk_capacity;
    uint32_t made;                              // slots that exist; indices are 1 … made
    uint32_t first_free, last_free, free_count; // oldest first
} kp__slots;

#define KP__SLOTS(type)      \
    {                        \
        .size = sizeof(type) \
    }

// A zeroed slot with a new name, or NULL when out of memory or names.
void *kp__slot_take(kp__slots *slots);

#define KP__CHUNK_SLOTS 64

static inline __attribute__((always_inline)) kp__slot *kp__slot_of(const kp__slots *slots, uint32_t index)
{
    uint32_t i = index - 1;

    return (kp__slot *)(void *)(slots->chunks[i / KP__CHUNK_SLOTS] + i % KP__CHUNK_SLOTS * slots->size);
}

// As kp__slot_at.
static inline __attribute__((always_inline)) void *kp__slot_at_here(const kp__slots *slots, uint32_t index)
{
    if (index == 0 || index > slots->made)
        return NULL;
    kp__slot *slot = kp__slot_of(slots, index);
    return slot->in_use ? slot : NULL;
}

// What bears the name, or NULL.
void *kp__slot_find(const kp__slots *slots, uint32_t name);

// What lies at an index, or NULL when that is free or was never made.
void *kp__slot_at(const kp__slots *slots, uint32_t index);

void kp__slot_free(kp__slots *slots, void *slot);

#ifdef KP_DEV
// How many slots of all tables are in use.
extern uint32_t kp__slots_in_use;
#endif

#endif
