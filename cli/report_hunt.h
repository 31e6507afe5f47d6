/* What a hunt has searched and found, out of hunt.json and the witness of a directory, into a report.
 * Errors: CANNOT_READ, BAD_DATA for a file that is no hunt's; NO_MEMORY. */
#ifndef CLI_REPORT_HUNT_H
#define CLI_REPORT_HUNT_H

#include "cli/report_manifest.h"

enum status report_hunt(const struct report_manifest *manifest, struct report *report) MUST_CHECK;

#endif
