// SPDX-License-Identifier: MIT
// What is to change on the page: commands gathered in a buffer and handed to JavaScript in one batch.
#ifndef KP__COMMANDS_H
#define KP__COMMANDS_H

#include "host.gen.h"
#include "kind.h"

// A control on this side of the border is known by its slot's index, see slots.h.
typedef uint32_t kp__number;

void kp__send(uint32_t command, kp__number control);
void kp__send_word(uint32_t command, kp__number control, uint32_t operand);
void kp__send_text(uint32_t command, kp__number control, const char *text);

// A `set` command: of the thing that `field` describes.
// `value` is for a name or an int; none, false and true have no word.
void kp__send_set_word(kp__number control, const kp__field *field, uint32_t type, uint32_t value);
void kp__send_set_number(kp__number control, const kp__field *field, uint32_t type, double value);
void kp__send_set_text(kp__number control, const kp__field *field, const char *text);

// KP__COMMAND_INSERT or, of what is on the page already, KP__COMMAND_MOVE.
void kp__send_insert(uint32_t command, kp__number control, kp__number parent, kp__number before);
// Controls of neighbouring numbers that are sent one after the other are one command.
void kp__send_forget(kp__number control);
void kp__send_listen(kp__number control, kp__name *event, bool on);

// Makes a template of controls that are one tree, the root first. They are at most KP__MOST_PARTS. Returns
// its number.
uint32_t kp__send_freeze(const kp__number *controls, uint32_t count);
#define KP__MOST_PARTS 255

// The number of a name, which is announced if it is new.
uint32_t kp__name_number(kp__name *name);
uint32_t kp__template_number(kp__name *markup);

// How much is gathered.
extern uint32_t kp__word_count;

// Hands over what is gathered. Returns 0 or the code of the first command that failed.
int kp__flush(void);

#endif
