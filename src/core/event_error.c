// SPDX-License-Identifier: MIT
#include "event.h"

kp__name kp__name_event_error = { "error", 0 };

bool kp__queue_error(uint32_t source, int code, const char *message)
{
    kp__control *page = kp__control_of(kp_page), *failed = kp__control_or_removed(source);
    kp__listener *listener = kp__listener_for(page, &kp__name_event_error);
    kp__delivery *given = listener && listener->handler ? kp__delivery_new(page, listener, message) : NULL;

    if (!given)
        return false;
    given->event.code = code;
    given->event.source = kp__handle(failed);
    return kp__queue_handler(page, listener, given);
}
