// SPDX-License-Identifier: MIT
#ifndef KP__TICKET_H
#define KP__TICKET_H

#include "../include/kapok.h"

// As kp_suspend and kp_resume, but with a text that comes with the answer: malloc'ed, given to who waited.
int kp__suspend(kp_ticket ticket, const char *why, void (*abort_it)(void *), void *argument, char **text);
int kp__answer(kp_ticket ticket, int result, char *text);

#endif
