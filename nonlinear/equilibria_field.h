/* The planar field of A[1,1,1] and its derivatives.  Part of equilibria.h.
 *
 * Shapes: derivatives by a1 have index i and by a2 index j in F[i][j] = d^(i+j) F / d a1^i d a2^j,
 * i + j <= 3.  Memory: freed by equilibria_field_free().  Errors: those of response_create(). */
#ifndef NONLINEAR_EQUILIBRIA_FIELD_H
#define NONLINEAR_EQUILIBRIA_FIELD_H

#include "nonlinear/equilibria.h"

enum { EQUILIBRIA_ORDERS = 4 };

struct equilibria_field; /* opaque */

/* Functions of a1 with their derivatives. */
struct equilibria_values {
    double u[EQUILIBRIA_ORDERS], v[EQUILIBRIA_ORDERS]; /* u[3], v[3]: equilibria_field_all only */
    double m1[EQUILIBRIA_ORDERS], m2[EQUILIBRIA_ORDERS];
    double error; /* relative, of each value */
};

struct equilibria_derivatives {
    double F[EQUILIBRIA_ORDERS][EQUILIBRIA_ORDERS], G[EQUILIBRIA_ORDERS][EQUILIBRIA_ORDERS];
};

enum status equilibria_field_create(const struct problem *problem,
                                    struct equilibria_field **field) MUST_CHECK;
void equilibria_field_free(struct equilibria_field *field);

void equilibria_field_at(const struct equilibria_field *field, double a,
                         struct equilibria_values *values);
/* With the third derivatives of u and v, by differences where these are fourth ones of M1, M2. */
void equilibria_field_all(const struct equilibria_field *field, double a,
                          struct equilibria_values *values);

bool equilibria_field_is_gradient(const struct equilibria_field *field); /* k = a2 */
double equilibria_field_feedback(const struct equilibria_field *field);  /* c1 of the problem */
double equilibria_field_target_square(const struct equilibria_field *field);

/* At (a1, a2) = (the point of the values, b), for c1 = c (ignored under bp). */
void equilibria_field_derivatives(const struct equilibria_field *field,
                                  const struct equilibria_values *values, double b, double c,
                                  struct equilibria_derivatives *d);

#endif
