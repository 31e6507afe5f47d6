/* What a comparison of steps with their flow has come to, out of its tables, into a report: the verdict,
 * the orders with theirs, the distances.  The drifts at every eta are left to their file.
 * Errors: CANNOT_READ, BAD_DATA for tables that are not those of a comparison; NO_MEMORY. */
#ifndef CLI_REPORT_COMPARE_H
#define CLI_REPORT_COMPARE_H

#include "cli/report_manifest.h"

enum status report_compare(const struct report_manifest *manifest,
                           struct report *report) MUST_CHECK;

#endif
