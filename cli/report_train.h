/* What training has come to, out of its tables, into a report: the last measurement of every run, and
 * of its layers.  Errors: CANNOT_READ, BAD_DATA for tables that are not those of a training; NO_MEMORY. */
#ifndef CLI_REPORT_TRAIN_H
#define CLI_REPORT_TRAIN_H

#include "cli/report_manifest.h"

enum status report_train(const struct report_manifest *manifest, struct report *report) MUST_CHECK;

#endif
