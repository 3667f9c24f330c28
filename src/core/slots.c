// SPDX-License-Identifier: MIT
#include "slots.h"

#include <stdbool.h>
#include <stdlib.h>

#include "words.h"

#define GENERATION (1u << KP__SLOT_INDEX_BITS)

// A freed slot rests until this many others are free, so that its 4,095 generations last for
// a quarter of a million uses even when one thing is made and freed in a loop.
#define RESTING 64

#ifdef KP_DEV
uint32_t kp__slots_in_use;
#define COUNT(change) (kp__slots_in_use += (change))
#else
#define COUNT(change) ((void)0)
#endif

static bool add_chunk(kp__slots *slots)
{
    uint32_t count = slots->made / KP__CHUNK_SLOTS;

    if (slots->made + KP__CHUNK_SLOTS >= GENERATION)
        return false;
    if (count == slots->chunk_capacity) {
        uint32_t capacity = count ? 2 * count : 8;
        char **chunks = realloc(slots->chunks, capacity * sizeof *chunks);
        if (!chunks)
            return false;
        slots->chunks = chunks;
        slots->chunk_capacity = capacity;
    }
    slots->chunks[count] = malloc(KP__CHUNK_SLOTS * slots->size);
    return slots->chunks[count];
}

void *kp__slot_take(kp__slots *slots)
{
    bool is_new = slots->free_count <= RESTING && (slots->made % KP__CHUNK_SLOTS || add_chunk(slots));

    if (!is_new && !slots->free_count)
        return NULL;
    kp__slot *slot = kp__slot_of(slots, is_new ? ++slots->made : slots->first_free);
    uint32_t name = GENERATION | slots->made;
    if (!is_new) {
        slots->first_free = slot->next_free;
        slots->free_count--;
        name = slot->name + GENERATION;
        if (name < GENERATION) // wrapped: generation 0 is never used
            name += GENERATION;
    }
    COUNT(1);
    kp__clear_words(slot, slots->size);
    slot->name = name;
    slot->in_use = true;
    return slot;
}

void *kp__slot_at(const kp__slots *slots, uint32_t index)
{
    return kp__slot_at_here(slots, index);
}

void *kp__slot_find(const kp__slots *slots, uint32_t name)
{
    kp__slot *slot = kp__slot_at(slots, KP__SLOT_INDEX(name));

    return slot && slot->name == name ? slot : NULL;
}

void kp__slot_free(kp__slots *slots, void *freed)
{
    kp__slot *slot = freed;
    uint32_t index = KP__SLOT_INDEX(slot->name);

    COUNT(-1u);
    slot->in_use = false;
    slot->next_free = 0;
    if (slots->free_count++)
        kp__slot_of(slots, slots->last_free)->next_free = index;
    else
        slots->first_free = index;
    slots->last_free = index;
}
