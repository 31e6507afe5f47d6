/* Instances of A[N0,N1,N2] for samplers, and conclusions about matrices.
 *
 * Drawn data: W, C1 and starts normal, Sigma_II the identity or M M' + I/2; a drawn matrix C1 is
 * drawn again where its condition number exceeds hidden_case_condition, so that trajectories need
 * milliseconds.  Shapes and letters: linear/hidden.h.  Memory: none kept.
 * Errors: failures of the machine; a conclusion that does not hold is a finding. */
#ifndef PROOFS_CHECK_HIDDEN_CASE_H
#define PROOFS_CHECK_HIDDEN_CASE_H

#include "linear/hidden.h"
#include "proofs-check/conclude_network.h"

extern const double hidden_case_condition; /* largest condition number of a drawn C1 */

/* Sigma_II = identity, W = identity, C1 = identity, x0 = 0. */
struct instance hidden_case_of(const struct system *system, size_t N0, size_t N1, size_t N2);

/* Sigma_II, and Sigma_TI = W Sigma_II for a W[N2*N0], C1 as given. */
void hidden_case_set_inputs(const double *sigma, struct instance *instance);
void hidden_case_set_targets(const double *W, struct instance *instance);
void hidden_case_set_feedback(const double *C, struct instance *instance);
void hidden_case_set_start(const double *x0, struct instance *instance);

/* The same, drawn; `scale` multiplies a normal start. */
void hidden_case_draw_inputs(struct stream *stream, struct instance *instance);
void hidden_case_draw_targets(struct stream *stream, struct instance *instance);
void hidden_case_draw_feedback(struct stream *stream, struct instance *instance);
void hidden_case_draw_start(struct stream *stream, double scale, struct instance *instance);

/* The terms of a trial's flow. */
const struct hidden_terms *hidden_case_terms(const struct trial *trial);

/* Ending and limit (of the weights, or of the map) as predicted, within `bound` relative. */
conclusion hidden_case_predicted;
/* The rate of approach, measured as the fall of |x - limit| from 1e-5 to 1e-8 of the size of the
 * limit, against `expected`; undecided where that range is not passed. */
enum status hidden_case_rate_is(struct trial *trial, const double *limit, double expected,
                                enum finding *finding) MUST_CHECK;
/* The instance has a predicted limit whose two slowest rates differ by half or more. */
bool hidden_case_has_gap(const struct instance *instance);
/* |x| ~ t^exponent between t = 1e5 and 1e7. */
enum status hidden_case_growth_is(struct trial *trial, double exponent,
                                  enum finding *finding) MUST_CHECK;
/* Sigma_TI correlates with an input that does not vary: no hypothesis of a theorem holds. */
sampler hidden_case_sample_inconsistent;

#endif
