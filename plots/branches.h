/* A branch diagram: one unknown at the fixed points, over a parameter.
 *
 * Tables in the directory, tab-separated, curves separated by blank lines:
 *   sweep-stable.tsv     value ordinate      no direction repels
 *   sweep-saddle.tsv     value ordinate      some do
 *   sweep-repelling.tsv  value ordinate      all do
 *   sweep-neutral.tsv    value ordinate      an eigenvalue cannot be told from zero
 *   sweep-cycles.tsv     value low high period multiplier   extents of limit cycles; a multiplier
 *                        of at most 1 attracts
 * Marks (folds, crossings, Hopf points) come with the figure.  Everything that is drawn has an entry
 * in the legend.  Errors: as figure_draw(). */
#ifndef PLOTS_BRANCHES_H
#define PLOTS_BRANCHES_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum branches_curve {
    BRANCHES_STABLE,
    BRANCHES_SADDLE,
    BRANCHES_REPELLING,
    BRANCHES_NEUTRAL,
    BRANCHES_CURVES
};

enum branches_mark {
    BRANCHES_FOLD,
    BRANCHES_CROSSING,
    BRANCHES_SUBCRITICAL,
    BRANCHES_SUPERCRITICAL,
    BRANCHES_HOPF,       /* neither is certain */
    BRANCHES_UNRESOLVED, /* the stability changes, and it is not known how */
    BRANCHES_CONTINUUM,  /* at this value there are others beside it */
    BRANCHES_MARKS
};

struct branches_point {
    double x, y;
    enum branches_mark mark;
};

enum { BRANCHES_CAPTIONS = 3 };

struct branches_figure {
    const char *directory;
    const char *title, *caption[BRANCHES_CAPTIONS]; /* plain text; may be NULL */
    const char *axis[2];                            /* the parameter and the unknown */
    double window[4];                               /* x0, x1, y0, y1 */
    bool curve[BRANCHES_CURVES];                    /* which tables have curves */
    bool cycles[2];                                 /* any that repel, any that attract */
    bool on_leaves; /* stability is that along the leaf: others are neutral */
    size_t points;
    const struct branches_point *point; /* point[points] */
};

extern const char *const branches_tables[BRANCHES_CURVES];

enum status branches_draw(const struct branches_figure *figure) MUST_CHECK;

#endif
