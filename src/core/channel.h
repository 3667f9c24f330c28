// SPDX-License-Identifier: MIT
// Channels, as kp_select needs them.
#ifndef KP__CHANNEL_H
#define KP__CHANNEL_H

#include "task.h"

// Does it now, or returns KP_EAGAIN. A task that waits at both ends in one select never meets itself: it
// stands in no queue when it tries.
int kp__send_now(kp_chan *channel, const void *item);
int kp__recv_now(kp_chan *channel, void *item);

// Where tasks wait to send or to receive. NULL when the channel is gone.
kp__waiters *kp__senders(kp_chan *channel);
kp__waiters *kp__receivers(kp_chan *channel);

#endif
