/* From the first root of a clock, or from its absence, to the words of a prediction: ending, rate,
 * multiplicity, exponent.
 *
 * Shapes: none; the limit itself is the caller's.  Units: rates 1/time.  Memory: none.
 * Errors: none.  Source: notes/chains.md, (C1). */
#ifndef LINEAR_PREDICTION_CLOCK_H
#define LINEAR_PREDICTION_CLOCK_H

#include "linear/clock.h"
#include "linear/prediction.h"

/* The reason where balls cannot decide. */
extern const char *const prediction_undecided;

/* CLOCK_REST: the kind of point; HORIZON where G vanishes identically (multiplicity 0). */
enum ending prediction_of_rest_ending(const struct clock_root *root);

/* CLOCK_REST: at rest where G(0) = 0, with the Taylor coefficient root->derivative. */
void prediction_of_rest(const struct clock_root *root, struct prediction *out);

/* CLOCK_ROOT: settled at a simple root with the eigenvalue `rate`, creeping at a multiple one. */
void prediction_of_root(const struct clock_root *root, double rate, struct prediction *out);

/* CLOCK_NO_ROOT for a polynomial G, where |x| ~ s^exponent: blow-up from degree 2 on, exponential
 * growth for degree 1, growth like t^exponent for a constant. */
void prediction_of_growth(const struct clock *clock, int direction, double exponent,
                          struct prediction *out);

/* No fixed point of e = 0: every update vanishes, |alpha| is the unstable eigenvalue. */
void prediction_of_frozen(double rate, struct prediction *out);

#endif
