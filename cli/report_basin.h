/* What a map of basins says, out of its tables, into a report: the shares of the classes with their
 * bounds; of a certified one the proved shares of the area, and whether any start contradicts them.
 * Errors: CANNOT_READ, BAD_DATA for tables that are not those of a map; NO_MEMORY. */
#ifndef CLI_REPORT_BASIN_H
#define CLI_REPORT_BASIN_H

#include "cli/report_manifest.h"

enum status report_basin(const struct report_manifest *manifest, struct report *report) MUST_CHECK;

#endif
