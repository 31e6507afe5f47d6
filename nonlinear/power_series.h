/* Truncated Taylor series with ball coefficients: what clocks of powers are made of.
 *
 * Shapes: a[order + 1], lowest first, order <= CLOCK_ORDER_MAX; results may not overlap operands.
 * Memory: none.  Errors: none; a power that is not whole of a series whose first coefficient may
 * vanish is the whole line.  Source: Knuth, The Art of Computer Programming 2, 4.7. */
#ifndef NONLINEAR_POWER_SERIES_H
#define NONLINEAR_POWER_SERIES_H

#include "base/ball.h"

/* product = a b */
void power_series_product(int order, const struct ball *a, const struct ball *b,
                          struct ball *product);

/* power = a^p */
void power_series_power(int order, const struct ball *a, struct ball p, struct ball *power);

#endif
