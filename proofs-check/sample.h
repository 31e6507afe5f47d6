/* Instances for samplers: builders, and the distributions that the records share.
 *
 * A sampler names its boundary cases first and draws the rest.  Distributions are wide but such
 * that the referee needs about a millisecond: weights and feedback normal with unit variance,
 * feedback bounded away from zero by sample_least where a hypothesis says "not zero".
 * Memory: none.  Errors: none (the builders assert the sizes they are given). */
#ifndef PROOFS_CHECK_SAMPLE_H
#define PROOFS_CHECK_SAMPLE_H

#include "proofs-check/theorem.h"

extern const double sample_least; /* smallest |c|, |alpha|, beta that is drawn */

/* A chain of depth L under a rule, alpha = beta = 1, from x0[L]; c[L] if not NULL. */
struct instance sample_chain(const struct rule *rule, size_t L, const double *c, const double *x0);

/* x' = q0 + q1 x + ... + qn x^n from x0; count = n + 1. */
struct instance sample_polynomial(size_t count, const double *q, double x0);

double sample_nonzero(struct stream *stream);  /* normal, |.| >= sample_least */
double sample_positive(struct stream *stream); /* |normal|, >= sample_least */

/* A drawn chain: depth, srbp feedback weights c1..c(L-1) not zero, alpha normal, beta positive,
 * start normal. */
struct instance sample_drawn_chain(struct stream *stream, size_t L);

/* The same under bp (no feedback weights). */
struct instance sample_drawn_gradient(struct stream *stream, size_t L);

/* Three layers, c = 1, alpha = 7, whose dP/dt changes sign six times, (L5). */
struct instance sample_six_changes(void);

/* Ten layers with weight decay, started beside an equilibrium that repels: it cycles, (D2). */
struct instance sample_cycling_chain(void);

#endif
