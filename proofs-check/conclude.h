/* Conclusions that several records share: queries on the ending and the prediction of one trial.
 *
 * Each sets trial->deviation (and measured, expected where two numbers are compared) and a reason
 * when it does not hold.  A trajectory that ended undecided gives FINDING_UNDECIDED, never a pass.
 * `bound` below is trial->theorem->bound. */
#ifndef PROOFS_CHECK_CONCLUDE_H
#define PROOFS_CHECK_CONCLUDE_H

#include "linear/chain.h"
#include "proofs-check/theorem.h"

/* ---- building blocks ---- */
enum status conclude_fails(struct trial *trial, enum finding *finding, const char *format,
                           ...) MUST_CHECK PRINTF_LIKE(3, 4);
enum status conclude_undecided(struct trial *trial, enum finding *finding, const char *format,
                               ...) MUST_CHECK PRINTF_LIKE(3, 4);
enum status conclude_holds(enum finding *finding) MUST_CHECK;

/* |measured - expected| <= bound * max(1, |expected|), recorded as the deviation. */
enum status conclude_close(struct trial *trial, const char *what, double measured, double expected,
                           enum finding *finding) MUST_CHECK;

/* |measured/expected - 1| <= bound, recorded as the deviation. */
enum status conclude_ratio(struct trial *trial, const char *what, double measured, double expected,
                           enum finding *finding) MUST_CHECK;

/* Did the trajectory come to a fixed point: settled, creeping, or at rest?  Undecided: horizon,
 * failed. */
enum status conclude_came_to_rest(struct trial *trial, bool *rests,
                                  enum finding *finding) MUST_CHECK;

/* ---- whole conclusions ---- */
/* It ends at a fixed point. */
conclusion conclude_converges;
/* ... where alpha = beta P to `bound`. */
conclusion conclude_global_minimum;
/* Ending as predicted, limit within `bound` (relative to 1 + |limit|). */
conclusion conclude_predicted_limit;
/* Ending as predicted. */
conclusion conclude_predicted_ending;
/* Measured exponential rate = predicted eigenvalue, relative `bound`. */
conclusion conclude_predicted_rate;
/* Estimated exponent = predicted one, relative `bound`. */
conclusion conclude_predicted_exponent;
/* Escapes at the predicted time, within the estimate's own error. */
conclusion conclude_blowup_time;
/* Any ending but cycling. */
conclusion conclude_no_cycle;

/* ---- along a chain's trajectory (conclude_along.c) ---- */

/* Number of sign changes of dP/ds on the way to the limit, by root finding along the trajectory
 * and by isolating the turning points of the clock polynomial; undecided (counted = false) if they
 * differ. */
enum status conclude_count_sign_changes(struct trial *trial, size_t *changes, bool *counted,
                                        enum finding *finding) MUST_CHECK;

/* At most `bound` of them. */
conclusion conclude_sign_changes_bounded;
/* S(x0) > 0: dP/dt has the sign of alpha - beta P at the start. */
conclusion conclude_sensitivity_positive;
/* |limit - x0| <= bound, largest component. */
conclusion conclude_stays_near;
/* By more than `bound` between two steps. */
conclusion conclude_loss_never_rises;
/* Every weight and P; reversals of at most `bound`. */
conclusion conclude_weights_monotone;

/* False on purpose, for controls: the rate of the top layer alone, beta (prod of the others)^2. */
conclusion conclude_rate_of_top_layer;

#endif
