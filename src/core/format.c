// SPDX-License-Identifier: MIT
#include "format.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    char *buffer;
    size_t room;  // bytes that fit, the NUL's left out
    size_t total; // bytes it would have taken so far
} output;

// A va_list may be an array type, which a parameter cannot be a pointer to; a struct can hold it.
typedef struct {
    va_list list;
} arguments_left;

// What stands between the % and the letter of a conversion.
typedef struct {
    uint32_t flags;       // FLAG(character)
    int width, precision; // precision -1: none given
    int length;           // sizes of integers: -2 char, -1 short, 0 int, 1 long, 2 long long
} spec;

#define FLAG(character) (1u << ((character) - ' '))
#define FLAGS (FLAG('-') | FLAG('0') | FLAG('#') | FLAG('+') | FLAG(' '))

static void put(output *out, char c, int count)
{
    for (; count > 0; count--, out->total++)
        if (out->total < out->room)
            out->buffer[out->total] = c;
}

static void put_all(output *out, const char *bytes, int count)
{
    size_t room = out->total < out->room ? out->room - out->total : 0,
           fits = (size_t)count < room ? (size_t)count : room;
    char *to = out->buffer + out->total;

    for (size_t i = 0; i < fits; i++)
        to[i] = bytes[i];
    out->total += (size_t)count;
}

// Writes what stands before a conversion; returns what follows its %, NULL when there is none.
static const char *put_plain(output *out, const char *format)
{
    char *buffer = out->buffer, c;
    size_t room = out->room, total = out->total;

    for (; (c = *format) && c != '%'; format++, total++)
        if (total < room)
            buffer[total] = c;
    out->total = total;
    return c ? format + 1 : NULL;
}

// A number, or the argument that a * stands for. Returns what follows it.
static const char *take_number(const char *format, arguments_left *arguments, int *number)
{
    int value = 0;

    if (*format == '*') {
        *number = va_arg(arguments->list, int);
        return format + 1;
    }
    for (; *format >= '0' && *format <= '9'; format++)
        if (value < 100000)
            value = value * 10 + (*format - '0');
    *number = value;
    return format;
}

// Returns what follows it.
static const char *read_spec(const char *format, arguments_left *arguments, spec *s)
{
    *s = (spec){ .precision = -1 };
    for (; (unsigned char)(*format - ' ') < 32 && FLAG(*format) & FLAGS; format++)
        s->flags |= FLAG(*format);
    format = take_number(format, arguments, &s->width);
    if (s->width < 0) {
        s->flags |= FLAG('-');
        s->width = s->width == INT_MIN ? INT_MAX : -s->width;
    }
    if (*format == '.')
        format = take_number(format + 1, arguments, &s->precision);
    // On every platform of ours size_t and ptrdiff_t are as wide as long, intmax_t as long long.
    for (;; format++) {
        if (*format == 'h')
            s->length--;
        else if (*format == 'l' || *format == 'z' || *format == 't')
            s->length++;
        else if (*format == 'j')
            s->length = 2;
        else
            return format;
    }
}

// An integer argument, extended by its sign or with zeros.
static uintmax_t take_integer(arguments_left *arguments, int length, bool is_signed)
{
    if (length >= 2)
        return va_arg(arguments->list, unsigned long long);
    if (length > 0) {
        unsigned long value = va_arg(arguments->list, unsigned long);
        return is_signed ? (uintmax_t)(long)value : value;
    }
    unsigned value = va_arg(arguments->list, unsigned);
    int shift = length <= -2 ? 24 : length == -1 ? 16 : 0;
    return is_signed ? (uintmax_t)((int)(value << shift) >> shift) : value << shift >> shift;
}

// Writes a prefix of up to two characters, zeros and bytes, with spaces on one side.
static void put_padded(output *out, const spec *s, const char *prefix, int zeros, const char *bytes,
                       int count)
{
    if (!s->width && !zeros && !prefix[0]) {
        put_all(out, bytes, count);
        return;
    }
    int prefix_count = !prefix[0] ? 0 : !prefix[1] ? 1 : 2;
    int space = s->width - prefix_count - zeros - count;

    put(out, ' ', s->flags & FLAG('-') ? 0 : space);
    put_all(out, prefix, prefix_count);
    put(out, '0', zeros);
    put_all(out, bytes, count);
    put(out, ' ', s->flags & FLAG('-') ? space : 0);
}

