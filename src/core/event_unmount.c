// SPDX-License-Identifier: MIT
#include "event.h"

kp__name kp__name_event_unmount = { "unmount", 0 };

void kp__deliver_unmount(kp__control *control)
{
    kp__listener *listener = kp__listener_for(control, &kp__name_event_unmount);
    kp_event event;

    kp__event_begin(&event, control, &kp__name_event_unmount);
    if (listener->handler)
        kp__run_farewell(control, listener, &event);
}
