// SPDX-License-Identifier: MIT
// Apart, so that libc's printf is linked only where a floating-point number is formatted.
#include <stdarg.h>
#include <stdio.h>

#include "../include/kapok.h"

int kp__format_float(char *buffer, size_t size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(buffer, size, format, arguments);
    va_end(arguments);
    return length;
}
