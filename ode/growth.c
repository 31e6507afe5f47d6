/* The growth law, decade by decade.
 *
 * The law is renewed whenever tau (or |x|) has changed tenfold; if m has then moved by more than
 * LAW_DRIFT it is another law and counting starts anew. */
#include "ode/growth.h"

#include <math.h>

static const double LAW_DRIFT = 0.1; /* of m per decade: lower-order terms of a polynomial field */
static const double SMALL_POWER = 0.5; /* |m| below: the drift is taken absolutely */
static const double DECADE = 10;
static const double SUSPECT_DECADES = 1e-3; /* tau has fallen by this under one law */
static const double ESCAPE_SIZE =
    2; /* |x| relative to the start: departures from a degenerate saddle
                                             * obey a power law over many decades, too, but from
                                             * far below */
static const double UNBOUNDED_SIZE = 1e9;   /* |x| relative to the start */
static const double UNBOUNDED_GROWTH = 1e6; /* under one law */
static const double EXPONENTIAL = 0.02;     /* |m| below: exponential growth */
static const double LEAST_POWER = 0.05; /* m above: blow-up with |x| ~ (t*-t)^(-1/m), 1/m <= 20 */

void growth_begin(struct growth *growth, double size)
{
    *growth = (struct growth){.start_size = 1 + size,
                              .size = size,
                              .m = NAN,
                              .tau = INFINITY,
                              .steady_tau = INFINITY,
                              .law = NAN,
                              .exponent = NAN};
}

static void renew(struct growth *growth)
{
    growth->decade_tau = growth->tau;
    growth->decade_size = growth->size;
    growth->law = growth->m;
}

void growth_dismiss(struct growth *growth)
{
    growth->steady_tau = growth->tau;
    growth->steady_size = growth->size;
    renew(growth);
}

/* Keeps the books of the present law. */
static void keep_law(struct growth *growth)
{
    const double drift = fabs(growth->m - growth->law);
    if (!(drift <= LAW_DRIFT * fmax(fabs(growth->m), SMALL_POWER)))
        growth_dismiss(growth);
    else if (growth->tau * DECADE <= growth->decade_tau ||
             growth->size >= DECADE * growth->decade_size)
        renew(growth);
}

enum growth_verdict growth_step(struct growth *growth, double xf, double ff, double xJf, double xx)
{
    const double nu = xf / xx;
    growth->size = sqrt(xx);
    if (!(nu > 0)) {
        growth->m = growth->law = NAN;
        growth->tau = INFINITY;
        return GROWTH_NONE;
    }
    growth->m = ((ff + xJf) / xx - 2 * nu * nu) / (nu * nu);
    growth->tau = growth->m > LEAST_POWER ? 1 / (nu * growth->m) : INFINITY;
    keep_law(growth);
    if (growth_is_steep(growth) && growth->tau <= SUSPECT_DECADES * growth->steady_tau)
        return GROWTH_SUSPECTS_ESCAPE;
    if (growth->m < LEAST_POWER && growth->size >= UNBOUNDED_SIZE * growth->start_size &&
        growth->size >= UNBOUNDED_GROWTH * growth->steady_size) {
        growth->exponent = fabs(growth->m) < EXPONENTIAL ? INFINITY : -1 / growth->m;
        return GROWTH_UNBOUNDED;
    }
    return GROWTH_NONE;
}

bool growth_is_steep(const struct growth *growth)
{
    return isfinite(growth->tau) && isfinite(growth->steady_tau) &&
           growth->size >= ESCAPE_SIZE * growth->start_size;
}
