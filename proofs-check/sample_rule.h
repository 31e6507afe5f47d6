/* Instances of chains and fans under any rule: the start holds the adaptive weights, too.
 *
 * Shapes: x0[dim] in the order of the system.  Memory: none.  Errors: none. */
#ifndef PROOFS_CHECK_SAMPLE_RULE_H
#define PROOFS_CHECK_SAMPLE_RULE_H

#include "proofs-check/sample.h"

/* alpha = beta = 1 from x0[dim]. */
struct instance sample_rule_chain(const struct rule *rule, size_t L, size_t dim, const double *x0);

/* A[1,N,1], alpha = beta = 1; c[N] for fixed feedback, else NULL. */
struct instance sample_rule_fan(const struct rule *rule, size_t N, const double *c, size_t dim,
                                const double *x0);

/* Drawn: start normal of standard deviation `spread`, alpha normal, beta positive; adaptive rules
 * have L + L - 1 (fan: 3 N) unknowns, others L (2 N). */
struct instance sample_drawn_rule_chain(struct stream *stream, const struct rule *rule, size_t L,
                                        double spread);
struct instance sample_drawn_rule_fan(struct stream *stream, const struct rule *rule, size_t N,
                                      double spread);

/* alpha = beta = 1, a chain of L layers under arbp whose first two layers are trapped, (G5). */
struct instance sample_trapped(struct stream *stream, size_t L, double spread);

#endif
