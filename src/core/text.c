// SPDX-License-Identifier: MIT
#include "text.h"

#define REPLACEMENT "\xEF\xBF\xBD" // U+FFFD in UTF-8

// The length in bytes of the character at `s`, 0 when no valid one begins there: table 3-7 of the
// Unicode standard. The NUL at the end stops every look ahead.
static int character_length(const unsigned char *s)
{
    int length = __builtin_clz(~((uint32_t)*s << 24)); // the ones that a first byte begins with
    uint32_t code = *s & (0x7Fu >> length);

    if (length == 0)
        return 1;
    if (length == 1 || length > 4)
        return 0;
    for (int i = 1; i < length; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (s[i] & 0x3F);
    }
    // Longer than it need be, a surrogate, or beyond the last character.
    uint32_t least = length == 2 ? 0x80 : 1u << (5 * length - 4);
    return code < least || code - 0xD800 < 0x800 || code > 0x10FFFF ? 0 : length;
}

kp__text_size kp__text_copy(char *to, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    kp__text_size size = { 0, 0 };

    while (*s) {
        int length = character_length(s);
        const char *from = length ? (const char *)s : REPLACEMENT;
        int bytes = length ? length : 3;
        for (int i = 0; to && i < bytes; i++)
            *to++ = from[i];
        s += length ? length : 1;
        size.bytes += (uint32_t)bytes;
        size.units += length == 4 ? 2 : 1;
    }
    return size;
}
