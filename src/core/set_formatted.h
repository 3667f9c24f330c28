// SPDX-License-Identifier: MIT
// What the two formatted setters share. They are in files of their own so that an app links only the
// formatters it uses.
#ifndef KP__SET_FORMATTED_H
#define KP__SET_FORMATTED_H

#include <stdarg.h>

#include "kind.h"

// One that works like vsnprintf.
typedef int (*kp__formatter)(char *buffer, size_t size, const char *format, va_list arguments);

// The name keeps Asyncify away from it, see wasm/removable.mjs: formatters never wait.
int kp__nosuspend_set_formatted(kp_control *control, const kp__property *property, kp__formatter formatter,
                                const char *format, va_list arguments);

#endif
