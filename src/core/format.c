// SPDX-License-Identifier: MIT
#include "format.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    char *at;
    size_t left;  // bytes that still fit, the NUL's left out
    size_t total; // bytes it would have taken
} output;

typedef struct {
    bool left, zero, alternate;
    char sign;            // '+', ' ' or 0
    int width, precision; // precision -1: none given
    int length;           // sizes of integers: -2 char, -1 short, 0 int, 1 long, 2 long long, 3 size_t …
} spec;

static void write(output *out, const char *bytes, size_t count)
{
    size_t fits = count < out->left ? count : out->left;

    memcpy(out->at, bytes, fits);
    out->at += fits;
    out->left -= fits;
    out->total += count;
}

static void pad(output *out, char with, int count)
{
    for (; count > 0; count--)
        write(out, &with, 1);
}

static void write_padded(output *out, const spec *s, const char *prefix, int zeros, const char *bytes,
                         int count)
{
    int prefix_count = (int)strlen(prefix);
    int space = s->width - prefix_count - zeros - count;

    if (!s->left)
        pad(out, ' ', space);
    write(out, prefix, (size_t)prefix_count);
    pad(out, '0', zeros);
    write(out, bytes, (size_t)count);
    if (s->left)
        pad(out, ' ', space);
}

static void write_integer(output *out, const spec *s, uintmax_t value, bool negative, unsigned base,
                          const char *digits, const char *prefix)
{
    char buffer[sizeof value * CHAR_BIT / 3 + 1], *end = buffer + sizeof buffer, *at = end;
    char sign[2] = { negative ? '-' : s->sign, 0 };
    const char *before = base == 10 ? sign : value && s->alternate ? prefix : "";

    for (uintmax_t rest = value; rest; rest /= base)
        *--at = digits[rest % base];
    int count = (int)(end - at), zeros = 0;
    if (s->precision >= 0)
        zeros = s->precision > count ? s->precision - count : 0;
    else if (!value)
        zeros = 1;
    if (base == 8 && s->alternate && zeros == 0)
        zeros = 1;
    if (s->precision < 0 && s->zero && !s->left) {
        int room = s->width - (int)strlen(before) - count;
        if (room > zeros)
            zeros = room;
    }
    write_padded(out, s, before, zeros, at, count);
}

static int number(const char **format)
{
    int value = 0;

    for (; **format >= '0' && **format <= '9'; (*format)++)
        if (value < 100000)
            value = value * 10 + (**format - '0');
    return value;
}

static void parse_flags(const char **format, spec *s)
{
    for (;; (*format)++) {
        if (**format == '-')
            s->left = true;
        else if (**format == '0')
            s->zero = true;
        else if (**format == '#')
            s->alternate = true;
        else if (**format == '+')
            s->sign = '+';
        else if (**format == ' ')
            s->sign = s->sign ? s->sign : ' ';
        else
            return;
    }
}

static int parse_length(const char **format)
{
    const char *f = *format;
    int length = 0;

    if (f[0] == 'h' && f[1] == 'h')
        length = -2, f += 2;
    else if (f[0] == 'l' && f[1] == 'l')
        length = 2, f += 2;
    else if (*f == 'h')
        length = -1, f++;
    else if (*f == 'l')
        length = 1, f++;
    else if (*f == 'j')
        length = 2, f++;
    else if (*f == 'z' || *f == 't')
        length = 3, f++;
    *format = f;
    return length;
}

// A va_list may be an array type, which a parameter cannot be a pointer to; a struct can hold it.
typedef struct {
    va_list list;
} arguments_left;

// An integer argument, extended by its sign or with zeros. On every platform of ours size_t and
// ptrdiff_t are as wide as long, and intmax_t is as wide as long long.
static uintmax_t take_integer(arguments_left *arguments, int length, bool is_signed)
{
    if (length == 2)
        return va_arg(arguments->list, unsigned long long);
    if (length > 0) {
        unsigned long value = va_arg(arguments->list, unsigned long);
        return is_signed ? (uintmax_t)(long)value : value;
    }
    unsigned value = va_arg(arguments->list, unsigned);
    int shift = length == -2 ? 24 : length == -1 ? 16 : 0;
    return is_signed ? (uintmax_t)((int)(value << shift) >> shift) : value << shift >> shift;
}

static void write_string(output *out, const spec *s, const char *string)
{
    size_t count = 0, most = s->precision >= 0 ? (size_t)s->precision : SIZE_MAX;

    if (!string)
        string = "(null)";
    while (count < most && string[count])
        count++;
    write_padded(out, s, "", 0, string, (int)count);
}

// Writes one conversion; false when it is none of ours.
static bool convert(output *out, spec *s, char conversion, arguments_left *arguments)
{
    static const char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
    unsigned base = conversion == 'o'                                             ? 8
                    : conversion == 'u' || conversion == 'd' || conversion == 'i' ? 10
                                                                                  : 16;
    bool negative = false;
    uintmax_t value;

    switch (conversion) {
    case 'd':
    case 'i':
        value = take_integer(arguments, s->length, true);
        negative = (intmax_t)value < 0;
        write_integer(out, s, negative ? -value : value, negative, base, lower, "");
        return true;
    case 'p':
        s->alternate = true;
        s->length = 1;
        // fall through
    case 'u':
    case 'x':
    case 'X':
    case 'o':
        s->sign = 0;
        value = take_integer(arguments, s->length, false);
        write_integer(out, s, value, false, base, conversion == 'X' ? upper : lower,
                      base == 8           ? ""
                      : conversion == 'X' ? "0X"
                                          : "0x");
        return true;
    case 'c': {
        char c = (char)va_arg(arguments->list, int);
        write_padded(out, s, "", 0, &c, 1);
        return true;
    }
    case 's':
        write_string(out, s, va_arg(arguments->list, const char *));
        return true;
    case '%':
        write(out, "%", 1);
        return true;
    default:
        return false;
    }
}

static const char *write_conversion(output *out, const char *format, arguments_left *arguments)
{
    const char *start = format++;
    spec s = { .precision = -1 };

    parse_flags(&format, &s);
    if (*format == '*') {
        format++;
        s.width = va_arg(arguments->list, int);
        if (s.width < 0) {
            s.left = true;
            s.width = s.width == INT_MIN ? INT_MAX : -s.width;
        }
    } else {
        s.width = number(&format);
    }
    if (*format == '.') {
        format++;
        if (*format == '*') {
            format++;
            s.precision = va_arg(arguments->list, int);
        } else {
            s.precision = number(&format);
        }
    }
    s.length = parse_length(&format);
    if (*format)
        format++;
    if (!convert(out, &s, format[-1], arguments))
        write(out, start, (size_t)(format - start));
    return format;
}

int kp__format(char *buffer, size_t size, const char *format, va_list given)
{
    output out = { buffer, size ? size - 1 : 0, 0 };
    arguments_left arguments;

    va_copy(arguments.list, given);
    while (*format) {
        const char *plain = format;
        while (*format && *format != '%')
            format++;
        write(&out, plain, (size_t)(format - plain));
        if (*format)
            format = write_conversion(&out, format, &arguments);
    }
    va_end(arguments.list);
    if (size)
        *out.at = 0;
    return out.total > INT_MAX ? -1 : (int)out.total;
}
