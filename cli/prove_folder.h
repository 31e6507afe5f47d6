/* settle prove --out DIR: the folder of an answer.
 *
 * Whatever comes out, undecided too, the folder holds the answer as --json prints it, answer.json;
 * certificates and steps stand beside it.
 * Memory: the manifest of prove_folder_open() goes to prove_folder_close() or manifest_free().
 * Errors: BAD_ARGUMENT for a directory that cannot be made or written, or that another process works
 * in; CANNOT_WRITE, NO_MEMORY. */
#ifndef CLI_PROVE_FOLDER_H
#define CLI_PROVE_FOLDER_H

#include "cli/manifest.h"

/* Makes the directory ready, or leaves *manifest = NULL where there is no --out: before the proof. */
enum status prove_folder_open(const struct options *options, struct manifest **manifest) MUST_CHECK;

/* Saves the answer and closes the manifest, in any case; takes over both. */
enum status prove_folder_close(struct manifest *manifest, json_t *answer) MUST_CHECK;

#endif
