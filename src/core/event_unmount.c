// SPDX-License-Identifier: MIT
#include "event.h"

kp__name kp__name_event_unmount = { "unmount", 0 };

void kp__deliver_unmount(kp__control *control)
{
    kp__listener *listener = kp__listener_for(control, &kp__name_event_unmount);
    kp__delivery *given = listener->handler ? kp__delivery_new(control, listener, "") : NULL;

    if (given)
        kp__run_farewell(control, given);
}
