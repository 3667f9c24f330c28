// SPDX-License-Identifier: MIT
#include "../include/kapok.h"
#include "host.gen.h"

const char *kp_strerror(int code)
{
    switch (code) {
#define MESSAGE(name, value, message) \
    case value:                       \
        return message;
        KP__CODES(MESSAGE)
#undef MESSAGE
    default:
        return code < 0 ? "unknown error" : "no error";
    }
}
