/* A file written beside its final name, which it gets only when it is whole.
 *
 * draft_open() makes a hidden file in the same directory; draft_keep() flushes it to the disk,
 * checks every write and renames it; draft_discard() removes it.  So a reader never sees half a
 * file, and a crash or a full disk leaves the old one. Memory: one block, freed by draft_keep() and
 * draft_discard() (NULL is allowed). Errors: CANNOT_WRITE with the path and the system's reason;
 * BAD_ARGUMENT (path too long), NO_MEMORY. */
#ifndef BASE_DRAFT_H
#define BASE_DRAFT_H

#include "base/status.h"

#include <stdio.h>

struct draft; /* opaque */

enum status draft_open(const char *directory, const char *name, struct draft **draft) MUST_CHECK;
FILE *draft_file(struct draft *draft); /* to write to; not to be closed */
/* Its hidden file, for a library that opens what it writes by name; the file is there, empty. */
const char *draft_path(const struct draft *draft);
void draft_failed(struct draft *draft); /* remembers errno of the first write that failed */
enum status draft_keep(struct draft *draft) MUST_CHECK;
void draft_discard(struct draft *draft);

/* Removes what processes that were killed have left of files whose names begin so. */
void draft_clear(const char *directory, const char *begin);

#endif
