// SPDX-License-Identifier: MIT
// malloc, for a page that counts its kilobytes: a tenth of what libc's takes. Good fit from lists
// by size, neighbours that are free merged at once, memory grown by the page.
//
// A chunk is a word with its size and two flags, then the caller's bytes. The size, a multiple of 16,
// includes the word; the caller's bytes are aligned to 16. A free chunk also holds its links and, in
// its last word, its size again, so that the chunk behind it finds its beginning:
//
//   in use   | size, flags | the caller's bytes …                          |
//   free     | size, flags | next | previous | …                     | size |
//
// Each region of memory ends with a chunk of size 0 that is always in use. The first region is not ours: the
// core, whose own memory is elsewhere, has taken it before the app runs. See pool.c.
#undef malloc
#undef free
#undef realloc
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../src/core/report.h"

#define ALIGNMENT 16u
#define WORD sizeof(uint32_t)
#define SMALLEST 16u
#define PAGE 65536u
#define LARGEST 0x7FFF0000u

#define IN_USE 1u
#define PREVIOUS_IN_USE 2u
#define FLAGS 15u

typedef struct chunk {
    uint32_t head;
    struct chunk *next, *previous; // while free, in the list of its size
} chunk;

// Lists 0 … 31 hold chunks of one size each, 16 to 512 bytes; above, four lists share a power of two.
#define LISTS 120
#define EXACT 32
static chunk *lists[LISTS];
static uint32_t occupied[(LISTS + 31) / 32]; // a bit for each list that is not empty
static char *region_end;

#ifdef KP_DEV
uint32_t kp__malloc_in_use; // bytes, for kp_dump
#define COUNT(change) (kp__malloc_in_use += (change))
#else
#define COUNT(change) ((void)0)
#endif

static uint32_t size_of(const chunk *c)
{
    return c->head & ~FLAGS;
}

static chunk *at(const void *base, ptrdiff_t offset)
{
    return (chunk *)(void *)((char *)(uintptr_t)base + offset);
}

static chunk *after(const chunk *c)
{
    return at(c, (ptrdiff_t)size_of(c));
}

static void *bytes_of(chunk *c)
{
    return (char *)c + WORD;
}

static chunk *chunk_of(const void *bytes)
{
    return at(bytes, -(ptrdiff_t)WORD);
}

static uint32_t list_for(uint32_t size)
{
    if (size <= EXACT * SMALLEST)
        return size / SMALLEST - 1;
    uint32_t power = 31 - (uint32_t)__builtin_clz(size - 1); // 9 for 513 … 1024
    return EXACT + (power - 9) * 4 + ((size - 1) >> (power - 2) & 3);
}

static void unlink(chunk *c)
{
    uint32_t list = list_for(size_of(c));

    if (c->next)
        c->next->previous = c->previous;
    if (c->previous)
        c->previous->next = c->next;
    else if (!(lists[list] = c->next))
        occupied[list / 32] &= ~(1u << list % 32);
}

// Makes bytes a free chunk of this size. What is before it is in use, or it would have been merged.
static void put(chunk *c, uint32_t size)
{
    uint32_t list = list_for(size);

    c->head = size | PREVIOUS_IN_USE;
    *(uint32_t *)(void *)((char *)c + size - WORD) = size;
    after(c)->head &= ~PREVIOUS_IN_USE;
    c->previous = NULL;
    if ((c->next = lists[list]))
        c->next->previous = c;
    lists[list] = c;
    occupied[list / 32] |= 1u << list % 32;
}

// Frees a chunk that is in no list, together with its free neighbours.
static void release(chunk *c)
{
    uint32_t size = size_of(c);
    chunk *behind = after(c);

    c->head &= ~IN_USE; // also when it is merged into the one before: a second free shall see it
    if (!(behind->head & IN_USE)) {
        unlink(behind);
        size += size_of(behind);
    }
    if (!(c->head & PREVIOUS_IN_USE)) {
        uint32_t before = *(uint32_t *)(void *)((char *)c - WORD);
        c = at(c, -(ptrdiff_t)before);
        unlink(c);
        size += before;
    }
    put(c, size);
}

static chunk *find(uint32_t size)
{
    uint32_t list = list_for(size);

    // In the chunk's own list not every chunk need be large enough; in those above it is.
    for (chunk *c = lists[list]; c; c = c->next)
        if (size_of(c) >= size)
            return c;
    for (uint32_t word = ++list / 32; word < sizeof occupied / sizeof *occupied; word++, list = word * 32) {
        uint32_t bits = occupied[word] & (~0u << list % 32);
        if (bits)
            return lists[word * 32 + (uint32_t)__builtin_ctz(bits)];
    }
    return NULL;
}

