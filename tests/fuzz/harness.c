// SPDX-License-Identifier: MIT
#include "harness.h"

#include <inttypes.h>
#include <stdio.h>

// The most that a program does: loops entered and repeated, functions called.
#define FUEL 300
#define MOST_ALIVE 10
#define MOST_LAUNCHED 32
#define MOST_NOTES 16384

uint64_t shared[SHARED];

static struct {
    int fuel, alive, launched, notes;
    int64_t began;
    kp_task tasks[MOST_LAUNCHED];
} run;

static struct {
    int place;
    uint64_t checksum;
} trace[MOST_NOTES];

void note(int place, uint64_t checksum)
{
    if (run.notes == MOST_NOTES)
        return;
    trace[run.notes].place = place;
    trace[run.notes++].checksum = checksum;
}

uint64_t mix(uint64_t sum, uint64_t value)
{
    sum = (sum ^ value) * 0x9E3779B97F4A7C15u;
    return sum ^ (sum >> 29);
}

uint64_t mix_array(uint64_t sum, const uint64_t *values, int count)
{
    for (int i = 0; i < count; i++)
        sum = mix(sum, values[i]);
    return sum;
}

uint64_t mix_record(uint64_t sum, const record *value)
{
    sum = mix(mix(mix(sum, value->a), bits(value->b)), value->c);
    for (size_t i = 0; i < sizeof value->d; i++)
        sum = mix(sum, value->d[i]);
    return mix(sum, (uint64_t)value->e);
}

uint64_t bits(double value)
{
    uint64_t result;

    memcpy(&result, &value, sizeof result);
    return result;
}

double tame(double value)
{
    return value > -1e15 && value < 1e15 ? value : 1.5;
}

bool spent(void)
{
    return --run.fuel < 0;
}

uint64_t elapsed(void)
{
    return (uint64_t)(kp_now() - run.began);
}

static void task_ends(void *argument)
{
    (void)argument;
    run.alive--;
}

void launch(kp_task_function function, uint64_t argument)
{
    if (run.alive == MOST_ALIVE || run.launched == MOST_LAUNCHED)
        return;
    kp_task task = kp_go(NULL, function, (void *)(uintptr_t)(uint32_t)argument);
    if (!task)
        return;
    run.tasks[run.launched++] = task;
    run.alive++;
}

void task_begins(void)
{
    kp_defer(task_ends, NULL);
}

int cancel_one(uint64_t which)
{
    return kp_cancel(run.tasks[which % (unsigned)run.launched]);
}

uint64_t *keep(int count)
{
    uint64_t *bytes = calloc((size_t)count, sizeof *bytes);

    if (!bytes)
        abort();
    kp_defer(free, bytes);
    return bytes;
}

static void note_end(void *place)
{
    note((int)(uintptr_t)place, (uint64_t)kp_yield()); // refused, as nothing can wait here
}

void defer_note(int place)
{
    kp_defer(note_end, (void *)(uintptr_t)place);
}

void sort(void *base, size_t count, size_t size, comparison *compare)
{
    char *first = base, held[sizeof(record)];

    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && !spent(); j--) {
            char *left = first + (j - 1) * size, *right = first + j * size;
            if (compare(left, right) <= 0)
                break;
            memcpy(held, left, size);
            memcpy(left, right, size);
            memcpy(right, held, size);
        }
}

int compare_quietly(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    kp_yield();
    return (x > y) - (x < y);
}

int main(void)
{
    for (int i = 0; i < program_count; i++) {
        memset(&run, 0, sizeof run);
        memset(shared, 0, sizeof shared);
        run.fuel = FUEL;
        run.began = kp_now();
        launch(programs[i].root, programs[i].seed);
        while (run.alive > 0)
            kp_sleep(1);
        printf("program %" PRIu32 "\n", programs[i].seed);
        for (int j = 0; j < run.notes; j++)
            printf("%d %016" PRIx64 "\n", trace[j].place, trace[j].checksum);
    }
    return 0;
}
