// SPDX-License-Identifier: MIT
// What a program without files has. It is linked only where the build has made no other kp_files.
#include "../include/kapok.h"

const kp_file kp_files[] = { { NULL, NULL, 0 } };
