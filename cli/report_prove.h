/* What was proved, out of certificates and proofs of a directory, into a report: claims, limits, steps.
 * Errors: CANNOT_READ, BAD_DATA for files without the lines that are looked for; NO_MEMORY. */
#ifndef CLI_REPORT_PROVE_H
#define CLI_REPORT_PROVE_H

#include "cli/report_manifest.h"

enum status report_prove(const struct report_manifest *manifest, struct report *report) MUST_CHECK;

#endif
