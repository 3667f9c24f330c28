// SPDX-License-Identifier: MIT
// Kapok's side of ./build.sh bench tasks. Each button measures one thing and prints what it found.
#include <kapok.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "../../../src/core/event.h"

enum {
    SWITCHES = 300000,
    SPAWNS = 100000,
    BATCH = 100,
    MESSAGES = 200000,
    SLEEPERS = 100000,
    NAPS = 300,
    EVENTS = 250000,
    EVENT_TURNS = 20,
    COMPUTING_MS = 1500
};

static int frames, ended, asleep;

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void wait_for(const int *count, int wanted)
{
    while (*count < wanted && kp_sleep(1) == 0)
        ;
}

// --- A task waits and goes on

static __attribute__((noinline)) int yield_often(void)
{
    for (int i = 0; i < SWITCHES; i++)
        if (kp_yield() < 0)
            return KP_ECANCELED;
    ended = 1;
    return 0;
}

// noinline and not a tail call: the frame is what is measured.
static __attribute__((noinline)) int at_depth(int left)
{
    volatile int result = left == 0 ? yield_often() : at_depth(left - 1);

    return result;
}

static int shallow(void *argument)
{
    (void)argument;
    for (int i = 0; i < SWITCHES; i++)
        if (kp_yield() < 0)
            return KP_ECANCELED;
    ended = 1;
    return 0;
}

static int deep(void *argument)
{
    (void)argument;
    return at_depth(frames - 4);
}

static void measure_switch(kp_event *e)
{
    frames = *(int *)kp_state(e->control);
    ended = 0;
    double start = now_ms();
    for (int task = 0; task < 2; task++) // in turn: one alone would go on at once
        kp_go(NULL, frames == 2 ? shallow : deep, NULL);
    wait_for(&ended, 1);
    printf("%f\n", (now_ms() - start) * 1e6 / (2 * SWITCHES));
}

// --- Tasks begin and end

static int empty(void *argument)
{
    (void)argument;
    ended++;
    return 0;
}

static void measure_spawn(kp_event *e)
{
    (void)e;
    ended = 0;
    double start = now_ms();
    for (int i = 0; i < SPAWNS; i += BATCH) {
        for (int j = 0; j < BATCH; j++)
            kp_go(NULL, empty, NULL);
        kp_yield();
    }
    wait_for(&ended, SPAWNS);
    printf("%f\n", (now_ms() - start) * 1e6 / SPAWNS);
}

// --- Many tasks sleep

static int sleeper(void *argument)
{
    (void)argument;
    asleep++;
    kp_sleep(3600000);
    ended++;
    return 0;
}

// Bytes a task, then milliseconds until all have ended.
static void measure_sleepers(kp_event *e)
{
    kp_control *owner = kp_column();
    size_t before = __builtin_wasm_memory_size(0);
    int started = 0;

    (void)e;
    kp_add(kp_page, owner);
    asleep = ended = 0;
    while (started < SLEEPERS && kp_go(kp_group_of(owner), sleeper, NULL, .stack = KP_STACK_SMALL))
        started++;
    wait_for(&asleep, started);
    printf("%f\n", (double)(__builtin_wasm_memory_size(0) - before) * 65536 / started);
    double start = now_ms();
    kp_remove(owner);
    wait_for(&ended, started);
    printf("%f\n%d\n", now_ms() - start, started);
}

// --- Two tasks send to each other

static kp_chan *there, *back;

static int answer(void *argument)
{
    int item;

    (void)argument;
    while (kp_recv(there, &item) == 0)
        if (kp_send(back, &item) < 0)
            break;
    return 0;
}

static int ask(void *argument)
{
    (void)argument;
    for (int i = 0; i < MESSAGES / 2; i++)
        if (kp_send(there, &i) < 0 || kp_recv(back, &i) < 0)
            break;
    kp_chan_close(there);
    return 0;
}

static void measure_channel(kp_event *e)
{
    kp_group *both = kp_group_new(KP_FAILFAST);

    (void)e;
    there = kp_chan_new(both, sizeof(int), 1);
    back = kp_chan_new(both, sizeof(int), 1);
    double start = now_ms();
    kp_go(both, answer, NULL);
    kp_go(both, ask, NULL);
    kp_group_wait(both);
    printf("%f\n", (now_ms() - start) * 1e6 / MESSAGES);
}

