// SPDX-License-Identifier: MIT
// Emscripten's own fibers, for ./build.sh bench tasks: a fiber waits by a swap to the main one, which
// swaps back.
#include <emscripten.h>
#include <emscripten/fiber.h>
#include <stdbool.h>
#include <stdlib.h>

enum { SWITCHES = 100000, SPAWNS = 20000, STACK = 16 * 1024, FRAMES = 16 * 1024 };

static emscripten_fiber_t main_fiber, fiber;
static char main_frames[FRAMES], frames[FRAMES];
static char stack[STACK] __attribute__((aligned(16)));
static int depth;
static volatile bool over;
static double result;

static __attribute__((noinline)) int swap_often(void)
{
    while (!over)
        emscripten_fiber_swap(&fiber, &main_fiber);
    return 0;
}

static __attribute__((noinline)) int at_depth(int left)
{
    volatile int value = left == 0 ? swap_often() : at_depth(left - 1);

    return value;
}

static void shallow(void *argument)
{
    (void)argument;
    while (!over)
        emscripten_fiber_swap(&fiber, &main_fiber);
    emscripten_fiber_swap(&fiber, &main_fiber);
}

static void deep(void *argument)
{
    (void)argument;
    at_depth(depth - 4);
    emscripten_fiber_swap(&fiber, &main_fiber);
}

static void empty(void *argument)
{
    (void)argument;
    emscripten_fiber_swap(&fiber, &main_fiber);
}

static void prepare(em_arg_callback_func function)
{
    emscripten_fiber_init(&fiber, function, NULL, stack, sizeof stack, frames, sizeof frames);
}

// A call that swaps returns nothing of use to JavaScript: its result is asked for afterwards.
EMSCRIPTEN_KEEPALIVE double last_result(void)
{
    return result;
}

EMSCRIPTEN_KEEPALIVE void measure_switch(int frames_deep)
{
    emscripten_fiber_init_from_current_context(&main_fiber, main_frames, sizeof main_frames);
    depth = frames_deep;
    over = false;
    prepare(frames_deep == 2 ? shallow : deep);
    double start = emscripten_get_now();
    for (int i = 0; i < SWITCHES; i++)
        emscripten_fiber_swap(&main_fiber, &fiber);
    result = (emscripten_get_now() - start) * 1e6 / SWITCHES;
    over = true;
    emscripten_fiber_swap(&main_fiber, &fiber);
}

EMSCRIPTEN_KEEPALIVE void measure_spawn(void)
{
    emscripten_fiber_init_from_current_context(&main_fiber, main_frames, sizeof main_frames);
    double start = emscripten_get_now();
    for (int i = 0; i < SPAWNS; i++) {
        prepare(empty);
        emscripten_fiber_swap(&main_fiber, &fiber);
    }
    result = (emscripten_get_now() - start) * 1e6 / SPAWNS;
}
