/* How often a number of the starts of an ensemble has which size, class by class.
 *
 * Counts of the groups are stacked in steps of equal width, in the logarithm if the axis is
 * logarithmic.  What has no number is not drawn: its groups stand in the legend alone.
 * Files: NAME.tsv (low, high, a column of counts for each group), NAME.gp and its three pictures.
 * Shapes: count[bins*groups].  Memory: none kept.  Errors: those of tables and figure_draw(). */
#ifndef PLOTS_HISTOGRAM_H
#define PLOTS_HISTOGRAM_H

#include "base/status.h"
#include "plots/colour.h"

#include <stdbool.h>
#include <stddef.h>

enum { HISTOGRAM_CAPTIONS = 3 };

struct histogram_group {
    const char *label;
    struct colour colour;
    bool drawn; /* has it numbers at all? */
};

struct histogram_figure {
    const char *directory, *name;
    const char *title, *caption[HISTOGRAM_CAPTIONS]; /* plain text; may be NULL */
    const char *value;                               /* what is counted */
    double low, high;                                /* low < high */
    bool logarithmic;                                /* low > 0 */
    bool whole; /* values are whole numbers, in the middles of the steps */
    size_t bins, groups;
    const size_t *count;                 /* [bins*groups] */
    const struct histogram_group *group; /* [groups] */
};

enum status histogram_draw(const struct histogram_figure *figure) MUST_CHECK;

/* Step k ends where the next one begins. */
double histogram_edge(const struct histogram_figure *figure, size_t k);

#endif
