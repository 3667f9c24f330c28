// SPDX-License-Identifier: MIT
// The core's own memory: half a million random calls, between calls of malloc, which grows the same memory.
#include <stdint.h>
#include <stdlib.h>

#include "../core/check.h"

void *kp__pool_take(size_t bytes);
void kp__pool_give(void *given);
void *kp__pool_resize(void *given, size_t bytes);

enum { BLOCKS = 300 };

static struct {
    unsigned char *bytes;
    size_t size;
    unsigned char fill;
} blocks[BLOCKS];
static int damaged, misaligned;

static size_t random_size(void)
{
    int kind = rand() % 20;

    return (size_t)rand() % (kind == 0 ? 100000 : kind < 5 ? 3000 : 200);
}

static void verify(int i, size_t size)
{
    for (size_t at = 0; at < size; at++)
        damaged += blocks[i].bytes[at] != blocks[i].fill;
}

static void change(int i)
{
    size_t size = random_size();

    if (rand() % 8 == 0)
        free(malloc(size)); // grows the memory in between
    if (rand() % 4 == 0 && blocks[i].bytes) {
        blocks[i].bytes = kp__pool_resize(blocks[i].bytes, size);
        verify(i, size < blocks[i].size ? size : blocks[i].size);
    } else {
        if (blocks[i].bytes)
            verify(i, blocks[i].size);
        kp__pool_give(blocks[i].bytes);
        blocks[i].bytes = kp__pool_take(size);
    }
    misaligned += !blocks[i].bytes || (uintptr_t)blocks[i].bytes % 16 != 0;
    blocks[i].size = size;
    blocks[i].fill = (unsigned char)rand();
    memset(blocks[i].bytes, blocks[i].fill, size);
}

int main(void)
{
    for (int i = 0; i < 250000; i++)
        change(rand() % BLOCKS);
    size_t pages = __builtin_wasm_memory_size(0);
    for (int i = 0; i < 250000; i++)
        change(rand() % BLOCKS);
    CHECK_EQUAL(damaged, 0);
    CHECK_EQUAL(misaligned, 0);
    // What was given back is found again.
    CHECK(__builtin_wasm_memory_size(0) <= pages + pages / 3 + 1);

    // Every size keeps to its block: what stands behind it is another's.
    for (size_t size = 0; size < 4000; size++) {
        unsigned char *one = kp__pool_take(size), *other = kp__pool_take(size);
        memset(one, 1, size);
        memset(other, 2, size);
        for (size_t at = 0; at < size; at++)
            damaged += one[at] != 1 || other[at] != 2;
        kp__pool_give(one);
        CHECK(kp__pool_take(size) == one);
        kp__pool_give(other);
    }
    CHECK_EQUAL(damaged, 0);

    unsigned char *kept = kp__pool_take(100);
    CHECK(!kp__pool_take(SIZE_MAX));
    CHECK(!kp__pool_take(0x7FFFFFF0));
    CHECK(!kp__pool_resize(kept, SIZE_MAX)); // and it is still there
    kp__pool_give(kept);
    kp__pool_give(NULL);
    CHECK(kp__pool_resize(NULL, 100) == kept);
    return check_result();
}
