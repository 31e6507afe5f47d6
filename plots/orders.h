/* Distances against the learning rate, both logarithmic, with the slopes fitted and expected.
 *
 * Each series has points, with bars where they have standard errors; the line that was fitted, drawn
 * over the points that were fitted; and the slope that is expected, dashed, through its smallest eta.
 * Files: NAME.tsv (eta, then value and error of each series), NAME.gp and its three pictures.
 * Shapes: eta[count]; value[count], error[count] of each series, error NULL: none; values that are
 * not positive and finite are left out.
 * Memory: none kept.  Errors: those of tables and figure_draw(). */
#ifndef PLOTS_ORDERS_H
#define PLOTS_ORDERS_H

#include "base/status.h"

#include <stddef.h>

enum { ORDERS_CAPTIONS = 3, ORDERS_SERIES_MOST = 5 };

struct orders_series {
    const char *label;  /* with the slope, as the legend has it */
    const char *column; /* its name in the table */
    const double *value, *error;
    double slope, constant; /* constant eta^slope; NAN: nothing was fitted */
    size_t first, used;     /* the points that were fitted */
    double expected;        /* slope */
};

struct orders_figure {
    const char *directory, *name;
    const char *title, *caption[ORDERS_CAPTIONS]; /* plain text; may be NULL */
    size_t count;
    const double *eta; /* decreasing */
    size_t series;
    struct orders_series list[ORDERS_SERIES_MOST];
};

enum status orders_draw(const struct orders_figure *figure) MUST_CHECK;

#endif
