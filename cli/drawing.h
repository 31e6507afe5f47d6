/* What becomes of a figure: drawn and listed in the manifest, or a note that gnuplot is missing.
 *
 * A missing gnuplot is not a failure: tables and script are there, and one line on stderr says so.
 */
#ifndef CLI_DRAWING_H
#define CLI_DRAWING_H

#include "cli/manifest.h"

/* `drawn` is what figure_draw() or a function built on it returned for the figure `name`. */
enum status drawing_finish(struct manifest *manifest, const char *name,
                           enum status drawn) MUST_CHECK;

#endif
