// SPDX-License-Identifier: MIT
#define KP__CORE
#include "report.h"

#include <stdarg.h>

#include "event.h"
#include "format.h"
#include "host.gen.h"

#define MESSAGE_BYTES 400 // a longer one is cut

// Linked only where an app listens to it, and where it formats texts itself.
#pragma weak kp__name_event_error
#pragma weak kp__queue_error
#pragma weak kp__format

static bool panicked;

// Writes a message of %s, %d and %u, without a NUL, and returns its end. Where kp__format is not, which is
// four times as large.
static char *write_message(char *to, const char *format, va_list arguments)
{
    char *end = to + MESSAGE_BYTES;

    if (kp__format) {
        int length = kp__format(to, MESSAGE_BYTES + 1, format, arguments);
        return length < MESSAGE_BYTES ? to + length : end;
    }

    for (; *format && to < end; format++) {
        char digits[12], *at = digits + sizeof digits - 1;
        const char *text = at;
        if (*format != '%') {
            *to++ = *format;
            continue;
        }
        if (*++format == 's') {
            text = va_arg(arguments, const char *);
        } else {
            int number = va_arg(arguments, int);
            unsigned rest = *format == 'd' && number < 0 ? -(unsigned)number : (unsigned)number;
            *at = 0;
            do
                *--at = (char)('0' + rest % 10);
            while (rest /= 10);
            if (*format == 'd' && number < 0)
                *--at = '-';
            text = at;
        }
        while (*text && to < end)
            *to++ = *text++;
    }
    return to;
}

static void log_arguments(int level, const char *format, va_list arguments)
{
    char message[MESSAGE_BYTES + 1];

    kp__host_log(level, message, (uint32_t)(write_message(message, format, arguments) - message));
}

void kp__log(int level, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    log_arguments(level, format, arguments);
    va_end(arguments);
}

void kp__panic(const char *format, ...)
{
    va_list arguments;

    panicked = true;
    va_start(arguments, format);
    log_arguments(KP__LOG_ERROR, format, arguments);
    va_end(arguments);
    __builtin_trap();
}

bool kp__panicked(void)
{
    return panicked;
}

static uint32_t format_message(char *message, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *end = write_message(message, format, arguments);
    va_end(arguments);
    *end = 0;
    return (uint32_t)(end - message);
}

void kp__report(uint32_t owner, int code, const char *cause, const char *task, const char *detail)
{
    kp__control *control = kp__control_or_removed(owner);
    char message[MESSAGE_BYTES + 1];
    // Not to the error handler what the error handler itself does wrong: that would have no end.
    bool has_handler = &kp__name_event_error && task != kp__name_event_error.text;

    uint32_t length =
        format_message(message, "%s of %s failed: %s%s%s%s", task, control ? control->kind->name : "the app",
                       cause, detail ? " (" : "", detail ? detail : "", detail ? ")" : "");
    if (has_handler && kp__queue_error(owner, code, message))
        return;
    kp__host_log(KP__LOG_ERROR, message, length);
    if (control && !control->removed)
        kp__send_text(KP__COMMAND_FAIL, kp__number_of(control), message);
}

#ifdef KP_DEV
static const char *here_file;
static int here_line;

void kp__here(const char *file, int line)
{
    here_file = file;
    here_line = line;
}

int kp__stale(const char *call)
{
    kp__log(KP__LOG_WARNING,
            "%s:%d: %s: the control is gone: it has been removed, or never was one. Nothing was done.",
            here_file ? here_file : "?", here_line, call);
    return KP_ESTALE;
}

int kp__misuse(const char *call, const char *cause)
{
    kp__log(KP__LOG_WARNING, "%s:%d: %s: %s. Nothing was done.", here_file ? here_file : "?", here_line, call,
            cause);
    return KP_EINVAL;
}
#endif
