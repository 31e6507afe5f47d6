/* A certificate as a file: its text, the line `end` with the SHA-256 of the text, beside and renamed.
 *
 * Errors: CANNOT_WRITE with the path and the system's reason, NO_MEMORY. */
#ifndef CLI_CERTIFICATE_FILE_H
#define CLI_CERTIFICATE_FILE_H

#include "exact/certificate.h"

/* The certificate has a text. */
enum status certificate_file_save(const struct certificate *certificate, const char *directory,
                                  const char *name) MUST_CHECK;

#endif