static void put_integer(output *out, const spec *s, char conversion, arguments_left *arguments)
{
    bool is_signed = conversion == 'd' || conversion == 'i', alternate = s->flags & FLAG('#');
    uintmax_t value = take_integer(arguments, s->length, is_signed);
    unsigned base = is_signed || conversion == 'u' ? 10 : conversion == 'o' ? 8 : 16;
    char buffer[sizeof value * CHAR_BIT / 3 + 1], *end = buffer + sizeof buffer, *at = end;
    char prefix[3] = { 0 };

    if (is_signed) {
        bool negative = (intmax_t)value < 0;
        value = negative ? -value : value;
        prefix[0] = negative ? '-' : s->flags & FLAG('+') ? '+' : s->flags & FLAG(' ') ? ' ' : 0;
    } else if (base == 16 && alternate && value) {
        prefix[0] = '0';
        prefix[1] = conversion;
    }
    uintmax_t rest = value;
    // Dividing takes long: 64 bits longer than 32, and by what is not a constant longer still.
    for (; base == 10 && rest > UINT32_MAX; rest /= 10)
        *--at = (char)('0' + rest % 10);
    for (uint32_t low = (uint32_t)rest; base == 10 && low; low /= 10)
        *--at = (char)('0' + low % 10);
    for (; base != 10 && rest; rest /= base) {
        unsigned digit = (unsigned)(rest & (base - 1));
        *--at = (char)(digit < 10 ? '0' + digit : digit - 10 + (conversion == 'X' ? 'A' : 'a'));
    }
    int digits = (int)(end - at), least = s->precision;
    if (least < 0) {
        bool filled = (s->flags & (FLAG('0') | FLAG('-'))) == FLAG('0');
        least = filled ? s->width - (prefix[0] != 0) - (prefix[1] != 0) : 0;
        least = least > 1 ? least : 1; // a zero has a digit, unless a precision of 0 takes it away
    }
    if (base == 8 && alternate && least <= digits)
        least = digits + 1;
    put_padded(out, s, prefix, least > digits ? least - digits : 0, at, digits);
}

// What %d writes, by far the most frequent of all, in half the time of put_integer.
static void put_decimal(output *out, int value)
{
    char buffer[sizeof value * CHAR_BIT / 3 + 2], *end = buffer + sizeof buffer, *at = end;
    uint32_t rest = value < 0 ? -(uint32_t)value : (uint32_t)value;

    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        *--at = '-';
    put_all(out, at, (int)(end - at));
}

// Writes the conversion behind a %; returns what follows it.
static const char *convert(output *out, const char *format, arguments_left *arguments)
{
    const char *start = format - 1, *bytes;
    spec s;
    char conversion, c;
    int count = 0;

    if (*format == 'd') {
        put_decimal(out, va_arg(arguments->list, int));
        return format + 1;
    }
    format = read_spec(format, arguments, &s);
    conversion = *format;
    if (conversion)
        format++;
    switch (conversion) {
    case 'p':
        s.flags |= FLAG('#');
        s.length = 1;
        conversion = 'x';
        // fall through
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o':
        put_integer(out, &s, conversion, arguments);
        return format;
    case 'c':
        c = (char)va_arg(arguments->list, int);
        put_padded(out, &s, "", 0, &c, 1);
        return format;
    case 's':
        bytes = va_arg(arguments->list, const char *);
        if (!bytes)
            bytes = "(null)";
        while ((s.precision < 0 || count < s.precision) && bytes[count])
            count++;
        put_padded(out, &s, "", 0, bytes, count);
        return format;
    case '%':
        put(out, '%', 1);
        return format;
    default:
        put_all(out, start, (int)(format - start));
        return format;
    }
}

int kp__format(char *buffer, size_t size, const char *format, va_list given)
{
    output out = { buffer, size ? size - 1 : 0, 0 };
    arguments_left arguments;

    va_copy(arguments.list, given);
    while ((format = put_plain(&out, format)))
        format = convert(&out, format, &arguments);
    va_end(arguments.list);
    if (size)
        buffer[out.total < out.room ? out.total : out.room] = 0;
    return out.total > INT_MAX ? -1 : (int)out.total;
}
