/* The package of a hunt.
 *
 *   summary.txt            what the terminal shows
 *   hunt.json              the same for programs, as --json prints it
 *   witness.json           the smallest violation, as rationals, and how it was found and confirmed
 *   reproduce.sh           one line: settle run ...
 *   trajectory.tsv, .svg   where it goes
 *   KIND.certificate       where that is proved, for settle-check; if the format has a kind for it
 *   manifest.json
 * Without a violation: summary.txt, hunt.json and manifest.json.
 * Memory: none is kept.  Errors: CANNOT_WRITE, NO_MEMORY; a missing gnuplot is none. */
#ifndef CLI_HUNT_FILES_H
#define CLI_HUNT_FILES_H

#include "cli/certificate_file.h"
#include "cli/hunt_print.h"
#include "cli/manifest.h"

/* Fills result->directory, certificate (in name[]) and why_not. */
enum status hunt_files_save(struct hunt_result *result, struct manifest *manifest,
                            char name[CERTIFICATE_FILE_NAME]) MUST_CHECK;

#endif
