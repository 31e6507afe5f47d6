/* A whole file in memory, with a zero byte behind it.
 *
 * Memory: freed by content_free(), NULL-safe.  Errors: CANNOT_READ with the path and the system's
 * reason, BAD_DATA for a file of more than `most` bytes, NO_MEMORY. */
#ifndef PLOTS_CONTENT_H
#define PLOTS_CONTENT_H

#include "base/status.h"

#include <stddef.h>

struct content {
    size_t length;
    char *text; /* [length + 1] */
};

enum status content_read(const char *directory, const char *name, size_t most,
                         struct content *content) MUST_CHECK;
void content_free(struct content *content);

#endif
