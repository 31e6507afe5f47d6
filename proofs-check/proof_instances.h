/* Instances of a record in exact numbers: what a rigorous enclosure starts from.
 *
 * The numbers of an instance are doubles, which are rationals: what is enclosed is the very
 * instance that is integrated.  Memory: balls are the caller's.  Errors: NO_MEMORY. */
#ifndef PROOFS_CHECK_PROOF_INSTANCES_H
#define PROOFS_CHECK_PROOF_INSTANCES_H

#include "exact/library.h"
#include "proofs-check/theorem.h"

/* The blow-up time in a ball; false: not enclosed.  For polynomials in one dimension, chains with
 * fixed feedback, and two layers under bp with equal rates and equal weights, (B5). */
enum status proof_instances_blowup(const struct instance *instance, arb_t time,
                                   bool *enclosed) MUST_CHECK;

/* How often dP/ds vanishes on the way to the limit, of a chain under fixed feedback; -1: not
 * counted. */
enum status proof_instances_count_turns(const struct instance *instance, long *count) MUST_CHECK;

/* The exact ending; ENDING_HORIZON: undecided, or no theorem covers it. */
enum status proof_instances_ending(const struct instance *instance, enum ending *ending) MUST_CHECK;

#endif
