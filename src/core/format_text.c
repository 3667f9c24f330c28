// SPDX-License-Identifier: MIT
#include "format.h"

#include "../include/kapok.h"

int kp__format_text(char *buffer, size_t size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int length = kp__format(buffer, size, format, arguments);
    va_end(arguments);
    return length;
}
