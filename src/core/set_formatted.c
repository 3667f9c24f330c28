// SPDX-License-Identifier: MIT
#define KP__CORE
#include "set_formatted.h"

#include <stdlib.h>

#include "format.h"

#define MOST_TEXTS 256 // bytes; a longer text is formatted a second time, into allocated memory

int kp__nosuspend_set_formatted(kp_control *control, const kp__property *property, kp__formatter formatter,
                                const char *format, va_list arguments)
{
    char text[MOST_TEXTS], *larger;
    va_list again;

    va_copy(again, arguments);
    int length = formatter(text, sizeof text, format, arguments), result;
    if (length < 0) {
        result = KP_EINVAL;
    } else if ((size_t)length < sizeof text) {
        result = kp__set_string(control, property, text);
    } else if ((larger = malloc((size_t)length + 1))) {
        formatter(larger, (size_t)length + 1, format, again);
        result = kp__set_string(control, property, larger);
        free(larger);
    } else {
        result = KP_ENOMEM;
    }
    va_end(again);
    return result;
}

int kp__set_formatted(kp_control *control, const kp__property *property, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int result = kp__nosuspend_set_formatted(control, property, kp__format, format, arguments);
    va_end(arguments);
    return result;
}
