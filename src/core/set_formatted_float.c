// SPDX-License-Identifier: MIT
// By libc's printf, which brings 7 KB: linked only where a floating-point number is shown.
#define KP__CORE
#include <stdio.h>

#include "set_formatted.h"

int kp__set_formatted_float(kp_control *control, const kp__property *property, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int result = kp__nosuspend_set_formatted(control, property, vsnprintf, format, arguments);
    va_end(arguments);
    return result;
}
