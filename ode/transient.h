/* How far a linear flow leads before it contracts.
 *
 * Where J is far from normal, v' = J v grows first, by up to kappa: a state near a fixed point that
 * attracts may be led far away, to where another J holds; notes/sweeper.md, (J6), (J7).
 * Shapes: J[n*n], v[n].  Memory: work[2*n*n + n] of the caller.  Errors: none; NaN passes through. */
#ifndef ODE_TRANSIENT_H
#define ODE_TRANSIENT_H

#include <stddef.h>

struct transient {
    double detour; /* |v(t)| at most, over |v|; at least 1 */
    double kappa;  /* the norm of the flow map at most, neutral directions apart; at least 1 */
};

/* Until the slowest direction has passed, whose real part is -rate. */
struct transient transient_of(size_t n, const double *J, const double *v, double rate,
                              double *work);

#endif
