/* The phase portrait: a picture of one plane, from tables that its caller has written.
 *
 * Tables in the directory, tab-separated, curves separated by blank lines; NAME- is that of the
 * figure, portrait- as a rule:
 *   portrait-field.tsv         x y dx dy log10_speed      arrows, centred at (x, y)
 *   portrait-attracting.tsv    x y                        fixed points that attract
 *   portrait-repelling.tsv     x y                        fixed points that repel
 *   portrait-neutral.tsv       x y                        fixed points that do neither
 *   portrait-critical.tsv      x y                        S = 0
 *   portrait-leaves.tsv        x y                        levels of a first integral
 *   portrait-nullclines-0.tsv  x y                        first unknown at rest; -1 the second
 *   portrait-trajectories.tsv  t x y
 *   portrait-heads.tsv         x y dx dy                  arrowheads on trajectories
 *   portrait-limits.tsv        x y                        limits of projected trajectories
 *   portrait-separatrices.tsv  t x y                      stable manifolds of saddles; -unstable the
 *                                                         unstable ones; -cycles, -unstable-cycles
 *   portrait-slides.tsv        x y                        surfaces along which solutions slide
 *   portrait-parts.tsv         x y                        surfaces that solutions leave to both sides
 * Marks (isolated or special fixed points) come with the figure.  Every mark that is drawn has an
 * entry in the legend.  Errors: as figure_draw(). */
#ifndef PLOTS_PORTRAIT_H
#define PLOTS_PORTRAIT_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum portrait_mark {
    PORTRAIT_ATTRACTOR,  /* filled */
    PORTRAIT_REPELLER,   /* open */
    PORTRAIT_SADDLE,     /* lower half filled */
    PORTRAIT_SEMISTABLE, /* left half filled: attracts from one side */
    PORTRAIT_CENTRE,     /* a dot in it: orbits close round it */
    PORTRAIT_DEGENERATE, /* left half filled: the linear part decides nothing */
    PORTRAIT_CHANGE,     /* left half filled: the stability changes along a curve */
    PORTRAIT_START,      /* small square: where the trajectory of --init begins */
    PORTRAIT_MARKS
};

/* Invariant curves of a planar flow. */
enum portrait_curve {
    PORTRAIT_STABLE_MANIFOLD,   /* of a saddle: its separatrix */
    PORTRAIT_UNSTABLE_MANIFOLD, /* of a saddle */
    PORTRAIT_STABLE_CYCLE,
    PORTRAIT_UNSTABLE_CYCLE,
    PORTRAIT_CURVES
};

/* "portrait-separatrices.tsv", ... */
const char *portrait_curve_table(enum portrait_curve curve);

struct portrait_point {
    double x, y;
    enum portrait_mark mark;
};

enum { PORTRAIT_CAPTIONS = 3 };

struct portrait_figure {
    const char *directory, *name;
    const char *title, *caption[PORTRAIT_CAPTIONS]; /* plain text, broken into lines; may be NULL */
    const char *axis[2];                            /* names of the two unknowns */
    const char *leaf;                               /* what the leaves are; NULL: there are none */
    double window[4];                               /* x0, x1, y0, y1 */
    double speed[2];                                /* log10: least and largest */
    bool attracting, repelling, neutral, critical, nullcline[2]; /* which tables have curves */
    bool curve[PORTRAIT_CURVES];
    bool slides, parts; /* are there pieces of surfaces where solutions slide, or part? */
    bool limits;        /* limits are drawn in the plane itself */
    bool projected;     /* trajectories leave the plane */
    size_t points;
    const struct portrait_point *point; /* point[points] */
};

/* Height over width of the plot: the window's, kept between a half and three halves. */
double portrait_aspect(const double window[4]);

enum status portrait_draw(const struct portrait_figure *figure) MUST_CHECK;

#endif
