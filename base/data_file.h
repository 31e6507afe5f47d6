/* A data file being read: plain or compressed by gzip, byte by byte or in blocks.
 *
 * Memory: data_file_open() acquires, data_file_close() frees (NULL is allowed); the path is the
 * caller's and must live as long.
 * Errors: CANNOT_READ with the system's reason; a damaged or truncated gzip stream is BAD_DATA.  A
 * failure while reading looks like the end of the file, and data_file_check() tells. */
#ifndef BASE_DATA_FILE_H
#define BASE_DATA_FILE_H

#include "base/status.h"

#include <stddef.h>

struct data_file; /* opaque */

enum status data_file_open(const char *path, struct data_file **file) MUST_CHECK;
int data_file_first(struct data_file *file); /* the first byte, which stays; -1: none */
int data_file_byte(struct data_file *file);  /* -1 at the end */

/* Reads at most `most` bytes and returns how many. */
size_t data_file_bytes(struct data_file *file, size_t most, unsigned char *bytes);
enum status data_file_check(struct data_file *file) MUST_CHECK;
const char *data_file_path(const struct data_file *file);
void data_file_close(struct data_file *file);

#endif
