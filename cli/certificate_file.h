/* A certificate as a file: its text, the line `end` with the SHA-256 of the text, beside and renamed.
 *
 * Shapes: name[CERTIFICATE_FILE_NAME].
 * Errors: CANNOT_WRITE with the path and the system's reason, NO_MEMORY. */
#ifndef CLI_CERTIFICATE_FILE_H
#define CLI_CERTIFICATE_FILE_H

#include "exact/certificate.h"

enum { CERTIFICATE_FILE_NAME = 64 };

/* The certificate has a text; its file is called "KIND.certificate". */
enum status certificate_file_save(const struct certificate *certificate, const char *directory,
                                  char name[CERTIFICATE_FILE_NAME]) MUST_CHECK;

/* Under a name that the caller chose. */
enum status certificate_file_save_as(const struct certificate *certificate, const char *directory,
                                     const char *name) MUST_CHECK;

#endif
