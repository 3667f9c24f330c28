// SPDX-License-Identifier: MIT
// A million random calls of the allocator against a model of what must lie where.
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "../core/check.h"

enum { BLOCKS = 400 };

static struct {
    unsigned char *bytes;
    size_t size;
    unsigned char fill;
} blocks[BLOCKS];
static int damaged, misaligned;

static void fill(int i, size_t from)
{
    for (size_t at = from; at < blocks[i].size; at++)
        blocks[i].bytes[at] = (unsigned char)(blocks[i].fill + at);
}

static void verify(int i, size_t size)
{
    for (size_t at = 0; at < size; at++)
        damaged += blocks[i].bytes[at] != (unsigned char)(blocks[i].fill + at);
}

static size_t random_size(void)
{
    int kind = rand() % 20;

    return (size_t)rand() % (kind == 0 ? 40000 : kind < 5 ? 3000 : 120);
}

static void change(int i)
{
    size_t size = random_size(), alignment = 16;

    if (!blocks[i].bytes) {
        switch (rand() % 4) {
        case 0:
            alignment = (size_t)16 << rand() % 5;
            blocks[i].bytes = aligned_alloc(alignment, size);
            break;
        case 1:
            blocks[i].bytes = calloc(size, 1);
            for (size_t at = 0; at < size; at++)
                damaged += blocks[i].bytes[at] != 0;
            break;
        default:
            blocks[i].bytes = malloc(size);
        }
        misaligned += (uintptr_t)blocks[i].bytes % alignment != 0;
        blocks[i].size = size;
        blocks[i].fill = (unsigned char)rand();
        fill(i, 0);
    } else if (rand() % 2) {
        verify(i, blocks[i].size);
        free(blocks[i].bytes);
        blocks[i].bytes = NULL;
    } else {
        size_t old = blocks[i].size;
        blocks[i].bytes = realloc(blocks[i].bytes, size);
        misaligned += (uintptr_t)blocks[i].bytes % 16 != 0;
        verify(i, old < size ? old : size);
        blocks[i].size = size;
        fill(i, old < size ? old : size);
    }
}

static void random_changes(int count)
{
    for (int i = 0; i < count; i++)
        change(rand() % BLOCKS);
    for (int i = 0; i < BLOCKS; i++) {
        if (blocks[i].bytes)
            verify(i, blocks[i].size);
        free(blocks[i].bytes);
        blocks[i].bytes = NULL;
    }
    CHECK_EQUAL(damaged, 0);
    CHECK_EQUAL(misaligned, 0);
}

int main(void)
{
    srand(3);
    random_changes(20000);
    size_t pages = __builtin_wasm_memory_size(0);
    for (int i = 0; i < 10; i++)
        random_changes(100000);
    // What was freed is found again: the same work needs hardly more memory.
    CHECK(__builtin_wasm_memory_size(0) <= pages + pages / 4 + 1);

    // Everything merges again: one block of nearly all that there is.
    size_t most = (size_t)__builtin_wasm_memory_size(0) * 65536 / 2;
    void *large = malloc(most);
    CHECK(large);
    CHECK(__builtin_wasm_memory_size(0) <= 2 * pages);
    free(large);

    // Through pointers, or the compiler takes it that allocating succeeds.
    void *(*volatile allocate)(size_t) = malloc;
    void *(*volatile clear)(size_t, size_t) = calloc;
    void *(*volatile resize)(void *, size_t) = realloc;
    errno = 0;
    CHECK(!allocate(SIZE_MAX));
    CHECK_EQUAL(errno, ENOMEM);
    CHECK(!allocate(0x7FFFFFF0));
    CHECK(!clear(SIZE_MAX / 2, 4));
    CHECK(!resize(allocate(8), SIZE_MAX - 4));
    free(NULL);
    return check_result();
}
