/* Figures of a random ensemble: the histogram of each of its values, class by class.
 *
 * Files in the directory of the manifest: basin-VALUE.tsv, .gp, .pdf, .png, .svg of each of the
 * first six values that differ.  Maps have none: basin_picture.h.
 * Memory: that of a tile.  Errors: those of plots/histogram.h and of the reader of the basin; a
 * missing gnuplot is a line on stderr. */
#ifndef CLI_BASIN_HISTOGRAM_H
#define CLI_BASIN_HISTOGRAM_H

#include "cli/manifest.h"
#include "ode/basin_statistics.h"
#include "plots/histogram.h"

struct basin_histogram {
    const char *caption[HISTOGRAM_CAPTIONS]; /* plain text; may be NULL */
    const struct basin_share *share;         /* [classes] */
};

enum status basin_histogram_save(const struct basin *basin, const struct basin_histogram *histogram,
                                 struct manifest *manifest) MUST_CHECK;

#endif
