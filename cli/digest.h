/* SHA-256 of a file, by which a manifest names its outputs, and of a text.
 *
 * Shapes: hex[DIGEST_TEXT], ended by a zero byte.  Errors: CANNOT_READ. */
#ifndef CLI_DIGEST_H
#define CLI_DIGEST_H

#include "base/status.h"

#include <stddef.h>

enum { DIGEST_TEXT = 65 }; /* 32 bytes in hexadecimal and the end of the text */

/* Of length bytes in memory. */
void digest_bytes(const char *bytes, size_t length, char hex[DIGEST_TEXT]);

enum status digest_file(const char *path, char hex[DIGEST_TEXT]) MUST_CHECK;

#endif
