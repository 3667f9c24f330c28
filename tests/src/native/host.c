// SPDX-License-Identifier: MIT
// The other side of the border for native tests: a clock that jumps to the next thing to do, and a
// page that is only counted. Runs the app's main to its end.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../src/core/host.gen.h"
#include "../../../src/core/task.h"
#include "host.h"

// The core asks for the app's main by this name; see wasm/main.c for what it is in an app.
int main_of_test(void);
int kp__main(void)
{
    return main_of_test();
}

static double now, wish = -1;
static bool over;
static int end_status;
kp__test_page kp__test;

int32_t kp__host_apply(const uint32_t *commands, uint32_t words, const char *text, uint32_t bytes)
{
    static const uint32_t operands[] = {
        [KP__COMMAND_NAME] = 1,   [KP__COMMAND_TEMPLATE] = 1, [KP__COMMAND_CREATE] = 1,
        [KP__COMMAND_LISTEN] = 2, [KP__COMMAND_INSERT] = 2,   [KP__COMMAND_MOVE] = 2,
        [KP__COMMAND_FORGET] = 1,
    };
    (void)text;
    kp__test.batches++;
    kp__test.text_bytes += bytes;
    for (uint32_t i = 0; i < words;) {
        uint32_t command = commands[i] & 0xFF, type = i + 1 < words ? commands[i + 1] >> 28 : 0;
        kp__test.commands[command]++;
        i += 1;
        if (command == KP__COMMAND_SET)
            i += 1 + (type == KP__TYPE_NUMBER || type == KP__TYPE_LENGTH ? 2 : type > KP__TYPE_TEXT);
        else if (command == KP__COMMAND_FREEZE)
            i += 2 + commands[i + 1];
        else
            i += command < sizeof operands / sizeof *operands ? operands[command] : 0;
    }
    return 0;
}

bool kp__has_tick(void)
{
    return true;
}

double kp__host_now(void)
{
    return now + kp__test.computed;
}

void kp__host_schedule(double delay)
{
    wish = delay < 0 ? -1 : kp__host_now() + delay;
}

void kp__host_log(int32_t level, const char *text, uint32_t bytes)
{
    if (level != KP__LOG_INFO)
        kp__test.complaints++;
    snprintf(kp__test.last_complaint, sizeof kp__test.last_complaint, "%.*s", (int)bytes, text);
    if (getenv("VERBOSE"))
        fprintf(stderr, "[%d] %.*s\n", (int)level, (int)bytes, text);
}

void kp__host_ended(int32_t status)
{
    over = true;
    end_status = status;
}

int32_t kp__host_read_text(uint32_t control, uint32_t name, char *buffer, uint32_t capacity)
{
    (void)control, (void)name;
    const char *value = kp__test.value ? kp__test.value : "";
    size_t length = strlen(value);
    memcpy(buffer, value, length < capacity ? length : capacity);
    return (int32_t)length;
}

double kp__host_read_number(uint32_t control, uint32_t name)
{
    (void)control, (void)name;
    return kp__test.number;
}

void kp__host_copy_text(const char *text, uint32_t bytes, uint32_t ticket)
{
    (void)text, (void)bytes;
    kp__test.settle = ticket;
}

int kp__test_event(kp_control *control, uint32_t name, const char *text)
{
    uint32_t bytes = (uint32_t)strlen(text);

    memcpy(kp_inbox(bytes), text, bytes);
    return kp_deliver((uint32_t)(uintptr_t)control & 0xFFFFF, name, bytes, 0, 0, 0, 0, 0, 0);
}

// The functions of the page that tests/src/core.test.mjs gives to the same tests.
#define MOST_CALLS 16
typedef struct {
    uint32_t ticket;
    int32_t code;
    char text[64];
} call;
static call calls[MOST_CALLS];
static int call_count;

void kp__host_call(const char *name, uint32_t name_bytes, const char *argument, uint32_t argument_bytes,
                   uint32_t ticket)
{
    bool echo = !strncmp(name, "echo", name_bytes), fail = !strncmp(name, "fail", name_bytes);

    if (!strncmp(name, "never", name_bytes) || call_count == MOST_CALLS)
        return;
    calls[call_count].ticket = ticket;
    calls[call_count].code = echo ? 0 : fail ? KP_EIO : KP_ENOENT;
    snprintf(calls[call_count++].text, sizeof calls->text, "%.*s", fail ? 9 : (int)argument_bytes,
             fail ? "it failed" : argument);
}

void kp__host_abort(uint32_t ticket)
{
    (void)ticket;
    kp__test.aborted++;
}

static void settle(uint32_t ticket, int32_t code, const char *text)
{
    size_t bytes = strlen(text);

    memcpy(kp_inbox((uint32_t)bytes), text, bytes);
    kp_settle(ticket, code, (uint32_t)bytes);
}

static void answer(void)
{
    if (kp__test.settle) {
        uint32_t ticket = kp__test.settle;
        kp__test.settle = 0;
        settle(ticket, 0, "");
    }
    // An answer may lead to the next call.
    call answered[MOST_CALLS];
    int count = call_count;
    memcpy(answered, calls, sizeof answered);
    call_count = 0;
    for (int i = 0; i < count; i++)
        settle(answered[i].ticket, answered[i].code, answered[i].text);
}

#define FRAME_MS 16
static double moments[2] = { -1, -1 };

void kp__host_request(uint32_t moment)
{
    moments[moment] = kp__host_now() + (moment == KP__MOMENT_FRAME ? FRAME_MS : 1);
}

// Lets time pass until something is due. False when nothing is.
static bool pass_time(void)
{
    double next = wish;

    for (int i = 0; i < 2; i++)
        if (moments[i] >= 0 && (next < 0 || moments[i] < next))
            next = moments[i];
    if (next < 0)
        return false;
    now += fmax(0, ceil(next - kp__host_now()));
    for (uint32_t i = 0; i < 2; i++)
        if (moments[i] >= 0 && moments[i] <= kp__host_now()) {
            moments[i] = -1;
            kp_moment(i);
        }
    return true;
}

static uint32_t setting(const char *name)
{
    const char *value = getenv(name);

    return value ? (uint32_t)strtoul(value, NULL, 10) : 0;
}

// Until the app has ended, or nothing can wake it.
static void run(void)
{
    while (!over && !kp__test.stopped && (kp__test.settle || call_count || pass_time())) {
        answer();
        if (kp__test.between) {
            void (*between)(void) = kp__test.between;
            kp__test.between = NULL;
            between();
        }
        wish = -1;
        kp_tick(8);
    }
}

static void start(uint32_t cancel_at)
{
    kp_start(setting("ORDER"), setting("SEED"), setting("SWITCH_ALWAYS"), cancel_at);
    run();
}

int kp__test_drain(uint32_t cancel_at)
{
    start(cancel_at);
    if (!over && !kp__test.stopped) {
        kp_clear(kp_page);
        kp_group_cancel(kp_group_of(kp_page));
        wish = kp__next_wake() < 0 ? -1 : now;
        run();
    }
    int left = (int)kp__task_count();
    if (left)
        kp_dump();
    kp_stop();
    return left;
}

#pragma weak kp__test_every // only in rehearsals

int main(void)
{
    if (kp__test_every && getenv("EVERY"))
        return kp__test_every();
    start(0);
    if (kp__test.stopped) {
        kp_stop();
        return kp__test.stopped();
    }
    if (!over) {
        printf("FAILED: the test has not ended, and nothing can wake it\n");
        kp_dump();
        return 1;
    }
    kp_stop();
    return end_status;
}
