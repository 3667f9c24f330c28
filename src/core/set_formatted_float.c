// SPDX-License-Identifier: MIT
// The same as set_formatted.c by libc's printf, in a file of its own: it is linked only where a
// floating-point number is shown.
#define KP__CORE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "kind.h"

#define MOST_TEXTS 256 // bytes; a longer text is formatted a second time, into allocated memory

int kp__set_formatted_float(kp_control *control, unsigned property, const char *format, ...)
{
    char text[MOST_TEXTS], *larger;
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0)
        return KP_EINVAL;
    if ((size_t)length < sizeof text)
        return kp__set_string(control, property, text);
    if (!(larger = malloc((size_t)length + 1)))
        return KP_ENOMEM;
    va_start(arguments, format);
    vsnprintf(larger, (size_t)length + 1, format, arguments);
    va_end(arguments);
    int result = kp__set_string(control, property, larger);
    free(larger);
    return result;
}
