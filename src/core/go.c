// SPDX-License-Identifier: MIT
// Tasks that the app starts by itself, and what becomes of their results: all others return 0.
#include "report.h"
#include "task.h"

bool (*kp__inherit)(kp__task *task, const kp__task *from);

// The name keeps Asyncify away, see wasm/asyncify.mjs: from kp_go, and from all that call it.
static KP__APART bool kp__nosuspend_inherit(kp__task *task, const kp__task *from)
{
    return !kp__inherit || kp__inherit(task, from);
}

kp_task kp__go(kp_group *name, kp_task_function function, const char *function_name, const char *file,
               int line, const kp_task_options *options)
{
    struct kp_group *group = name ? kp__group_of_handle(name) : kp__group_of_running();
    size_t stack = options->stack ? options->stack : KP__STACK_NORMAL;
    kp__task *task =
        group && function ? kp__task_new(group, function, options->argument, stack, false) : NULL;

    if (!task)
        return 0;
    task->name = options->name ? options->name : function_name;
    task->file = file;
    task->line = line;
    if (kp__running && !kp__nosuspend_inherit(task, kp__running)) {
        group->started--;
        kp__task_end(task, KP_ECANCELED);
        return 0;
    }
    kp__task_ready(task);
    return task->slot.name;
}

// --- Their end

static void note_failure(struct kp_group *group, const kp__task *task)
{
    if (group->policy == KP_SUPERVISE && !task->trapped) // of a trap more is known than its code, see app.c
        kp__report(group->owner, task->result, kp_strerror(task->result), task->name, NULL);
    if (group->policy != KP_FAILFAST || group->failure)
        return;
    group->failure = task->result;
    group->failed = task->name;
    group->told = task->trapped;
    kp__group_cancel(group);
}

bool kp__group_note(struct kp_group *group, kp__task *task)
{
    // One that could not be started is not counted.
    bool keeps = group->policy == KP_COLLECT && !group->orphaned && task->number < group->started;

    if (keeps) {
        task->ready_next = NULL;
        if (group->first_ended)
            group->last_ended->ready_next = task;
        else
            group->first_ended = task;
        group->last_ended = task;
    } else if (task->result < 0 && task->result != KP_ECANCELED) {
        note_failure(group, task);
    }
    return keeps;
}
