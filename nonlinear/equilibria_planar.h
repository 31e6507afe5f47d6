/* What a fixed point of A[1,1,1] is: its type, loss, and where in c1 it has a Hopf point.  Part of
 * equilibria.h.  Memory: none.  Errors: none. */
#ifndef NONLINEAR_EQUILIBRIA_PLANAR_H
#define NONLINEAR_EQUILIBRIA_PLANAR_H

#include "nonlinear/equilibria_field.h"

struct equilibria_root {
    double a, low, high;
    bool crossing; /* a2 = 0 = M1, else a2 = M1/M2 */
};

struct equilibria_point equilibria_planar_point(const struct equilibria_field *field,
                                                const struct equilibria_root *root);

/* The first Lyapunov coefficient of a planar field whose trace is zero and det > 0, Kuznetsov
 * (2004), (3.20), with eigenvectors of norm 1; d->F[0][0] = d->G[0][0] = 0. */
double equilibria_planar_lyapunov(const struct equilibria_derivatives *d);

#endif
