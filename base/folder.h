/* Output directories and whole files.
 *
 * folder_create() makes the directory (and its parents) and proves that it can be written by
 * creating and removing a file in it.  folder_write() writes a whole file beside and renames it.
 * Errors: CANNOT_WRITE, CANNOT_READ with the path and the system's reason. */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include "base/status.h"

#include <stddef.h>

enum status folder_create(const char *path) MUST_CHECK;

enum { FOLDER_PATH_MAX = 4096 }; /* bytes of a path with its end, as on Linux */

/* Writes `text` to directory/name, beside and renamed. */
enum status folder_write(const char *directory, const char *name, const char *text) MUST_CHECK;

/* Keeps other processes out of the directory that ask, until folder_unlock() or the end of this one,
 * however it ends.  A shared lock keeps out those alone that want the directory for themselves.
 * BAD_ARGUMENT: another one has it.  Where there is no directory, or the file system knows no locks,
 * *lock is FOLDER_UNLOCKED, and nobody is kept out. */
enum { FOLDER_UNLOCKED = -1 };
enum status folder_lock(const char *path, int *lock) MUST_CHECK;
enum status folder_lock_shared(const char *path, int *lock) MUST_CHECK;
void folder_unlock(int lock);

/* Joins directory and name into path[size]; BAD_ARGUMENT if it does not fit. */
enum status folder_join(const char *directory, const char *name, size_t size,
                        char *path) MUST_CHECK;

#endif
