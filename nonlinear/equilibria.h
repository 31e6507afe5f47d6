/* The fixed points of A[1,1,1] with an activation, and where they lose their stability.
 *
 *     a1' = k (u(a1) - a2 v(a1)),   a2' = M1(a1) - a2 M2(a1)
 *
 * with k = c1 (rbp, srbp) or a2 (bp), u = M1', v = M2'/2, or without the derivative of the neuron
 * u = E[TI], v = E[I f(a1 I)].  Where M2 > 0 a fixed point has a2 = M1/M2 and u M2 = v M1: with the
 * derivative these are the critical points of R = M1^2/M2 in the sense that M1' M2 = M1 M2'/2,
 * notes/equilibria.md, (B11); bp has besides them the saddles a2 = 0 = M1.
 *
 * A root is listed where the sign of u M2 - v M1, trusted against its rounding, changes: so all
 * roots of odd order that are farther apart than a cell.  Two roots within a cell are found if the
 * function has one turning point there; what cannot be told from a double root is listed as
 * doubtful.
 *
 * Shapes: scalars.  Units: those of the data; Hopf frequencies 1/time.
 * Memory: one object, freed by equilibria_free() (NULL is allowed).
 * Errors: BAD_ARGUMENT (no A[1,1,1] with fixed or transposed feedback, a decay, an empty interval),
 * NO_MEMORY, those of response_create().
 * Source: notes/equilibria.md; Kuznetsov, Elements of Applied Bifurcation Theory (2004), (3.20). */
#ifndef NONLINEAR_EQUILIBRIA_H
#define NONLINEAR_EQUILIBRIA_H

#include "nonlinear/response.h"

#include <stdbool.h>

enum equilibria_kind {
    EQUILIBRIA_STABLE_NODE,
    EQUILIBRIA_STABLE_FOCUS,
    EQUILIBRIA_SADDLE,
    EQUILIBRIA_UNSTABLE_NODE,
    EQUILIBRIA_UNSTABLE_FOCUS,
    EQUILIBRIA_UNDECIDED, /* det or trace is zero to rounding */
    EQUILIBRIA_KINDS
};

/* As c1 passes `c`, two eigenvalues are +-i omega; the other parameters are those of the problem.
 */
struct equilibria_hopf {
    bool exists;
    double c, omega;
    double lyapunov; /* the first Lyapunov coefficient: > 0 subcritical */
};

struct equilibria_point {
    double a1, a2;
    double low, high; /* the trusted sign change is between these values of a1 */
    double loss;      /* E[(T - O)^2]/2; NAN where E[T^2] is not known */
    double curvature; /* (log R)''; NAN where M1 = 0 */
    double trace, det;
    double rate, frequency; /* largest real part of the two eigenvalues, and |Im| */
    enum equilibria_kind kind;
    struct equilibria_hopf hopf;
};

/* a1 in low..high may hold a double root, or two close ones, or none. */
struct equilibria_doubt {
    double low, high;
};

struct equilibria {
    size_t count, doubts;
    struct equilibria_point *point; /* point[count], by increasing a1 */
    struct equilibria_doubt *doubt; /* doubt[doubts] */
    bool constant; /* u M2 = v M1 everywhere to rounding: fixed points are no isolated points */
    bool line;     /* a1 = 0 with any a2 is fixed */
};

/* All a1 in [low, high], by `cells` >= 2 cells.  Where M2(0) = 0, a1 within equilibria_gap of 0 is
 * left out: no isolated fixed point is at 0 then. */
enum status equilibria_find(const struct problem *problem, const double interval[2], size_t cells,
                            struct equilibria **equilibria) MUST_CHECK;
void equilibria_free(struct equilibria *equilibria);

extern const double equilibria_gap;
const char *equilibria_kind_name(enum equilibria_kind kind); /* "stable node", ... */

#endif
