// SPDX-License-Identifier: MIT
// How the core tells of what went wrong: to the console, to the page's error handler, or by giving up.
#ifndef KP__REPORT_H
#define KP__REPORT_H

#include <stdint.h>

#include "../include/kapok.h"

// Writes a line to the console. The format knows %s, %d and %u.
void kp__log(int level, const char *format, ...) KP__FORMAT(2, 3);

// Something wrote over memory that is not its own: ends the app.
_Noreturn void kp__panic(const char *format, ...) KP__FORMAT(1, 2);
bool kp__panicked(void);

// Tells the page's error handler that the task `task` of the control named `owner` failed with
// `code`, in words `cause`; `detail` may add to it or be NULL. Without a handler it goes to the console, and
// the control is marked as broken.
void kp__report(uint32_t owner, int code, const char *cause, const char *task, const char *detail);

// The call is about a control that is gone. Returns KP_ESTALE. In a development build it warns, with
// the place of the call; a release build does not carry the words.
#ifdef KP_DEV
#define KP__CAUSE(text) text
int kp__stale(const char *call);
int kp__misuse(const char *call, const char *cause);
#else
#define KP__CAUSE(text) ""
static inline int kp__stale(const char *call)
{
    (void)call;
    return KP_ESTALE;
}
static inline int kp__misuse(const char *call, const char *cause)
{
    (void)call, (void)cause;
    return KP_EINVAL;
}
#endif

#endif
