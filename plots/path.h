/* Paths in a plane of two unknowns: of one trajectory, or of several from one start.
 *
 * A path is a curve of a table, with arrowheads where it is told to have some, or the points of steps.
 * Marks are those of all figures: filled where it settles, half-filled at a saddle, open where repelled.
 * Tables: tab-separated, in the directory; heads stand in NAME-heads.tsv (x y dx dy).
 * Memory: borrowed.  Errors: as figure_draw(). */
#ifndef PLOTS_PATH_H
#define PLOTS_PATH_H

#include "plots/legend.h"

#include <stdbool.h>

enum { PATH_SERIES_MOST = 6, PATH_MARKS_MOST = 4, PATH_CAPTIONS = 3 };

enum path_kind { PATH_LINE, PATH_DASHED, PATH_STEPS };

struct path_series {
    enum path_kind kind;
    const char *table, *label;
    size_t index;     /* block of the table */
    size_t column[2]; /* of x and y, from 1 */
};

struct path_mark {
    double at[2];
    enum legend_mark mark;
    const char *label;
};

struct path_figure {
    const char *directory, *name;
    const char *title, *caption[PATH_CAPTIONS]; /* plain text, broken into lines; may be NULL */
    const char *axis[2];
    double low[2], high[2]; /* of all that is drawn */
    bool heads;
    size_t count;
    struct path_series series[PATH_SERIES_MOST];
    size_t marks;
    struct path_mark mark[PATH_MARKS_MOST];
};

enum status path_draw(const struct path_figure *figure) MUST_CHECK;

#endif
