/* The figures and tables of a directory of results, into a report.
 *
 * A figure is an SVG that stands in the page, or its PNG where that is not understood; its title is
 * the first line of the gnuplot script that drew it.  Tables are files of tab-separated values that
 * are meant to be read.  Errors: CANNOT_READ, NO_MEMORY. */
#ifndef CLI_REPORT_FIGURES_H
#define CLI_REPORT_FIGURES_H

#include "cli/report_manifest.h"

enum status report_figures(const struct report_manifest *manifest,
                           struct report *report) MUST_CHECK;

/* All tables of at most some hundred rows. */
enum status report_figures_tables(const struct report_manifest *manifest,
                                  struct report *report) MUST_CHECK;

#endif
