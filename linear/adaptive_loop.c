/* Closed curves: is there a zero ahead, and if not, how long does one turn take?
 *
 * From a point where |G| = g no zero is nearer than g / slope, so steps of that length cannot jump
 * over one: the search is a proof but for rounding.  It ends at a zero, which is polished by
 * Newton's method, or after one turn.  What is left where G almost vanishes without changing sign
 * is undecided.  The period is the trapezoidal sum, which converges faster than any power for
 * periodic analytic integrands. */
#include "linear/adaptive_loop.h"

#include <float.h>
#include <math.h>

static const double PI = 3.14159265358979323846;
static const double ROUNDING = 64 * DBL_EPSILON; /* of G, relative to the size of its terms */
static const double SIMPLE = 1e-5;               /* smallest |dG/dpsi| of a zero, of the slope */
static const double DIFFERENCE = 1e-5;           /* for dG/dpsi: error 1e-10 + 1e-11 */

enum {
    STEPS_MOST = 2000000, /* a minimum of |G| of 1e-10 takes a million */
    NEWTON_MOST = 8,      /* from 1e-6 on */
    POINTS_LEAST = 64,    /* of the trapezoidal rule */
    POINTS_MOST = 1 << 20
};

static double slope_at(const struct adaptive_loop *loop, double psi)
{
    return (loop->error(loop->self, psi + DIFFERENCE) - loop->error(loop->self, psi - DIFFERENCE)) /
           (2 * DIFFERENCE);
}

static enum adaptive_loop_verdict polish(const struct adaptive_loop *loop, double *psi)
{
    double at = *psi;
    const double slope = slope_at(loop, at);
    if (!(fabs(slope) >= SIMPLE * loop->slope))
        return ADAPTIVE_LOOP_UNDECIDED;
    for (int i = 0; i < NEWTON_MOST; i++)
        at -= loop->error(loop->self, at) / slope;
    *psi = at;
    return ADAPTIVE_LOOP_ROOT;
}

enum adaptive_loop_verdict adaptive_loop_first_root(const struct adaptive_loop *loop, double *psi)
{
    static const double NEAR = 1e-7; /* of the size: from here Newton's method is safe */
    double gone = 0, G = loop->error(loop->self, loop->start);
    const int way = G > 0 ? loop->turn : -loop->turn, sign = G > 0 ? 1 : -1;
    for (int i = 0; i < STEPS_MOST; i++) {
        G = sign * loop->error(loop->self, loop->start + way * gone);
        if (!(G > NEAR * loop->size)) {
            *psi = loop->start + way * gone;
            return polish(loop, psi);
        }
        gone += (G - ROUNDING * loop->size) / loop->slope;
        if (gone >= 2 * PI)
            return ADAPTIVE_LOOP_PERIODIC;
    }
    return ADAPTIVE_LOOP_UNDECIDED;
}

/* Of the sums of two rules, which differ by no more when they have converged. */
static const double ROUNDINGS = 16;

static double mean_over(const struct adaptive_loop *loop, int points, double shift)
{
    double sum = 0;
    for (int i = 0; i < points; i++) {
        const double psi = 2 * PI * (i + shift) / points;
        sum += 1 / (loop->speed(loop->self, psi) * fabs(loop->error(loop->self, psi)));
    }
    return sum / points;
}

double adaptive_loop_period(const struct adaptive_loop *loop)
{
    double mean = mean_over(loop, POINTS_LEAST, 0);
    for (int points = POINTS_LEAST; points <= POINTS_MOST; points *= 2) {
        const double between = mean_over(loop, points, 1.0 / 2), before = mean;
        mean = (mean + between) / 2;
        if (fabs(between - before) <= ROUNDINGS * DBL_EPSILON * mean)
            break;
    }
    return 2 * PI * mean;
}
