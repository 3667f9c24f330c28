// SPDX-License-Identifier: MIT
#include "event.h"

kp__name kp__name_event_mount = { "mount", 0 };

void kp__queue_mount(kp__control *control)
{
    kp__listener *listener = kp__listener_for(control, &kp__name_event_mount);
    kp_event event;

    kp__event_begin(&event, control, &kp__name_event_mount);
    if (listener->handler)
        kp__queue_handler(control, listener, &event);
}
