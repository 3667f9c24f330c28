// SPDX-License-Identifier: MIT
// The way in: what JavaScript calls. Each entry ends with a pass over the ready tasks (a tick with
// as many as its slice allows), one batch of changes, and the wish to be woken.
#define KP__CORE
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "moment.h"
#include "rehearse.h"
#include "report.h"
#include "shape.h"
#include "task.h"
#include "ticket.h"

// Linked only where an app listens to an event, waits for a moment, or for an answer from JavaScript, or
// shows items.
#pragma weak kp__deliver
#pragma weak kp__moment_came
#pragma weak kp__answer
#pragma weak kp__items_abandon

// The app's main, behind whatever name its compiler gave it.
int kp__main(void);

#define SMALL_INBOX 512 // most events fit; a larger one is allocated for the one call
#define STOP_ROUNDS 256 // more than a canceled task is allowed to ignore

static struct {
    _Alignas(8) char small[SMALL_INBOX];
    char *large;
} inbox;

#define ABORTED 134 // as a shell tells of a program that has crashed

static bool stopping, end_told;
static int status = ABORTED; // until main returns
static double wish = -1;     // when we asked to be woken

static void ask_for_tick(void)
{
    double wake = kp__next_wake();

    if (wake == wish)
        return;
    wish = wake;
    double delay = wake > 0 ? wake - kp__host_now() : wake;
    kp__host_schedule(wake > 0 && delay < 0 ? 0 : delay);
}

// With a slice, in milliseconds, tasks run until it is over; with 0 each that is ready runs once.
static void leave(double slice)
{
    // When others wait for a tick that was asked for already, they are not to hold up what the user does.
    if (kp__has_tick() && (slice > 0 || wish != 0))
        kp__run_ready(slice);
    else if (kp__has_tick())
        kp__run_urgent();
    kp__undo();
    kp__flush();
#ifdef KP_DEV
    kp__report_deadlock();
#endif
    if (kp__has_tick())
        ask_for_tick();
    if (!kp__listener_count && !end_told && !kp__task_count()) {
        end_told = true;
        kp__host_ended(status);
    }
}

static int run_main(void *argument)
{
    (void)argument;
    status = kp__main();
    return 0;
}

void kp_start(uint32_t order, uint32_t seed, uint32_t switch_always, uint32_t cancel_at)
{
    kp__rehearse(order, seed, switch_always, cancel_at);

    struct kp_group *group = kp__tree_start() ? kp__control_group(kp_page) : NULL;
    kp__task *task = group ? kp__task_new(group, run_main, NULL, KP__STACK_LARGE, false) : NULL;

    if (!task)
        kp__panic("Out of memory: the app could not be started.");
    task->name = "main";
    kp__slice_begins();
    kp__task_run(task);
    leave(0);
}

void kp_tick(double slice)
{
    wish = -1;
    leave(slice);
}

void kp_moment(uint32_t moment)
{
    kp__slice_begins();
    if (kp__moment_came)
        kp__moment_came(moment);
    leave(0);
}

char *kp_inbox(uint32_t bytes)
{
    free(inbox.large);
    inbox.large = NULL;
    if (bytes < SMALL_INBOX)
        return inbox.small;
    if (bytes < UINT32_MAX)
        inbox.large = malloc((size_t)bytes + 1);
    return inbox.large;
}

static inline __attribute__((always_inline)) char *received(void)
{
    return inbox.large ? inbox.large : inbox.small;
}

// Nothing has come of the event that is not done.
static bool is_at_rest(void)
{
    return wish != 0 && kp__next_wake() == wish && !kp__word_count && kp__listener_count;
}

int kp_deliver(uint32_t control, uint32_t target, uint32_t bytes, uint32_t flags, int32_t code, double x,
               double y, double width, double height)
{
    char *text = received();

    text[bytes] = 0;
    kp__slice_begins();
    int reply = kp__deliver(control, target, text, flags, code, x, y, width, height);
    if (!is_at_rest())
        leave(0);
    return reply;
}

static char *copy_received(uint32_t bytes)
{
    char *copy = malloc((size_t)bytes + 1);

    if (copy) {
        memcpy(copy, received(), bytes);
        copy[bytes] = 0;
    }
    return copy;
}

void kp_settle(uint32_t ticket, int32_t code, uint32_t bytes)
{
    kp__slice_begins();
    if (kp__answer) {
        char *text = bytes ? copy_received(bytes) : NULL;
        kp__answer(ticket, bytes && !text ? KP_ENOMEM : code, text);
    }
    leave(0);
}

void kp_stop(void)
{
    struct kp_group *group = kp__control_group(kp_page);

    stopping = true;
    kp_clear(kp_page);
    if (group)
        kp__group_cancel(group);
    for (int i = 0; i < STOP_ROUNDS && kp__is_ready(); i++) {
        kp__slice_begins();
        kp__run_ready(0);
    }
    kp__tasks_drop_all();
    kp__flush();
}

// --- After a trap

static struct {
    kp__task *task;
    int code;
} trap;

int kp_recover(void)
{
    kp__fiber_recover();
    kp__task *task = kp__task_trapped();

    if (!task || kp__changing || kp__panicked() || stopping)
        return KP_ECORRUPT;
    for (const kp__task *t = task; t; t = t->outer)
        if (!kp__stack_intact(t->fiber.stack))
            return KP_ECORRUPT;
    trap.task = task;
    trap.code = kp__fiber_overflowed() ? KP_EOVERFLOW : KP_ETRAP;
    if (kp__items_abandon)
        kp__items_abandon();
    kp__flush();
    return 0;
}

// As kp_strerror says it, which has more to say.
static const char *cause_of_trap(void)
{
#define MESSAGE(name, value, message)                                             \
    if (((value) == KP_ETRAP || (value) == KP_EOVERFLOW) && trap.code == (value)) \
        return message;
    KP__CODES(MESSAGE)
#undef MESSAGE
    return "";
}

void kp_report(uint32_t bytes)
{
    char *message = received();

    message[bytes] = 0;
    kp__slice_begins();
    kp__report(trap.task->group->owner, trap.code, cause_of_trap(), trap.task->name,
               trap.code == KP_ETRAP ? message : NULL);
    kp__task_finish_trapped(trap.task, trap.code);
    leave(0);
}

// --- What an app calls

int kp_update(void)
{
    return kp__flush();
}
