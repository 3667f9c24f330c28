// SPDX-License-Identifier: MIT
#define KP__CORE
#include <string.h>

#include "../include/kapok.h"

const kp_file *kp_file_find(const char *path)
{
    for (const kp_file *file = kp_files; path && file->path; file++)
        if (!strcmp(file->path, path))
            return file;
    return NULL;
}
