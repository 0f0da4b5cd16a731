/* SPDX-License-Identifier: MIT
 * Files that a run leaves behind (sim/cmd/output.h). */
#define _GNU_SOURCE /* fallocate */
#include "sim/cmd/output.h"
#include "sim/cmd/selkirk.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int cannot_write(const struct output *o, int error) {
    return complain(STATUS_CANNOT_WRITE, "cannot write '%s': %s", o->path, strerror(error));
}

static bool is_regular(int fd) {
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/* Is there room for a block behind what the file holds? Changes nothing that can be read. */
static bool has_room(int fd) {
    enum { BLOCK = 4096 };
    struct stat st;
    if (!is_regular(fd)) /* a write of nothing fails on /dev/full and disturbs no other device */
        return write(fd, "", 0) == 0;
    return fstat(fd, &st) == 0 &&
           (fallocate(fd, FALLOC_FL_KEEP_SIZE, st.st_size, BLOCK) == 0 || errno != ENOSPC);
}

int output_open(struct output *o, const char *path) {
    *o = (struct output){.path = path};
    if (path == NULL)
        return 0;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    o->is_new = fd >= 0;
    if (fd < 0 && errno == EEXIST)
        fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666); /* or a link to nowhere */
    if (fd >= 0 && has_room(fd) && (o->file = fdopen(fd, "wb")) != NULL)
        return 0;
    int error = errno;
    if (fd >= 0)
        close(fd);
    if (o->is_new)
        unlink(path);
    return cannot_write(o, error);
}

bool output_is_same(const struct output *o, const char *path) {
    struct stat a, b;
    return o->file != NULL && path != NULL && fstat(fileno(o->file), &a) == 0 &&
           stat(path, &b) == 0 && S_ISREG(a.st_mode) && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

bool output_is_regular(const struct output *o) {
    return is_regular(fileno(o->file));
}

FILE *output_begin(struct output *o) {
    if (output_is_regular(o) && ftruncate(fileno(o->file), 0) != 0)
        o->error = errno;
    return o->file;
}

int output_end(struct output *o) {
    bool is_good = ferror(o->file) == 0; /* its errno is gone */
    if (fflush(o->file) != 0 && o->error == 0)
        o->error = errno;
    if (fclose(o->file) != 0 && o->error == 0)
        o->error = errno;
    o->file = NULL;
    if (is_good && o->error == 0)
        return 0;
    return cannot_write(o, o->error != 0 ? o->error : EIO);
}

void output_abandon(struct output *o) {
    if (o->file == NULL)
        return;
    fclose(o->file);
    o->file = NULL;
    if (o->is_new)
        unlink(o->path);
}
