// SPDX-License-Identifier: MIT
// printf without floating point: libc's brings 7 KB of it into a page that shows no fraction.
#ifndef KP__FORMAT_H
#define KP__FORMAT_H

#include <stdarg.h>
#include <stddef.h>

// Like vsnprintf for d i u x X o c s p %, their flags, widths, precisions and length modifiers.
// Any other conversion is written as it stands in the format.
int kp__format(char *buffer, size_t size, const char *format, va_list arguments);

#endif
