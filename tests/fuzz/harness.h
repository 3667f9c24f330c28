// SPDX-License-Identifier: MIT
// What every program of the fuzzer stands on; see generate.mjs. A program is a set of tasks without
// undefined behaviour, and without anything in which two platforms may differ. What it does is
// told as a trace: after each suspension, a checksum of all locals of the function that waited.
#ifndef KP__FUZZ_HARNESS_H
#define KP__FUZZ_HARNESS_H

#include <kapok.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { SHARED = 8, DEPTH = 6 };

typedef struct {
    uint64_t a;
    double b;
    uint32_t c;
    uint8_t d[5];
    int16_t e;
} record;

typedef uint64_t word_function(int depth, uint64_t a, uint64_t b);
typedef double real_function(int depth, double a, int32_t b, float c, uint64_t *out);
typedef record record_function(int depth, record a, uint32_t b);
typedef uint64_t varied_function(int depth, int count, ...); // every third one is a double
typedef int comparison(const void *a, const void *b);

typedef struct {
    uint32_t seed;
    kp_task_function root;
} program;
extern const program programs[];
extern const int program_count;

// What all tasks of the running program read and write.
extern uint64_t shared[SHARED];

// Adds a line to the trace.
void note(int place, uint64_t checksum);

// Checksums of locals are chains of these.
uint64_t mix(uint64_t sum, uint64_t value);
uint64_t mix_array(uint64_t sum, const uint64_t *values, int count);
uint64_t mix_record(uint64_t sum, const record *value);
uint64_t bits(double value);

// Keeps a number finite and within what an int64_t holds.
double tame(double value);

// True once the program has done enough; asked in every loop and every function.
bool spent(void);

// Virtual milliseconds since the program began.
uint64_t elapsed(void);

// Starts a task with a 32-bit argument, unless there are many. The first thing it calls is task_begins.
void launch(kp_task_function function, uint64_t argument);
void task_begins(void);

// Cancels one of those launched.
int cancel_one(uint64_t which);

// Zeroed memory that lives until the running task has ended.
uint64_t *keep(int count);

// Adds a line when the running task ends.
void defer_note(int place);

// qsort with the same comparisons on every platform.
void sort(void *base, size_t count, size_t size, comparison *compare);

// For libc's qsort and bsearch: waits, but leaves nothing in the trace, as libcs compare in different orders.
int compare_quietly(const void *a, const void *b);

#endif
