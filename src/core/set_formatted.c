// SPDX-License-Identifier: MIT
#define KP__CORE
#include <stdlib.h>

#include "format.h"
#include "kind.h"

#define MOST_TEXTS 256 // bytes; a longer text is formatted a second time, into allocated memory

int kp__set_formatted(kp_control *control, unsigned property, const char *format, ...)
{
    char text[MOST_TEXTS], *larger;
    va_list arguments;

    va_start(arguments, format);
    int length = kp__format(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0)
        return KP_EINVAL;
    if ((size_t)length < sizeof text)
        return kp__set_string(control, property, text);
    if (!(larger = malloc((size_t)length + 1)))
        return KP_ENOMEM;
    va_start(arguments, format);
    kp__format(larger, (size_t)length + 1, format, arguments);
    va_end(arguments);
    int result = kp__set_string(control, property, larger);
    free(larger);
    return result;
}
