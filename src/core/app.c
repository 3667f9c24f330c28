// SPDX-License-Identifier: MIT
// The way in: what JavaScript calls. Each entry ends with a pass over the ready tasks (a tick with
// as many as its slice allows), one batch of changes, and the wish to be woken.
#define KP__CORE
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "report.h"
#include "task.h"

// Linked only where an app listens to an event.
#pragma weak kp__deliver

// The app's main, behind whatever name its compiler gave it.
int kp__main(void);

#define SMALL_INBOX 512 // most events fit; a larger one is allocated for the one call
#define STOP_ROUNDS 256 // more than a canceled task is allowed to ignore

static struct {
    _Alignas(8) char small[SMALL_INBOX];
    char *large;
} inbox;

static bool main_returned, stopping, end_told;
static int status;
static double wish = -1; // when we asked to be woken

static void leave(bool whole_slice)
{
    kp__run_ready(whole_slice);
    kp__flush();
    double wake = kp__next_wake();
    if (wake != wish) {
        wish = wake;
        double delay = wake > 0 ? wake - kp__host_now() : wake;
        kp__host_schedule(wake > 0 && delay < 0 ? 0 : delay);
    }
    if (main_returned && !end_told && !kp__task_count() && !kp__listener_count) {
        end_told = true;
        kp__host_ended(status);
    }
}

static int run_main(void *argument)
{
    (void)argument;
    status = kp__main();
    main_returned = true;
    return 0;
}

void kp_start(void)
{
    struct kp_group *group = kp__tree_start() ? kp__control_group(kp_page) : NULL;
    kp__task *task = group ? kp__task_new(group, run_main, NULL, KP__STACK_LARGE, false) : NULL;

    if (!task)
        kp__panic("Out of memory: the app could not be started.");
    task->name = "main";
    kp__task_run(task);
    leave(false);
}

void kp_tick(void)
{
    wish = -1;
    leave(true);
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

static char *received(void)
{
    return inbox.large ? inbox.large : inbox.small;
}

int kp_deliver(void)
{
    kp__event_record record;
    char *bytes = received();

    memcpy(&record, bytes, sizeof record);
    bytes[sizeof record + record.bytes] = 0;
    int reply = kp__deliver ? kp__deliver(&record, bytes + sizeof record) : 0;
    leave(false);
    return reply;
}

void kp_settle(uint32_t task, int32_t code)
{
    kp__wake(task, code);
    leave(false);
}

void kp_stop(void)
{
    struct kp_group *group = kp__control_group(kp_page);

    stopping = true;
    kp_clear(kp_page);
    if (group)
        kp__group_cancel(group);
    for (int i = 0; i < STOP_ROUNDS && kp__next_wake() == 0; i++)
        kp__run_ready(false);
    kp__tasks_drop_all();
    kp__flush();
}

// --- After a trap

static struct {
    uint32_t owner;
    int code;
    const char *name;
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
    trap.owner = task->group->owner;
    trap.name = task->name;
    trap.code = kp__fiber_overflowed() ? KP_EOVERFLOW : KP_ETRAP;
    kp__task_finish_trapped(task);
    kp__flush();
    return 0;
}

void kp_report(uint32_t bytes)
{
    char *message = received();

    message[bytes] = 0;
    kp__report(trap.owner, trap.code, trap.name, trap.code == KP_ETRAP ? message : NULL);
    leave(false);
}

// --- What an app calls

int kp_update(void)
{
    return kp__flush();
}

int kp_copy_text(const char *text)
{
    kp__task *task = kp__running;

    if (!text)
        return KP_EINVAL;
    if (task && !task->canceled)
        kp__host_copy_text(text, (uint32_t)strlen(text), task->slot.name);
    return kp__wait("clipboard", -1, NULL);
}
