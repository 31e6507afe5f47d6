/* Vectors of n doubles: the three operations that endings are made of.  Memory, errors: none. */
#ifndef ODE_VECTOR_H
#define ODE_VECTOR_H

#include <stddef.h>

double vector_dot(size_t n, const double *x, const double *y);
double vector_norm(size_t n, const double *x);
double vector_distance(size_t n, const double *x, const double *y);

#endif
