// SPDX-License-Identifier: MIT
// Channels. Whoever comes second does the work for both: an item goes straight from the stack of the one to
// that of the other, and the one that waited is woken with the result.
#include "channel.h"

#include <stdlib.h>
#include <string.h>

#include "wait.h"

typedef struct {
    kp__slot slot; // its name is the handle
    kp__owned owned;
    size_t item_size, capacity, count, first; // `first` is the place of the oldest item
    bool closed;
    kp__waiters senders, receivers;
    char *items;
} channel;

static kp__slots channels = KP__SLOTS(channel);

static channel *find(const kp_chan *handle)
{
    uintptr_t name = (uintptr_t)handle;

    return name <= UINT32_MAX ? kp__slot_find(&channels, (uint32_t)name) : NULL;
}

static void end(kp__owned *owned)
{
    channel *self = KP__CONTAINER(owned, channel, owned);

    kp__waiters_wake_all(&self->senders, KP_ESTALE);
    kp__waiters_wake_all(&self->receivers, KP_ESTALE);
    free(self->items);
    kp__slot_free(&channels, self);
}

kp_chan *kp_chan_new(kp_group *name, size_t item_size, size_t capacity)
{
    struct kp_group *group = name ? kp__group_of_handle(name) : kp__group_of_running();
    size_t bytes;

    if (!group || __builtin_mul_overflow(item_size, capacity, &bytes))
        return NULL;
    channel *self = kp__slot_take(&channels);
    if (!self)
        return NULL;
    if (bytes && !(self->items = malloc(bytes))) {
        kp__slot_free(&channels, self);
        return NULL;
    }
    self->item_size = item_size;
    self->capacity = capacity;
    kp__own(&group->owned, &self->owned, end);
    return (kp_chan *)(uintptr_t)self->slot.name;
}

// --- Now or not at all

static void copy(const channel *self, void *to, const void *from)
{
    if (!self->item_size || !to || !from)
        return;
    // An engine calls its own C for a length that it does not know.
    if (self->item_size == sizeof(uint32_t))
        memcpy(to, from, sizeof(uint32_t));
    else
        memcpy(to, from, self->item_size);
}

static char *place(const channel *self, size_t at)
{
    return self->items ? self->items + (self->first + at) % self->capacity * self->item_size : NULL;
}

static int send_now(channel *self, const void *item)
{
    if (!self)
        return KP_ESTALE;
    if (self->closed)
        return KP_EPIPE;
    kp__waiter *receiver = self->receivers.first;
    if (receiver) {
        copy(self, receiver->item, item);
        kp__waiter_wake(receiver, 0);
        return 0;
    }
    if (self->count == self->capacity)
        return KP_EAGAIN;
    copy(self, place(self, self->count++), item);
    return 0;
}

// A sender that waits for room gets what has just become free.
static void refill(channel *self)
{
    kp__waiter *sender = self->senders.first;

    if (!sender)
        return;
    copy(self, place(self, self->count++), sender->item);
    kp__waiter_wake(sender, 0);
}

static int recv_now(channel *self, void *item)
{
    if (!self)
        return KP_ESTALE;
    if (self->count) {
        copy(self, item, place(self, 0));
        self->first = (self->first + 1) % self->capacity;
        self->count--;
        refill(self);
        return 0;
    }
    kp__waiter *sender = self->senders.first;
    if (sender) {
        copy(self, item, sender->item);
        kp__waiter_wake(sender, 0);
        return 0;
    }
    return self->closed ? KP_EPIPE : KP_EAGAIN;
}

int kp__send_now(kp_chan *handle, const void *item)
{
    return send_now(find(handle), item);
}

int kp__recv_now(kp_chan *handle, void *item)
{
    return recv_now(find(handle), item);
}

kp__waiters *kp__senders(kp_chan *handle)
{
    channel *self = find(handle);

    return self ? &self->senders : NULL;
}

kp__waiters *kp__receivers(kp_chan *handle)
{
    channel *self = find(handle);

    return self ? &self->receivers : NULL;
}

// --- What an app calls

int kp_try_send(kp_chan *handle, const void *item)
{
    return kp__send_now(handle, item);
}

int kp_try_recv(kp_chan *handle, void *item)
{
    return kp__recv_now(handle, item);
}

static int begin_send(kp_chan *handle, const void *item, kp__waiter *waiter)
{
    channel *self = find(handle);
    int result = kp__may_wait();

    if (!result)
        result = send_now(self, item);
    return result == KP_EAGAIN
               ? kp__begin_wait_in("a receiver", &self->senders, waiter, (void *)(uintptr_t)item)
               : result;
}

KP__SUSPENDS int kp_send(kp_chan *handle, const void *item)
{
    kp__waiter waiter;

    return KP__WAIT(begin_send(handle, item, &waiter));
}

static int begin_recv(kp_chan *handle, void *item, kp__waiter *waiter)
{
    channel *self = find(handle);
    int result = kp__may_wait();

    if (!result)
        result = recv_now(self, item);
    return result == KP_EAGAIN ? kp__begin_wait_in("a sender", &self->receivers, waiter, item) : result;
}

KP__SUSPENDS int kp_recv(kp_chan *handle, void *item)
{
    kp__waiter waiter;

    return KP__WAIT(begin_recv(handle, item, &waiter));
}

int kp_chan_close(kp_chan *handle)
{
    channel *self = find(handle);

    if (!self)
        return KP_ESTALE;
    self->closed = true;
    kp__waiters_wake_all(&self->senders, KP_EPIPE);
    kp__waiters_wake_all(&self->receivers, KP_EPIPE);
    return 0;
}

int kp_chan_count(kp_chan *handle)
{
    const channel *self = find(handle);

    return self ? (int)self->count : KP_ESTALE;
}
