// SPDX-License-Identifier: MIT
// What the cases of conformance.md share: notes of what happened, in order, and channels of int.
#ifndef KP__CONFORMANCE_H
#define KP__CONFORMANCE_H

#include <stdarg.h>
#include <stdlib.h>

#include "check.h"

static char trace[4096];

static inline void note(const char *format, ...)
{
    va_list arguments;
    size_t length = strlen(trace);

    va_start(arguments, format);
    vsnprintf(trace + length, sizeof trace - length, format, arguments);
    va_end(arguments);
}

// Compares what was noted, and begins anew.
#define CHECK_TRACE(expected) (CHECK_TEXT(trace, expected), (void)(*trace = 0))

// The same, of tasks that become ready together.
#define CHECK_TRACE_TURNS(expected) (CHECK_TURNS(trace, expected), (void)(*trace = 0))

// Where a case starts tasks that it does not wait for.
static inline kp_group *app(void)
{
    return check_group();
}

// Lets every other task run until it waits for more than its turn.
static inline void settle(void)
{
    for (int i = 0; i < 20; i++)
        kp_yield();
}

// Starts a task that comes as far as it can before the next thing happens, so that it stands in a queue in
// front of who comes later.
static inline kp_task arrive(kp_group *group, kp_task_function function, void *argument)
{
    kp_task task = kp_go(group, function, argument);

    for (int i = 0; i < 4; i++)
        kp_yield();
    return task;
}

static inline kp_chan *ints(kp_group *group, size_t capacity)
{
    kp_chan *channel = kp_chan_new(group, sizeof(int), capacity);

    CHECK(channel);
    return channel;
}

static inline int give(kp_chan *channel, int value)
{
    return kp_send(channel, &value);
}

// What was received, or the code.
static inline int take(kp_chan *channel)
{
    int value = 0, result = kp_recv(channel, &value);

    return result < 0 ? result : value;
}

static inline int try_give(kp_chan *channel, int value)
{
    return kp_try_send(channel, &value);
}

static inline int try_take(kp_chan *channel)
{
    int value = 0, result = kp_try_recv(channel, &value);

    return result < 0 ? result : value;
}

// A task's argument: what most cases need of one another.
typedef struct {
    kp_chan *channel, *other;
    int value;
} work;

static inline int gives(void *argument)
{
    const work *self = argument;

    return give(self->channel, self->value);
}

// Its result is what it took.
static inline int takes(void *argument)
{
    return take(((const work *)argument)->channel);
}

// Its result is that of the wait.
static inline int sleeps(void *argument)
{
    return kp_sleep(*(const int *)argument);
}

static inline int returns(void *argument)
{
    return *(const int *)argument;
}

#endif
