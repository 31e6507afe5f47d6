/* The growth law, decade by decade.
 *
 * The law is renewed whenever tau (or |x|) has changed tenfold; if m has then moved by more than LAW_DRIFT
 * it is another law and counting starts anew.  So a fast transient that saturates at K looks like a
 * blow-up only for log10(K) decades, and is not believed before DECADES of them. */
#include "ode/growth.h"

#include <float.h>
#include <math.h>

static const double LAW_DRIFT = 0.1;     /* of m per decade: lower-order terms of a polynomial field */
static const double DECADE = 10;
static const double ESCAPE_DECADES = 1e-8; /* tau must fall by this under one law */
static const double ESCAPE_SIZE = 2;      /* |x| relative to the start: departures from a degenerate saddle obey
                                           * a power law over many decades, too, but from far below */
static const double STUCK_DECADES = 1e-4;  /* the same when the step size has already collapsed */
static const double UNBOUNDED_SIZE = 1e9;  /* |x| relative to the start */
static const double UNBOUNDED_GROWTH = 1e6; /* under one law */
static const double EXPONENTIAL = 0.02;    /* |m| below: exponential growth */
static const double LEAST_POWER = 0.05;    /* m above: blow-up with |x| ~ (t*-t)^(-1/m), 1/m <= 20 */
static const double GLOBAL_ERROR = 1;      /* times rtol, t* and steps: local errors add up; measured 0.1 */

void growth_begin(struct growth *growth, double size)
{
    *growth = (struct growth){.start_size = 1 + size,
                              .m = NAN,
                              .tau = INFINITY,
                              .steady_tau = INFINITY,
                              .law = NAN,
                              .exponent = NAN};
}

static void renew(struct growth *growth, double t, double size)
{
    growth->decade_tau = growth->tau;
    growth->decade_size = size;
    growth->decade_time = t + growth->tau;
    growth->law = growth->m;
}

static void restart(struct growth *growth, double t, double size)
{
    growth->steady_tau = growth->tau;
    growth->steady_size = size;
    growth->spread = 0;
    renew(growth, t, size);
}

/* Keeps the books of the present law. */
static void keep_law(struct growth *growth, double t, double size)
{
    const double drift = fabs(growth->m - growth->law);
    if (!(drift <= LAW_DRIFT * fmax(fabs(growth->m), 0.5))) {
        restart(growth, t, size);
        return;
    }
    const bool decade = growth->tau * DECADE <= growth->decade_tau ||
                        size >= DECADE * growth->decade_size;
    if (!decade)
        return;
    if (isfinite(growth->decade_tau)) {
        const double miss = fabs(t + growth->tau - growth->decade_time) / growth->decade_tau;
        growth->spread = fmax(growth->spread * LAW_DRIFT, miss);
    }
    renew(growth, t, size);
}

static enum growth_verdict escape(struct growth *growth, double t, double rtol)
{
    growth->blowup_time = t + growth->tau;
    growth->blowup_error = growth->tau * (growth->spread + LAW_DRIFT) +
                           GLOBAL_ERROR * rtol * (double)growth->steps * growth->blowup_time;
    return GROWTH_ESCAPES;
}

enum growth_verdict growth_step(struct growth *growth, double t, double xf, double ff, double xJf,
                                double xx, double rtol)
{
    const double nu = xf / xx, size = sqrt(xx);
    growth->steps++;
    if (!(nu > 0)) {
        growth->m = growth->law = NAN;
        growth->tau = INFINITY;
        return GROWTH_NONE;
    }
    growth->m = ((ff + xJf) / xx - 2 * nu * nu) / (nu * nu);
    growth->tau = growth->m > LEAST_POWER ? 1 / (nu * growth->m) : INFINITY;
    keep_law(growth, t, size);
    if (growth->tau <= ESCAPE_DECADES * growth->steady_tau && isfinite(growth->steady_tau) &&
        size >= ESCAPE_SIZE * growth->start_size)
        return escape(growth, t, rtol);
    if (growth->m < LEAST_POWER && size >= UNBOUNDED_SIZE * growth->start_size &&
        size >= UNBOUNDED_GROWTH * growth->steady_size) {
        growth->exponent = fabs(growth->m) < EXPONENTIAL ? INFINITY : -1 / growth->m;
        return GROWTH_UNBOUNDED;
    }
    return GROWTH_NONE;
}

enum growth_verdict growth_stuck(struct growth *growth, double t, double rtol)
{
    if (isfinite(growth->steady_tau) && growth->tau <= STUCK_DECADES * growth->steady_tau)
        return escape(growth, t, rtol);
    return GROWTH_NONE;
}
