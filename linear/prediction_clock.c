/* Roots of clocks as predictions, (C1) of notes/chains.md.
 *
 * All systems with one scalar error end in one of four ways: at rest from the start, at the first
 * root, without a root, or frozen where every update vanishes.  What a root means for the ending
 * depends on its multiplicity alone, so it is said once, here. */
#include "linear/prediction_clock.h"

#include <math.h>

const char *const prediction_undecided =
    "a double root or a near pair: double-double balls cannot decide";

enum ending prediction_of_rest_ending(const struct clock_root *root)
{
    const bool falls = ball_sign(root->derivative) < 0;
    if (root->multiplicity == 0)
        return ENDING_HORIZON; /* G vanishes identically */
    if (root->multiplicity % 2 == 0 || !falls)
        return ENDING_SADDLE;
    return root->multiplicity == 1 ? ENDING_SETTLED : ENDING_CREEPING;
}

void prediction_of_rest(const struct clock_root *root, struct prediction *out)
{
    out->ending = prediction_of_rest_ending(root);
    out->multiplicity = (unsigned)root->multiplicity;
    out->rate = root->multiplicity == 1 ? ball_centre(root->derivative) : 0;
    out->error = 0;
    out->clock = 0;
    out->reason = "starts on a fixed point";
    out->global_minimum = 1;
    out->loss = 0;
}

void prediction_of_root(const struct clock_root *root, double rate, struct prediction *out)
{
    const bool simple = root->multiplicity == 1;
    out->ending = simple ? ENDING_SETTLED : ENDING_CREEPING;
    out->multiplicity = (unsigned)root->multiplicity;
    out->rate = simple ? rate : 0;
    out->exponent = simple ? NAN : -1.0 / (root->multiplicity - 1);
    out->global_minimum = 1;
    out->loss = 0;
}

void prediction_of_growth(const struct clock *clock, int direction, double exponent,
                          struct prediction *out)
{
    if (clock->degree < 2) {
        out->ending = ENDING_UNBOUNDED;
        out->exponent = clock->degree == 0 ? exponent : INFINITY;
        return;
    }
    out->ending = ENDING_ESCAPED;
    out->exponent = -exponent / (clock->degree - 1); /* |x| ~ s^exponent, s' ~ s^degree */
    if (clock_escape_time(clock, direction, &out->escape_time) != OK)
        out->reason = PREDICTION_NO_TIME;
}

void prediction_of_frozen(double rate, struct prediction *out)
{
    out->ending = ENDING_SADDLE;
    out->error = 0;
    out->rate = rate;
    out->global_minimum = 0;
    out->reason = "every update vanishes although the error does not: frozen";
}
