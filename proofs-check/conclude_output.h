/* Conclusions for systems with one output P: what it comes to, and whether theory said so.
 *
 * As in conclude.h, of which this is a continuation; e = alpha - beta P at a state x[dim]. */
#ifndef PROOFS_CHECK_CONCLUDE_OUTPUT_H
#define PROOFS_CHECK_CONCLUDE_OUTPUT_H

#include "proofs-check/conclude.h"

/* P and e at a state. */
double conclude_output(const struct trial *trial, const double *x);
double conclude_output_error(const struct trial *trial, const double *x);

/* It comes to rest where |e| <= bound. */
conclusion conclude_output_learned;

/* The ending is the predicted one, and so is what belongs to it: limit or output (within `bound`,
 * relative), period (relative), blow-up time (within its own error), exponent (relative). */
conclusion conclude_as_theory_says;

/* `hits` of `draws` independent draws agree with the probability `expected`: it lies in the exact
 * interval of Clopper and Pearson at 99.9 %, (V1). */
enum status conclude_share(struct trial *trial, size_t hits, size_t draws, double expected,
                           enum finding *finding) MUST_CHECK;

/* It comes to rest at a saddle, or at any fixed point with |e| > bound. */
conclusion conclude_output_stuck;

/* The claimed first integrals of the flow stay within `bound`, relative, without projection. */
conclusion conclude_claims_kept;

#endif
