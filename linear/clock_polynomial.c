/* Polynomial clocks: Taylor coefficients by repeated synthetic division, and the proof that nothing
 * follows: where all derivatives push the same way, they do so for ever. */
#include "linear/clock_polynomial.h"

static void jet_of_polynomial(const void *self, struct ball s, int order, struct ball *g)
{
    const struct clock_polynomial *clock = self;
    const struct ball x = ball_add(ball_of(clock->origin), s);
    for (int k = 0; k <= order; k++)
        g[k] = ball_of(0);
    for (int i = clock->clock.degree; i >= 0; i--) {
        for (int k = order; k > 0; k--)
            g[k] = ball_add(ball_mul(g[k], x), g[k - 1]);
        g[0] = ball_add(ball_mul(g[0], x), clock->g[i]);
    }
}

static bool polynomial_monotone_beyond(const void *self, double S, int direction)
{
    const struct clock_polynomial *clock = self;
    struct ball g[CLOCK_ORDER_MAX + 1];
    if (clock->clock.degree > CLOCK_ORDER_MAX)
        return false;
    int first = 0, turn = 1;
    jet_of_polynomial(clock, ball_of(S), clock->clock.degree, g);
    for (int k = 1; k <= clock->clock.degree; k++) {
        turn *= direction; /* sign of (s - S)^k */
        const int sign = turn * ball_sign(g[k]);
        if (sign == 0 && !ball_is_zero(g[k]))
            return false;
        first = first == 0 ? sign : first;
        if (sign != 0 && sign != first)
            return false;
    }
    return first != 0;
}

void clock_polynomial_init(struct clock_polynomial *clock, int degree)
{
    while (degree >= 0 && ball_is_zero(clock->g[degree]))
        degree--;
    clock->clock = (struct clock){.jet = jet_of_polynomial,
                                  .monotone_beyond = polynomial_monotone_beyond,
                                  .degree = degree,
                                  .self = clock};
}
