/* The growth law, decade by decade.
 *
 * The law is renewed whenever tau (or |x|) has changed tenfold; if m has then moved by more than
 * LAW_DRIFT it is another law and counting starts anew.  With r = |f|/|x|, c the cosine between x
 * and f, and k = (x/|x|).J(f/|f|):  nu = r c,  nu' = r^2 + r k - 2 r^2 c^2,  so  m = (1 + k/r)/c^2
 * - 2.  Where the rates across the way are large, k is their product with local errors, and means
 * nothing; there the slope of log nu over log |x| takes the place of m. */
#include "ode/growth.h"

#include <math.h>

static const double LAW_DRIFT = 0.1; /* of m per decade: lower-order terms of a polynomial field */
static const double SMALL_POWER = 0.5; /* |m| below: the drift is taken absolutely */
static const double DECADE = 10;
static const double SUSPECT_DECADES = 1e-3; /* tau has fallen by this under one law, ... */
static const double SUSPECT_GROWTH = 1e3;   /* ... or |x| has grown by this, ... */
static const double SUSPECT_SIZE = 1e4;     /* ... to this, relative to the start */
/* Decades of |x|, and of |x| or the time, whichever is more, under one slope: suspicion is cheap */
static const double SLOPE_DECADES = 1, SLOPE_TIME_DECADES = 3;
static const double SLOPE_STEP = 3;  /* of |x|, from one slope to the next */
static const double SLOPE_SIZE = 10; /* of |x|, relative to the start */
/* |x| relative to the start: departures from a degenerate saddle obey a power law over many
 * decades, too, but from far below */
static const double ESCAPE_SIZE = 2;
static const double LEAST_POWER = 0.05; /* m above: |x| ~ (t*-t)^(-1/m), 1/m <= 20 */

void growth_begin(struct growth *growth, double size)
{
    *growth = (struct growth){.start_size = 1 + size,
                              .size = size,
                              .m = NAN,
                              .tau = INFINITY,
                              .steady_tau = INFINITY,
                              .law = NAN,
                              .slope = {.m = NAN, .steady_size = INFINITY}};
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

void growth_law(const struct growth_state *state, double *nu, double *m)
{
    const double r = state->speed / state->size, c = state->along;
    *nu = r * c;
    *m = *nu > 0 ? (1 + state->stretch / r) / (c * c) - 2 : NAN;
}

void growth_dismiss_slope(struct growth *growth)
{
    growth->slope.steady_size = growth->slope.size = growth->size;
    growth->slope.m = NAN;
}

/* Renews the slope; is it steady for long, while the law by J is not? */
static bool is_stiff(struct growth *growth, double nu)
{
    struct growth_slope *slope = &growth->slope;
    if (!(nu > 0) || !(growth->size >= slope->size) || !(slope->size > 0)) {
        *slope = (struct growth_slope){
            .size = growth->size, .rate = nu, .m = NAN, .steady_size = growth->size};
        return false;
    }
    if (growth->size < SLOPE_STEP * slope->size)
        return false;
    const double m = log(nu / slope->rate) / log(growth->size / slope->size);
    const double drift = fabs(m - slope->m);
    if (!(drift <= LAW_DRIFT * fmax(fabs(m), SMALL_POWER)))
        slope->steady_size = slope->size;
    slope->size = growth->size;
    slope->rate = nu;
    slope->m = m;
    const double decades = log10(growth->size / slope->steady_size);
    const bool is_long = m > LEAST_POWER || decades * fmax(1, -m) >= SLOPE_TIME_DECADES;
    return growth->size >= SLOPE_SIZE * growth->start_size && is_long && decades >= SLOPE_DECADES &&
           growth->steady_size > SLOPE_STEP * slope->steady_size;
}

enum growth_verdict growth_step(struct growth *growth, const struct growth_state *state)
{
    double nu;
    growth->size = state->size;
    growth_law(state, &nu, &growth->m);
    const bool stiff = is_stiff(growth, nu);
    if (!(nu > 0)) {
        growth->law = NAN;
        growth->tau = INFINITY;
        return GROWTH_NONE;
    }
    growth->tau = growth->m > LEAST_POWER ? 1 / (nu * growth->m) : INFINITY;
    keep_law(growth);
    const bool escapes = isfinite(growth->tau) && isfinite(growth->steady_tau) &&
                         growth->tau <= SUSPECT_DECADES * growth->steady_tau;
    const bool grows = growth->size >= SUSPECT_SIZE * growth->start_size &&
                       growth->size >= SUSPECT_GROWTH * growth->steady_size;
    if (growth_is_steep(growth) && (escapes || grows))
        return GROWTH_SUSPICIOUS;
    return stiff ? GROWTH_STIFF : GROWTH_NONE;
}

bool growth_is_steep(const struct growth *growth)
{
    return growth->size >= ESCAPE_SIZE * growth->start_size;
}