// --- Short sleeps

static void measure_naps(kp_event *e)
{
    (void)e;
    for (int i = 0; i < NAPS; i++) {
        double start = now_ms();
        kp_sleep(1);
        printf("%f\n", now_ms() - start);
    }
}

// --- A task that computes

static void compute(kp_event *e)
{
    double end = now_ms() + COMPUTING_MS;
    volatile unsigned work = 1;

    (void)e;
    while (now_ms() < end) {
        for (int i = 0; i < 20000; i++)
            work = work * 1664525u + 1013904223u;
        kp_yield();
    }
}

// --- A handler that does not wait

static unsigned clicks;

static void count(kp_event *e)
{
    (void)e;
    clicks++;
}

// As kp__deliver, but that the listener is merely called: it is found, and the event made.
static __attribute__((noinline)) int call_plainly(kp__number number, uint32_t target, const char *text,
                                                  uint32_t flags, int32_t code, double x, double y,
                                                  double width, double height)
{
    kp__control *control = kp__control_at(number);
    const kp__listener *listener = control ? control->listeners : NULL;

    while (listener && ((listener->field->name->number | (uint32_t)listener->field->part << 16) != target ||
                        !listener->handler))
        listener = listener->next;
    if (!listener)
        return 0;
    kp_event event = { .control = kp__handle(control),
                       .type = listener->field->name->text,
                       .value = text,
                       .source = kp__handle(control),
                       .x = x,
                       .y = y,
                       .width = width,
                       .height = height,
                       .code = code,
                       .shift = flags & KP__EVENT_SHIFT,
                       .checked = flags & KP__EVENT_CHECKED };
    listener->handler(&event);
    return 0;
}

// Both from within the module, so that the way into it, which is the same for both, is not counted; of each
// the quickest turn, as all that disturbs makes it slower.
static void measure_handler(kp_event *e)
{
    const kp__control *control = kp__control_of(kp_first_child(kp_page));
    kp__number number = kp__number_of(control);
    uint32_t target = control->listeners->field->name->number;
    double plain = INFINITY, task = INFINITY;

    (void)e;
    kp_self(); // whoever asks for its name keeps its task: the one for handlers that do not wait is free
    for (int turn = 0; turn < EVENT_TURNS; turn++) {
        double began = now_ms();
        for (int i = 0; i < EVENTS; i++)
            call_plainly(number, target, "", 0, 0, i, 0, 0, 0);
        double between = now_ms();
        for (int i = 0; i < EVENTS; i++)
            kp__deliver(number, target, "", 0, 0, i, 0, 0, 0);
        plain = fmin(plain, between - began);
        task = fmin(task, now_ms() - between);
    }
    printf("%f\n%f\n", plain * 1e6 / EVENTS, (task - plain) * 1e6 / EVENTS);
}

// Each measurement prints "done" behind its figures.
static void measure(kp_event *e, kp_handler measurement)
{
    measurement(e);
    printf("done\n");
}

#define BUTTON(name)                        \
    static void name##_clicked(kp_event *e) \
    {                                       \
        measure(e, name);                   \
    }
BUTTON(measure_switch)
BUTTON(measure_spawn)
BUTTON(measure_sleepers)
BUTTON(measure_channel)
BUTTON(measure_naps)
BUTTON(compute)
BUTTON(measure_handler)

int main(void)
{
    static const int depths[] = { 2, 7, 22 };

    for (int i = 0; i < 3; i++) {
        kp_control *button = kp_button(.on_click = measure_switch_clicked, .state = KP_STATE(int, depths[i]));
        kp_set_labelf(button, "switch %d", depths[i]);
        kp_add(kp_page, button);
    }
    kp_add(kp_page, kp_button("spawn", .on_click = measure_spawn_clicked));
    kp_add(kp_page, kp_button("sleepers", .on_click = measure_sleepers_clicked));
    kp_add(kp_page, kp_button("channel", .on_click = measure_channel_clicked));
    kp_add(kp_page, kp_button("naps", .on_click = measure_naps_clicked));
    kp_add(kp_page, kp_button("compute", .on_click = compute_clicked));
    kp_add(kp_page, kp_button("handler", .on_click = measure_handler_clicked));
    kp_insert(kp_page, kp_button("count", .on_click = count), kp_first_child(kp_page));
    return 0;
}
