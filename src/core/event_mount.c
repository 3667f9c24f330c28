// SPDX-License-Identifier: MIT
#include "event.h"

kp__name kp__name_event_mount = { "mount", 0 };

void kp__queue_mount(kp__control *control)
{
    kp__listener *listener = kp__listener_for(control, &kp__name_event_mount);
    kp__delivery *given = listener->handler ? kp__delivery_new(control, listener, "") : NULL;

    if (given)
        kp__queue_handler(control, listener, given);
}
