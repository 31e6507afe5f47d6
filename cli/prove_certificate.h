/* settle prove SYSTEM --out DIR: the certificate of what was proved.
 *
 * Memory: a zero-initialised struct; prove_certificate_free().  Errors: CANNOT_WRITE, NO_MEMORY. */
#ifndef CLI_PROVE_CERTIFICATE_H
#define CLI_PROVE_CERTIFICATE_H

#include "cli/certificate_file.h"
#include "cli/columns.h"
#include "cli/exact_result.h"
#include "cli/manifest.h"

struct prove_certificate {
    struct certificate certificate;
    char file[CERTIFICATE_FILE_NAME]; /* "KIND.certificate"; "": none */
};

/* Writes the certificate, if there is a kind for it. */
enum status prove_certificate_save(const struct exact_result *result, const struct options *options,
                                   struct manifest *manifest,
                                   struct prove_certificate *certificate) MUST_CHECK;
void prove_certificate_free(struct prove_certificate *certificate);

/* File and claim, or why there is none. */
void prove_certificate_lines(const struct prove_certificate *certificate, const char *directory,
                             struct columns *columns);

#endif
