// SPDX-License-Identifier: MIT
// Waiting for JavaScript: for a function of the host page, and for the clipboard.
#define _POSIX_C_SOURCE 200809L // strdup
#include <stdlib.h>
#include <string.h>

#include "host.gen.h"
#include "task.h"
#include "ticket.h"

// For both: 0 with a ticket for what is to be called; or what kp__wait is to be given.
static int begin(kp_ticket *ticket)
{
    int refused = kp__may_wait();

    if (refused)
        return refused;
    *ticket = kp_ticket_new();
    return *ticket ? 0 : KP_ENOMEM;
}

static void abort_call(void *ticket)
{
    kp__host_abort((uint32_t)(uintptr_t)ticket);
}

static KP__APART int begin_call(const char *function, const char *argument, kp_ticket *ticket)
{
    int begun = function ? begin(ticket) : KP_EINVAL;

    if (!begun)
        kp__host_call(function, (uint32_t)strlen(function), argument, (uint32_t)strlen(argument), *ticket);
    return begun;
}

// The app will free it. Its malloc, which strdup calls, is not the one that the core is compiled with.
static KP__APART int give(char *text, int code, char **answer)
{
    *answer = text || code >= 0 ? strdup(text ? text : "") : NULL;
    free(text);
    return *answer || code < 0 ? code : KP_ENOMEM;
}

int kp_await(const char *function, const char *argument, char **answer)
{
    kp_ticket ticket;
    char *text = NULL;
    int begun = begin_call(function, argument ? argument : "", &ticket);
    int code =
        begun ? kp__wait(begun) : kp__suspend(ticket, function, abort_call, (void *)(uintptr_t)ticket, &text);

    if (answer)
        return give(text, code, answer);
    free(text);
    return code;
}

static KP__APART int begin_copy(const char *text, kp_ticket *ticket)
{
    int begun = !text ? KP_EINVAL : begin(ticket);

    if (!begun)
        kp__host_copy_text(text, (uint32_t)strlen(text), *ticket);
    return begun;
}

int kp_copy_text(const char *text)
{
    kp_ticket ticket;
    int begun = begin_copy(text, &ticket);

    return begun ? kp__wait(begun) : kp_suspend(ticket, "the clipboard", NULL, NULL);
}
