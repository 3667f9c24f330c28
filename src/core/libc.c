// SPDX-License-Identifier: MIT
// What libc waits with, so that unmodified C suspends its task and not the page. These take the place of
// libc's own. There is nothing to read from, so what is asked to become readable never does.
#define _GNU_SOURCE // usleep, clock_nanosleep
#include <errno.h>
#include <poll.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "../include/kapok.h"

static bool is_valid(const struct timespec *time)
{
    return time && time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < 1000000000;
}

// Up to the next millisecond: never less than was asked for. Beyond ages it is ages.
static int64_t milliseconds_of(const struct timespec *time)
{
    int64_t seconds = time->tv_sec < INT32_MAX ? (int64_t)time->tv_sec : INT32_MAX;

    return seconds * 1000 + (time->tv_nsec + 999999) / 1000000;
}

static struct timespec time_of(int64_t milliseconds)
{
    if (milliseconds < 0)
        milliseconds = 0;
    return (struct timespec){ .tv_sec = (time_t)(milliseconds / 1000),
                              .tv_nsec = (long)(milliseconds % 1000 * 1000000) };
}

// Returns 0, or EINTR with what was left of the time.
static int sleep_for(int64_t milliseconds, struct timespec *left)
{
    int64_t until = kp_now() + milliseconds;

    if (milliseconds == 0 || kp_sleep(milliseconds) == 0)
        return 0;
    if (left)
        *left = time_of(until - kp_now());
    return EINTR;
}

int nanosleep(const struct timespec *time, struct timespec *left)
{
    int failed = is_valid(time) ? sleep_for(milliseconds_of(time), left) : EINVAL;

    if (failed)
        errno = failed;
    return failed ? -1 : 0;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *left)
{
    struct timespec now;

    if (!is_valid(time) || clock_gettime(clock, &now) != 0)
        return EINVAL;
    if (!(flags & TIMER_ABSTIME))
        return sleep_for(milliseconds_of(time), left);
    int64_t wait = milliseconds_of(time) - (int64_t)now.tv_sec * 1000 - now.tv_nsec / 1000000;
    return sleep_for(wait > 0 ? wait : 0, NULL);
}

unsigned sleep(unsigned seconds)
{
    struct timespec left;

    return sleep_for((int64_t)seconds * 1000, &left) == 0 ? 0 : (unsigned)left.tv_sec + (left.tv_nsec > 0);
}

int usleep(useconds_t microseconds)
{
    if (sleep_for(((int64_t)microseconds + 999) / 1000, NULL) == 0)
        return 0;
    errno = EINTR;
    return -1;
}

// Output can always be written.
static int ready_now(struct pollfd *files, nfds_t count)
{
    int ready = 0;

    for (nfds_t i = 0; i < count; i++) {
        files[i].revents = 0;
        if (files[i].fd == STDOUT_FILENO || files[i].fd == STDERR_FILENO)
            files[i].revents = (short)(files[i].events & POLLOUT);
        else if (files[i].fd > STDERR_FILENO)
            files[i].revents = POLLNVAL;
        ready += files[i].revents != 0;
    }
    return ready;
}

static int wait_in_vain(int64_t milliseconds)
{
    static const int64_t ages = INT64_C(1) << 40;

    if (kp_sleep(milliseconds < 0 ? ages : milliseconds) == 0)
        return 0;
    errno = EINTR;
    return -1;
}

int poll(struct pollfd *files, nfds_t count, int timeout)
{
    int ready = ready_now(files, count);

    return ready ? ready : wait_in_vain(timeout);
}

int select(int count, fd_set *restrict reading, fd_set *restrict writing, fd_set *restrict failing,
           struct timeval *restrict timeout)
{
    int ready = 0;

    for (int i = 0; i < count; i++) {
        bool writable = i == STDOUT_FILENO || i == STDERR_FILENO;
        bool asked = (reading && FD_ISSET(i, reading)) || (writing && FD_ISSET(i, writing)) ||
                     (failing && FD_ISSET(i, failing));
        if (asked && i > STDERR_FILENO) {
            errno = EBADF;
            return -1;
        }
        if (reading)
            FD_CLR(i, reading);
        if (failing)
            FD_CLR(i, failing);
        if (writing && !writable)
            FD_CLR(i, writing);
        ready += writing && writable && FD_ISSET(i, writing);
    }
    if (ready)
        return ready;
    if (timeout && (timeout->tv_sec < 0 || timeout->tv_usec < 0)) {
        errno = EINVAL;
        return -1;
    }
    return wait_in_vain(timeout ? (int64_t)timeout->tv_sec * 1000 + (timeout->tv_usec + 999) / 1000 : -1);
}
