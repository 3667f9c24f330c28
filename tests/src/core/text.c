// SPDX-License-Identifier: MIT
#include "../../../src/core/text.h"

#include "check.h"

static void becomes(const char *given, const char *expected, uint32_t units)
{
    char copy[200];
    kp__text_size size = kp__text_copy(copy, given), measured = kp__text_copy(NULL, given);

    copy[size.bytes] = 0;
    CHECK_EQUAL(measured.bytes, size.bytes);
    CHECK_EQUAL(measured.units, size.units);
    CHECK_EQUAL(size.units, units);
    CHECK_TEXT(copy, expected);
}

#define BAD "\xEF\xBF\xBD"

int main(void)
{
    becomes("", "", 0);
    becomes("plain", "plain", 5);
    becomes("\x7F", "\x7F", 1);
    becomes("Größe €", "Größe €", 7);
    becomes("😀", "😀", 2);
    becomes("\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF", 2); // U+10FFFF
    becomes("a\x80z", "a" BAD "z", 3);                  // a continuation alone
    becomes("\xC3", BAD, 1);                            // cut short, at the NUL
    becomes("\xE2\x82", BAD BAD, 2);
    becomes("\xF0\x9F\x98", BAD BAD BAD, 3);
    becomes("\xC0\xAF", BAD BAD, 2);                 // overlong
    becomes("\xE0\x80\xAF", BAD BAD BAD, 3);         // overlong
    becomes("\xED\xA0\x80", BAD BAD BAD, 3);         // a surrogate
    becomes("\xF4\x90\x80\x80", BAD BAD BAD BAD, 4); // beyond U+10FFFF
    becomes("\xFF\xFE", BAD BAD, 2);
    return check_result();
}
