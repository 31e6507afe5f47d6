/* The uncertainty exponent of a boundary and its dimension.
 *
 * The share f(eps) of starts that end elsewhere when moved by eps follows eps^alpha, and D - alpha
 * is the dimension of the boundary in a space of D axes: McDonald, Grebogi, Ott and Yorke (1985);
 * notes/basins.md, (T4), (T5).
 *
 * Shapes: point[count*axes].  Units: eps in cells on a grid; of the sides of the window otherwise.
 * Memory: basin_exponent_sample() holds a batch.  Errors: BAD_ARGUMENT, NO_MEMORY, those of the
 * labeller. */
#ifndef ODE_BASIN_EXPONENT_H
#define ODE_BASIN_EXPONENT_H

#include "ode/basin.h"
#include "ode/basin_label.h"

enum { BASIN_SCALES_MOST = 24 };

/* What was counted at one distance. */
struct basin_scale {
    double eps;
    size_t pairs, uncertain;
    double independent; /* how many independent pairs they are worth; at most `pairs` */
};

struct basin_exponent {
    double exponent;  /* alpha; NAN: too few scales have something to count */
    double dimension; /* D - alpha */
    double error;     /* of both: half the width of the confidence interval */
    size_t scales;    /* that the line was laid through */
};

/* The line through log f over log eps. */
struct basin_exponent basin_exponent_fit(size_t axes, size_t scales,
                                         const struct basin_scale *scale, double confidence);

/* Random starts in a window, each with two neighbours at distance eps on either side of it. */
struct basin_probe {
    size_t axes;
    double window[2 * BASIN_AXES_MOST]; /* low, high of each axis */
    size_t scales;                      /* from eps_low to eps_high, evenly in the logarithm */
    double eps_low, eps_high;           /* of the sides of the window */
    size_t starts;                      /* at each scale */
    size_t batch;                       /* starts labelled in one call */
    uint64_t seed;
    double confidence;
};

/* One exponent of the starts whose three labels are decided, one where an undecided label makes
 * the start uncertain.  The same to the last bit for any batch. */
enum status basin_exponent_sample(const struct basin_probe *probe,
                                  const struct basin_labeller *labeller,
                                  struct basin_exponent *decided,
                                  struct basin_exponent *with_all) MUST_CHECK;

#endif
