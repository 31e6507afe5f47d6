/* A phase portrait in a box of three unknowns, from tables that its caller has written.
 *
 * Tables in the directory, tab-separated, curves separated by blank lines:
 *   space-attracting.tsv     x y z             fixed points that attract: curves on their surface
 *   space-repelling.tsv, space-saddles.tsv, space-neutral.tsv
 *   space-trajectories.tsv   t x y z
 *   space-heads.tsv          x y z dx dy dz    arrowheads on trajectories
 *   space-limits.tsv         x y z             limits that attract
 *   space-saddle-limits.tsv  x y z             limits at saddles
 *   space-starts.tsv         x y z             where the trajectory of --init begins
 * Errors: as figure_draw(). */
#ifndef PLOTS_SPACE_H
#define PLOTS_SPACE_H

#include "base/status.h"

#include <stdbool.h>

enum space_table {
    SPACE_ATTRACTING,
    SPACE_REPELLING,
    SPACE_SADDLES,
    SPACE_NEUTRAL,
    SPACE_TRAJECTORIES,
    SPACE_HEADS,
    SPACE_LIMITS,
    SPACE_SADDLE_LIMITS,
    SPACE_STARTS,
    SPACE_TABLES
};

enum { SPACE_AXES = 3, SPACE_CAPTIONS = 3, SPACE_SIDES = 6 };

struct space_figure {
    const char *directory;
    const char *title, *caption[SPACE_CAPTIONS]; /* plain text; may be NULL */
    const char *axis[SPACE_AXES];
    double window[SPACE_SIDES]; /* x0, x1, y0, y1, z0, z1 */
    bool has[SPACE_TABLES];     /* which tables have points */
    bool projected;             /* there are more unknowns */
};

extern const char *const space_tables[SPACE_TABLES]; /* the names of the files */

enum status space_draw(const struct space_figure *figure) MUST_CHECK;

#endif
