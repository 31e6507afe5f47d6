/* settle prove THEOREM: the exact proof of a record, step by step.
 *
 * Memory: none is kept.  Errors: UNKNOWN_NAME with the nearest system or theorem, BAD_ARGUMENT for
 * options that only systems have, CANNOT_WRITE. */
#ifndef CLI_PROVE_THEOREM_H
#define CLI_PROVE_THEOREM_H

#include "cli/command.h"
#include "cli/manifest.h"
#include "cli/options.h"
#include "proofs-check/verify.h"

#include <stdbool.h>

/* The word is no system: a theorem, or a mistake. */
bool prove_theorem_is_asked(const struct options *options);

enum status prove_theorem_run(const struct options *options, enum exit_code *exit_code) MUST_CHECK;

enum { PROVE_FILE_MAX = 128 };

/* Into the directory: the steps as text, "ID.proof", and where the format of certificates has a
 * kind for it, one certificate for each depth, "ID-L.certificate", or for each instance that blows up,
 * "ID-K.certificate".  file[PROVE_FILE_MAX] is the name of the last one, or else that of the text. */
enum status prove_theorem_save(const char *directory, const struct theorem *theorem,
                               const struct proof *proof, char *file) MUST_CHECK;

/* Lists what prove_theorem_save() has written, in this run or in one that it goes on from. */
void prove_theorem_outputs(struct manifest *manifest, const struct theorem *theorem);

#endif
