/* A data file being read: plain or compressed by gzip, byte by byte or in blocks.
 *
 * Memory: moments_file_open() acquires, moments_file_close() frees (NULL is allowed).
 * Errors: CANNOT_READ with the system's reason; a damaged or truncated gzip stream is BAD_DATA.  A
 * failure while reading looks like the end of the file, and moments_file_check() tells. */
#ifndef LINEAR_MOMENTS_FILE_H
#define LINEAR_MOMENTS_FILE_H

#include "base/status.h"

#include <stddef.h>

struct moments_file; /* opaque */

enum status moments_file_open(const char *path, struct moments_file **file) MUST_CHECK;
int moments_file_first(struct moments_file *file); /* the first byte, which stays; -1: none */
int moments_file_byte(struct moments_file *file);  /* -1 at the end */

/* Reads at most `most` bytes and returns how many. */
size_t moments_file_bytes(struct moments_file *file, size_t most, unsigned char *bytes);
enum status moments_file_check(struct moments_file *file) MUST_CHECK;
const char *moments_file_path(const struct moments_file *file);
void moments_file_close(struct moments_file *file);

#endif
