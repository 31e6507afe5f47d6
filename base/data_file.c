/* Data files through zlib, which reads plain files as they are.
 *
 * One byte of look-ahead decides the format, so that a pipe works as well as a file; zlib's own
 * buffer makes single bytes cheap.  Errors of the stream are asked for once, at the end: zlib
 * remembers the first. */
#include "base/data_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { BUFFER_BYTES = 131072 }; /* of zlib: a few hundred images at a time */

struct data_file {
    const char *path;
    gzFile stream;
};

enum status data_file_open(const char *path, struct data_file **file)
{
    struct data_file *made = calloc(1, sizeof *made);
    if (!made)
        return status_fail(NO_MEMORY, "%s", path);
    errno = 0;
    made->path = path;
    made->stream = gzopen(path, "rb");
    if (!made->stream) {
        free(made);
        return errno ? status_fail(CANNOT_READ, "%s: %s", path, strerror(errno))
                     : status_fail(NO_MEMORY, "%s", path);
    }
    gzbuffer(made->stream, BUFFER_BYTES);
    *file = made;
    return OK;
}

int data_file_byte(struct data_file *file)
{
    return gzgetc(file->stream);
}

int data_file_first(struct data_file *file)
{
    const int byte = gzgetc(file->stream);
    if (byte >= 0)
        gzungetc(byte, file->stream);
    return byte;
}

size_t data_file_bytes(struct data_file *file, size_t most, unsigned char *bytes)
{
    static const size_t BLOCK = 1U << 30; /* gzread takes an unsigned and returns an int */
    size_t got = 0;
    while (got < most) {
        const size_t ask = most - got < BLOCK ? most - got : BLOCK;
        const int read = gzread(file->stream, bytes + got, (unsigned)ask);
        if (read <= 0)
            break;
        got += (size_t)read;
    }
    return got;
}

enum status data_file_check(struct data_file *file)
{
    int code = Z_OK;
    errno = 0;
    const char *message = gzerror(file->stream, &code);
    if (code == Z_OK || code == Z_STREAM_END)
        return OK;
    if (code == Z_ERRNO) /* the message repeats the path */
        return status_fail(CANNOT_READ, "%s", message);
    if (code == Z_MEM_ERROR)
        return status_fail(NO_MEMORY, "%s", file->path);
    return status_fail(BAD_DATA, "%s: the gzip stream is damaged or ends too early (%s)",
                       file->path, code == Z_BUF_ERROR ? "unexpected end" : "wrong data");
}

const char *data_file_path(const struct data_file *file)
{
    return file->path;
}

void data_file_close(struct data_file *file)
{
    if (!file)
        return;
    gzclose_r(file->stream);
    free(file);
}
