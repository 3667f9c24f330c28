// SPDX-License-Identifier: MIT
// Only in apps built with wasi-libc: what its files call. A page has none, so that each fails, as it does
// with Emscripten. The names are those under which wasi-libc imports a function of the standard, WASI
// preview 1.
#include <stdint.h>

#define ENOSYS 52 // as the standard numbers errors
#define EBADF 8

#define CALL(name, error, ...)                                                          \
    int32_t __imported_wasi_snapshot_preview1_##name(__VA_ARGS__);                      \
    __attribute__((weak)) int32_t __imported_wasi_snapshot_preview1_##name(__VA_ARGS__) \
    {                                                                                   \
        return error;                                                                   \
    }

// Which folders it was given: there is not even the first.
CALL(fd_prestat_get, EBADF, int32_t, int32_t)
CALL(fd_prestat_dir_name, EBADF, int32_t, int32_t, int32_t)

CALL(fd_advise, ENOSYS, int32_t, int64_t, int64_t, int32_t)
CALL(fd_allocate, ENOSYS, int32_t, int64_t, int64_t)
CALL(fd_datasync, ENOSYS, int32_t)
CALL(fd_fdstat_set_flags, ENOSYS, int32_t, int32_t)
CALL(fd_filestat_get, ENOSYS, int32_t, int32_t)
CALL(fd_filestat_set_size, ENOSYS, int32_t, int64_t)
CALL(fd_filestat_set_times, ENOSYS, int32_t, int64_t, int64_t, int32_t)
CALL(fd_pread, ENOSYS, int32_t, int32_t, int32_t, int64_t, int32_t)
CALL(fd_pwrite, ENOSYS, int32_t, int32_t, int32_t, int64_t, int32_t)
CALL(fd_readdir, ENOSYS, int32_t, int32_t, int32_t, int64_t, int32_t)
CALL(fd_renumber, ENOSYS, int32_t, int32_t)
CALL(fd_sync, ENOSYS, int32_t)
CALL(fd_tell, ENOSYS, int32_t, int32_t)
CALL(path_create_directory, ENOSYS, int32_t, int32_t, int32_t)
CALL(path_filestat_get, ENOSYS, int32_t, int32_t, int32_t, int32_t, int32_t)
CALL(path_filestat_set_times, ENOSYS, int32_t, int32_t, int32_t, int32_t, int64_t, int64_t, int32_t)
CALL(path_link, ENOSYS, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t)
CALL(path_open, ENOSYS, int32_t, int32_t, int32_t, int32_t, int32_t, int64_t, int64_t, int32_t, int32_t)
CALL(path_readlink, ENOSYS, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t)
CALL(path_remove_directory, ENOSYS, int32_t, int32_t, int32_t)
CALL(path_rename, ENOSYS, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t)
CALL(path_symlink, ENOSYS, int32_t, int32_t, int32_t, int32_t, int32_t)
CALL(path_unlink_file, ENOSYS, int32_t, int32_t, int32_t)