// Gives the bytes from `from` to `end`, both just before a multiple of 16, to the lists.
static void add_region(char *from, char *end)
{
    chunk *c = (chunk *)(void *)from;

    if (from == region_end) {
        c = (chunk *)(void *)(from - WORD); // the last region's end becomes part of the new chunk
        c->head |= (uint32_t)(end - (char *)c - WORD);
    } else {
        from = (char *)(((uintptr_t)from + WORD + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT) - WORD;
        c = (chunk *)(void *)from;
        c->head = (uint32_t)(end - from - WORD) | IN_USE | PREVIOUS_IN_USE;
    }
    chunk *last = (chunk *)(void *)(end - WORD);
    last->head = IN_USE | PREVIOUS_IN_USE;
    region_end = end;
    release(c);
}

static bool grow(uint32_t size)
{
    // By an eighth at least, since growing is slow; by what is needed when there is no more.
    size_t needed = (size + 2 * ALIGNMENT + PAGE - 1) / PAGE, pages = __builtin_wasm_memory_size(0) / 8;
    if (pages < needed)
        pages = needed;
    size_t before = __builtin_wasm_memory_grow(0, pages);
    if (before == SIZE_MAX)
        before = __builtin_wasm_memory_grow(0, pages = needed);
    if (before == SIZE_MAX)
        return false;
    add_region((char *)(before * PAGE), (char *)((before + pages) * PAGE));
    return true;
}

// Takes `size` bytes from a free chunk that has left its list.
static void *take(chunk *c, uint32_t available, uint32_t size)
{
    uint32_t rest = available - size;

    if (rest < SMALLEST)
        size = available;
    c->head = size | IN_USE | (c->head & PREVIOUS_IN_USE);
    if (rest >= SMALLEST)
        put(after(c), rest);
    else
        after(c)->head |= PREVIOUS_IN_USE;
    return bytes_of(c);
}

static uint32_t chunk_size(size_t bytes)
{
    return bytes < SMALLEST - WORD ? SMALLEST : ((uint32_t)bytes + WORD + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

static void *out_of_memory(void)
{
    errno = ENOMEM;
    return NULL;
}

// The calls below are made of these two and not of malloc and free, of which compilers know that what is
// stored before a free is never read again: a chunk's head is.
static void *allocate(size_t bytes)
{
    if (bytes > LARGEST)
        return out_of_memory();
    uint32_t size = chunk_size(bytes);
    chunk *c;
    while (!(c = find(size)))
        if (!grow(size))
            return out_of_memory();
    unlink(c);
    void *taken = take(c, size_of(c), size);
    COUNT(size_of(c));
    return taken;
}

static chunk *in_use(const char *call, const void *bytes)
{
    chunk *c = chunk_of(bytes);

    if ((uintptr_t)bytes % ALIGNMENT || !(c->head & IN_USE) || !size_of(c))
        kp__panic("%s of memory that is not in use: it was freed before, or never allocated.", call);
    return c;
}

static void give_back(void *bytes)
{
    if (!bytes)
        return;
    chunk *c = in_use("free", bytes);
    COUNT(0 - size_of(c));
    release(c);
}

void *malloc(size_t bytes)
{
    return allocate(bytes);
}

void free(void *bytes)
{
    give_back(bytes);
}

void *calloc(size_t count, size_t each)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, each, &bytes))
        return out_of_memory();
    void *zeroed = allocate(bytes);
    return zeroed ? memset(zeroed, 0, bytes) : NULL;
}

void *realloc(void *bytes, size_t wanted)
{
    if (!bytes)
        return allocate(wanted);
    if (wanted > LARGEST)
        return out_of_memory();
    chunk *c = in_use("realloc", bytes), *behind = after(c);
    uint32_t size = chunk_size(wanted), available = size_of(c);
    if (!(behind->head & IN_USE) && (size > available || available - size >= SMALLEST)) {
        unlink(behind);
        available += size_of(behind);
        COUNT(size_of(behind));
        // The flag is right again whatever follows: take() sets it, or the chunk grows by this.
        c->head = available | (c->head & FLAGS);
        after(c)->head |= PREVIOUS_IN_USE;
    }
    if (size <= available) {
        if (available - size >= SMALLEST)
            take(c, available, size);
        COUNT(size_of(c) - available);
        return bytes;
    }
    void *moved = allocate(wanted);
    if (!moved)
        return NULL;
    memcpy(moved, bytes, available - WORD);
    give_back(bytes);
    return moved;
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
    if (alignment <= ALIGNMENT)
        return allocate(bytes);
    if ((alignment & (alignment - 1)) || alignment > LARGEST || bytes > LARGEST - alignment) {
        errno = EINVAL;
        return NULL;
    }
    char *given = allocate(bytes + alignment + SMALLEST);
    if (!given)
        return NULL;
    char *aligned = (char *)(((uintptr_t)given + alignment - 1) & ~(alignment - 1));
    if (aligned == given)
        return given;
    // What is before the aligned address becomes a chunk of its own, and is freed.
    chunk *front = chunk_of(given), *back = chunk_of(aligned);
    uint32_t skipped = (uint32_t)(aligned - given);
    back->head = (size_of(front) - skipped) | IN_USE | PREVIOUS_IN_USE;
    front->head = skipped | (front->head & FLAGS);
    COUNT(0 - skipped);
    release(front);
    return aligned;
}

void *memalign(size_t alignment, size_t bytes)
{
    return aligned_alloc(alignment, bytes);
}

int posix_memalign(void **result, size_t alignment, size_t bytes)
{
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)))
        return EINVAL;
    void *aligned = aligned_alloc(alignment, bytes);
    if (!aligned)
        return ENOMEM;
    *result = aligned;
    return 0;
}

size_t malloc_usable_size(void *bytes)
{
    return bytes ? size_of(chunk_of(bytes)) - WORD : 0;
}
