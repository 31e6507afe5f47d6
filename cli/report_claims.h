/* The claims of a verification, out of its store, into a report.
 *
 * Verdicts, counts, witnesses and reasons are the store's; statement, source and control are those of
 * the theorem of that name in this program, and its sampler says again what the worst instance was.
 * A theorem that this program does not have is a warning and is reported without them.
 * Errors: BAD_DATA for a store that is damaged or of another layout; NO_MEMORY. */
#ifndef CLI_REPORT_CLAIMS_H
#define CLI_REPORT_CLAIMS_H

#include "cli/report_manifest.h"

enum status report_claims(const struct report_manifest *manifest, struct report *report) MUST_CHECK;

#endif
