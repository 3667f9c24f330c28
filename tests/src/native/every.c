// SPDX-License-Identifier: MIT
// Runs a test's app again and again, each time in a process of its own, and each time something else goes
// wrong: EVERY=cancel: the n-th task that is about to wait is canceled there; EVERY=malloc: the n-th
// allocation fails; EVERY=memory: and so do all that follow. What the app checks does not count then. But it
// must not crash, nor leak, nor wake a task twice, and all its tasks and groups must come to their end. With
// ONLY=n there is one run, in this process, for a debugger.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../src/core/task.h"
#include "host.h"

#define PATIENCE_S 20   // with one run, which takes milliseconds
#define NOT_REACHED 77  // the exit status of a run that was over before the n-th came
#define MOST_SHOWN 5000 // bytes of what a run that failed has written

// --- What the core calls, seen on the way

static uint32_t waits;

void __real_kp__rehearse_wait(void);
void __wrap_kp__rehearse_wait(void)
{
    waits += kp__running != NULL;
    __real_kp__rehearse_wait();
}

void __real_kp__wake(kp__task *task, int result);
void __wrap_kp__wake(kp__task *task, int result)
{
    if (!task->why) {
        printf("The task %s was woken twice.\n", task->name);
        abort();
    }
    __real_kp__wake(task, result);
}

static kp__slots *groups;

void *__real_kp__slot_take(kp__slots *slots);
void *__wrap_kp__slot_take(kp__slots *slots)
{
    if (slots->size == sizeof(struct kp_group))
        groups = slots;
    return __real_kp__slot_take(slots);
}

// Those that tasks have made: the others live as long as their controls.
static int living_groups(void)
{
    int count = 0;

    for (uint32_t i = 1; groups && i <= groups->made; i++) {
        const struct kp_group *group = kp__slot_at(groups, i);
        count += group && group->parent;
    }
    return count;
}

// --- One run

static long failing; // the allocation; 0: none

// Before this, the app has not begun; that it cannot begin is another matter.
int __real_kp__main(void);
int __wrap_kp__main(void)
{
    kp__test_allocations = failing - 1;
    return __real_kp__main();
}

_Noreturn static void run(const char *what, uint32_t n)
{
    bool cancels = !strcmp(what, "cancel");

    alarm(PATIENCE_S);
    failing = cancels ? 0 : n;
    kp__test_for_good = !strcmp(what, "memory");
    int tasks = kp__test_drain(cancels ? n : 0);
    if (tasks || living_groups()) {
        printf("%d tasks and %d groups have not ended.\n", tasks, living_groups());
        exit(1);
    }
    exit((cancels ? waits < n : !kp__test_ran_short) ? NOT_REACHED : 0);
}

static void show(FILE *log)
{
    char bytes[MOST_SHOWN];

    rewind(log);
    fwrite(bytes, 1, fread(bytes, 1, sizeof bytes, log), stdout);
}

// Returns its exit status, or the number of the signal that ended it, made negative.
static int run_apart(const char *what, uint32_t n, FILE *log)
{
    int status;

    fflush(NULL);
    if (ftruncate(fileno(log), 0) != 0 || lseek(fileno(log), 0, SEEK_SET) != 0)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        dup2(fileno(log), STDOUT_FILENO);
        dup2(fileno(log), STDERR_FILENO);
        run(what, n);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int kp__test_every(void)
{
    const char *what = getenv("EVERY"), *only = getenv("ONLY");
    FILE *log = tmpfile();
    int failed = 0, result = 0;
    uint32_t n = 0;

    if (only)
        run(what, (uint32_t)atoi(only));
    while (failed < 3 && result != NOT_REACHED) {
        result = run_apart(what, ++n, log);
        if (result == 0 || result == NOT_REACHED)
            continue;
        printf("FAILED at %s %u (%d):\n", what, n, result);
        show(log);
        failed++;
    }
    fclose(log);
    printf("%u runs, %d failed\n", n, failed);
    return failed != 0;
}
