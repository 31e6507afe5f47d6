/* From a place on the error grows for ever: there is no zero ahead, and the trajectory leaves every
 * bounded set in finite time.
 *
 * Chains: (EX2), part 3.  If every layer with d_i != 0 has d_i U_i (a_i(0) + d_i U_i / 2) > 0, no
 * other layer is 0 and -beta P has the sign of the direction, then |P| grows from there on, and it
 * does so with Taylor coefficients of one sign.  Fans: P is a cubic in s, and its Taylor
 * coefficients there have the signs that make delta G grow.
 *
 * So at a distance q beyond the place delta G >= g_0 + g_2 q^2, if it is g_0 there and g_2 is half
 * of its second derivative.
 *
 * Errors: NULL, or what is not proved.  Memory: none is kept. */
#ifndef CHECKER_BEYOND_H
#define CHECKER_BEYOND_H

#include "checker/curve.h"

enum { BEYOND_FAN_ORDERS = 5 }; /* that a curve of a fan must have: a cubic and a remainder, 0 */

struct beyond {
    const struct premise *premise;
    const struct curve_data *data; /* feedback and moments are numbers */
    enum curve_direction direction;
};

/* Is the degree of G at least 2, for all data? */
const char *beyond_degree_fault(const struct beyond *beyond);

/* For all data, from the place t on; leaves the curve enclosed there. */
const char *beyond_fault(struct curve *curve, const struct beyond *beyond, mpq_t t);

#endif
