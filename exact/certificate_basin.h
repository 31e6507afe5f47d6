/* The certificate of a map of proved cells, kind basin of notes/certificates.md.
 *
 * Memory: *certificate is freed by certificate_free().  Errors: NO_MEMORY.
 * Only chains and fans under rbp and srbp have this kind. */
#ifndef EXACT_CERTIFICATE_BASIN_H
#define EXACT_CERTIFICATE_BASIN_H

#include "exact/basin_tree.h"
#include "exact/certificate.h"

/* The premise says the same as the statement; its start becomes the window on the axes. */
struct certificate_basin_question {
    struct premise *premise;
    const struct statement *statement;
    const struct basin_tree *tree;
    size_t axis[2]; /* of the tree */
};

enum status certificate_basin(const struct certificate_basin_question *question,
                              struct certificate *certificate) MUST_CHECK;

#endif
