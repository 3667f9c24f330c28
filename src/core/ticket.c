// SPDX-License-Identifier: MIT
// A ticket stands for one wait whose end comes from somewhere else: from a callback, or from JavaScript. It
// is a name in a table, so that an answer that comes late, twice or to the wrong task finds nothing.
#include "ticket.h"

#include <stddef.h>
#include <stdlib.h>

#include "task.h"

typedef struct ticket {
    kp__slot slot;   // its name is the ticket
    kp__owned owned; // by the task
    kp__task *task;
    bool waiting, answered;
    int result;
    void (*abort_it)(void *);
    void *argument;
    char *text; // that came with the answer; malloc'ed
    struct ticket *next_given_up;
} ticket;

static kp__slots tickets = KP__SLOTS(ticket);
static ticket *given_up; // those whose wait is to be undone

static void free_ticket(ticket *self)
{
    free(self->text);
    kp__slot_free(&tickets, self);
}

static void end_with_task(kp__owned *owned)
{
    free_ticket(KP__CONTAINER(owned, ticket, owned));
}

kp_ticket kp_ticket_new(void)
{
    ticket *self = kp__running ? kp__slot_take(&tickets) : NULL;

    if (!self)
        return 0;
    self->task = kp__running;
    kp__own(&self->task->owned, &self->owned, end_with_task);
    return self->slot.name;
}

static KP__APART void kp__nosuspend_abort(void (*abort_it)(void *), void *argument)
{
    if (abort_it)
        abort_it(argument);
}

static void give_up(kp__task *task)
{
    ticket *self = task->waiting;

    self->next_given_up = given_up;
    given_up = self;
}

// By the task that waited, so that it is the one that ends when that crashes.
void kp__undo_all(void)
{
    while (given_up) {
        const ticket *self = given_up;
        kp__task *task = self->task;
        given_up = self->next_given_up;
        task->outer = kp__running;
        task->special = true;
        task->nosuspend++;
        kp__running = task;
        kp__nosuspend_abort(self->abort_it, self->argument);
        kp__running = task->outer;
        task->nosuspend--;
    }
}

static void use_up(ticket *self)
{
    kp__disown(&self->task->owned, &self->owned);
    free_ticket(self);
}

static KP__APART int begin_suspend(kp_ticket name, const char *why, void (*abort_it)(void *), void *argument)
{
    ticket *self = kp__slot_find(&tickets, name);

    if (!kp__running)
        return KP_EDEADLK;
    if (!self || self->task != kp__running)
        return KP_ENOENT;
    if (self->answered)
        return self->result;
    int refused = kp__may_wait();
    if (refused) {
        kp__nosuspend_abort(abort_it, argument);
        return refused;
    }
    self->waiting = true;
    self->abort_it = abort_it;
    self->argument = argument;
    kp__begin_wait(why ? why : "an answer", -1, 0, give_up, self);
    kp__running->outside = true;
    return KP__SUSPEND;
}

static KP__APART int end_suspend(kp_ticket name, int result, char **text)
{
    ticket *self = kp__slot_find(&tickets, name);

    if (!self || self->task != kp__running)
        return result;
    if (text) {
        *text = self->text;
        self->text = NULL;
    }
    use_up(self);
    return result;
}

int kp__suspend(kp_ticket name, const char *why, void (*abort_it)(void *), void *argument, char **text)
{
    return end_suspend(name, kp__wait(begin_suspend(name, why, abort_it, argument)), text);
}

int kp_suspend(kp_ticket name, const char *why, void (*abort_it)(void *), void *argument)
{
    return kp__suspend(name, why, abort_it, argument, NULL);
}

int kp__answer(kp_ticket name, int result, char *text)
{
    ticket *self = kp__slot_find(&tickets, name);

    // When the wait has ended in another way, the task is about to say so.
    if (!self || self->answered || (self->waiting && self->task->state != KP__WAITING)) {
        free(text);
        return KP_ENOENT;
    }
    self->answered = true;
    self->result = result;
    self->text = text;
    if (self->waiting)
        kp__wake(self->task, result);
    return 0;
}

int kp_resume(kp_ticket name, int result)
{
    return kp__answer(name, result, NULL);
}
