// SPDX-License-Identifier: MIT
#include "text.h"

#include <stdbool.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" // U+FFFD in UTF-8

static bool continues(const unsigned char *s, int from, int to)
{
    for (int i = from; i <= to; i++)
        if ((s[i] & 0xC0) != 0x80)
            return false;
    return true;
}

// The length in bytes of the character at `s`, 0 when no valid one begins there: table 3-7 of the
// Unicode standard. The NUL at the end stops every look ahead.
static int character_length(const unsigned char *s)
{
    if (s[0] < 0x80)
        return 1;
    if (s[0] >= 0xC2 && s[0] <= 0xDF)
        return continues(s, 1, 1) ? 2 : 0;
    if ((s[0] & 0xF0) == 0xE0) {
        unsigned char low = s[0] == 0xE0 ? 0xA0 : 0x80, high = s[0] == 0xED ? 0x9F : 0xBF;
        return s[1] >= low && s[1] <= high && continues(s, 2, 2) ? 3 : 0;
    }
    if (s[0] >= 0xF0 && s[0] <= 0xF4) {
        unsigned char low = s[0] == 0xF0 ? 0x90 : 0x80, high = s[0] == 0xF4 ? 0x8F : 0xBF;
        return s[1] >= low && s[1] <= high && continues(s, 2, 3) ? 4 : 0;
    }
    return 0;
}

kp__text_size kp__text_measure(const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    kp__text_size size = { 0, 0 };

    for (;;) {
        const unsigned char *start = s;
        while (*s && *s < 0x80) // most text, most of the time
            s++;
        size.bytes += (uint32_t)(s - start);
        size.units += (uint32_t)(s - start);
        if (!*s)
            return size;
        int length = character_length(s);
        s += length ? length : 1;
        size.bytes += length ? (uint32_t)length : 3;
        size.units += length == 4 ? 2 : 1;
    }
}

void kp__text_copy(char *to, const char *text, kp__text_size size)
{
    if (size.bytes == size.units) { // ASCII
        memcpy(to, text, size.bytes);
        return;
    }
    const unsigned char *s = (const unsigned char *)text;

    while (*s) {
        int length = character_length(s);
        if (length == 1) {
            *to++ = (char)*s++;
        } else if (length) {
            memcpy(to, s, (size_t)length);
            to += length;
            s += length;
        } else {
            memcpy(to, REPLACEMENT, 3);
            to += 3;
            s++;
        }
    }
}
