// SPDX-License-Identifier: MIT
#include "commands.h"

#include <string.h>

// Fixed sizes, so that memory does not grow with what changes: a full buffer is handed over early,
// which nobody sees, as the browser draws only between tasks.
#define WORDS 2048
#define TEXT_BYTES 8192

static uint32_t words[WORDS];
static char text[TEXT_BYTES];
uint32_t kp__word_count;
static uint32_t text_count;
static uint32_t last_name;   // numbers of names are given out from 1
static uint32_t *forgetting; // the last command, if it is one that forgets

static int hand_over(const char *from, uint32_t bytes)
{
    if (!kp__word_count)
        return 0;
    // Reset first: what JavaScript does while it applies them may lead to new commands.
    uint32_t count = kp__word_count;
    kp__word_count = text_count = 0;
    forgetting = NULL;
    return kp__host_apply(words, count, from, bytes);
}

int kp__flush(void)
{
    return hand_over(text, text_count);
}

static uint32_t *take_words(uint32_t count)
{
    if (kp__word_count + count > WORDS)
        kp__flush();
    uint32_t *taken = words + kp__word_count;
    kp__word_count += count;
    return taken;
}

static uint32_t head(uint32_t command, kp__number control)
{
    return command | control << 8;
}

// A command of one or two words with a text. One that does not fit into what is left of the buffer is handed
// over where it lies.
static void send_with_text(uint32_t count, uint32_t first, uint32_t second, const char *string)
{
    if (kp__word_count + count > WORDS)
        kp__flush();
    char *to = text + text_count;
    uint32_t room = TEXT_BYTES - text_count, length = 0;
    while (length < room && (to[length] = string[length]))
        length++;
    bool fits = length < room;
    if (!fits) {
        kp__flush();
        while (string[length])
            length++;
    }
    uint32_t *at = take_words(count);
    at[0] = first;
    if (count > 1)
        at[1] = second;
    if (fits)
        text_count += length + 1;
    else
        hand_over(string, length);
}

void kp__send(uint32_t command, kp__number control)
{
    *take_words(1) = head(command, control);
}

void kp__send_word(uint32_t command, kp__number control, uint32_t operand)
{
    uint32_t *to = take_words(2);

    to[0] = head(command, control);
    to[1] = operand;
}

void kp__send_text(uint32_t command, kp__number control, const char *string)
{
    send_with_text(1, head(command, control), 0, string);
}

void kp__send_insert(uint32_t command, kp__number control, kp__number parent, kp__number before)
{
    uint32_t *to = take_words(3);

    to[0] = head(command, control);
    to[1] = parent;
    to[2] = before;
}

void kp__send_forget(kp__number control)
{
    if (forgetting && forgetting + 2 == words + kp__word_count &&
        (forgetting[0] >> 8) + forgetting[1] == control) {
        forgetting[1]++;
        return;
    }
    kp__send_word(KP__COMMAND_FORGET, control, 1);
    forgetting = words + kp__word_count - 2;
}

void kp__send_listen(kp__number control, kp__name *event, bool on)
{
    uint32_t name = kp__name_number(event), *to = take_words(3);

    to[0] = head(KP__COMMAND_LISTEN, control);
    to[1] = name;
    to[2] = on;
}

static uint32_t announce(uint32_t command, kp__name *name)
{
    if (!name->number) {
        name->number = ++last_name;
        send_with_text(2, head(command, 0), last_name, name->text);
    }
    return name->number;
}

uint32_t kp__name_number(kp__name *name)
{
    return announce(KP__COMMAND_NAME, name);
}

uint32_t kp__template_number(kp__name *markup)
{
    return announce(KP__COMMAND_TEMPLATE, markup);
}

uint32_t kp__send_freeze(const kp__number *controls, uint32_t count)
{
    uint32_t *to = take_words(3 + count);

    to[0] = head(KP__COMMAND_FREEZE, controls[0]);
    to[1] = ++last_name;
    to[2] = count;
    memcpy(to + 3, controls, count * sizeof *to);
    return last_name;
}

static uint32_t target(const kp__field *field, uint32_t type)
{
    return kp__name_number(field->name) | (uint32_t)field->part << 16 | (uint32_t)field->place << 24 |
           type << 28;
}

void kp__send_set_word(kp__number control, const kp__field *field, uint32_t type, uint32_t value)
{
    uint32_t what = target(field, type), *to = take_words(type > KP__TYPE_TRUE ? 3 : 2);

    to[0] = head(KP__COMMAND_SET, control);
    to[1] = what;
    if (type > KP__TYPE_TRUE)
        to[2] = value;
}

void kp__send_set_number(kp__number control, const kp__field *field, uint32_t type, double value)
{
    uint32_t what = target(field, type), *to = take_words(4);

    to[0] = head(KP__COMMAND_SET, control);
    to[1] = what;
    memcpy(to + 2, &value, sizeof value);
}

void kp__send_set_text(kp__number control, const kp__field *field, const char *string)
{
    send_with_text(2, head(KP__COMMAND_SET, control), target(field, KP__TYPE_TEXT), string);
}
