/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lets the n-th changing call below a folder fail, at the boundary of the C library (LD_PRELOAD).
 * FAULT_ROOT is the folder, FAULT_AT the number of the call, FAULT_KIND ENOSPC, EIO or SHORT.
 * FAULT_COUNT, a file, gets one byte for each call, so that a run without a fault counts them.
 * FAULT_ON, a file, must exist: calls before it does are not counted.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REAL(name) static __typeof__(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name)

static int below(const char *path) {
    const char *root = getenv("FAULT_ROOT");
    return root && path && !strncmp(path, root, strlen(root));
}

static int fd_below(int fd) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    return size > 0 && (path[size] = 0, below(path));
}

/* Returns 0 for a call that goes on, 1 for one that fails with errno, 2 for a short write. */
static int fault(int is_write) {
    static long number;
    const char *on = getenv("FAULT_ON"), *count = getenv("FAULT_COUNT"), *at = getenv("FAULT_AT");
    const char *kind = getenv("FAULT_KIND");
    if (!on || syscall(SYS_faccessat, AT_FDCWD, on, F_OK)) return 0;
    if (count) {
        int fd = syscall(SYS_openat, AT_FDCWD, count, O_WRONLY | O_APPEND | O_CREAT, 0600);
        syscall(SYS_write, fd, "x", 1L);
        syscall(SYS_close, fd);
    }
    if (!at || !kind || ++number != atol(at)) return 0;
    if (!strcmp(kind, "SHORT") && is_write) return 2;
    errno = strcmp(kind, "EIO") ? ENOSPC : EIO;
    return 1;
}

#define FAIL(is_write) int how = fault(is_write); if (how == 1) return -1
ssize_t write(int fd, const void *data, size_t size) {
    REAL(write);
    if (!fd_below(fd)) return real(fd, data, size);
    FAIL(1);
    return real(fd, data, how == 2 ? size / 2 : size);
}
#define PWRITE(name, offset_type) \
    ssize_t name(int fd, const void *data, size_t size, offset_type place) { \
        REAL(name); \
        if (!fd_below(fd)) return real(fd, data, size, place); \
        FAIL(1); \
        return real(fd, data, how == 2 ? size / 2 : size, place); \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)
int fsync(int fd) { REAL(fsync); if (fd_below(fd)) { FAIL(0); } return real(fd); }
int fdatasync(int fd) { REAL(fdatasync); if (fd_below(fd)) { FAIL(0); } return real(fd); }
int unlink(const char *path) { REAL(unlink); if (below(path)) { FAIL(0); } return real(path); }
int rename(const char *from, const char *to) {
    REAL(rename);
    if (below(to)) { FAIL(0); }
    return real(from, to);
}
/* The cipher is loaded with its own symbols first, which would pass this by. */
void *dlopen(const char *name, int flags) { REAL(dlopen); return real(name, flags & ~RTLD_DEEPBIND); }
