/* GSL's rk8pd on (x, t) with sigma as the independent variable, decade by decade of |x|. */
#include "ode/escape.h"

#include "ode/growth.h"
#include "ode/switch.h"
#include "ode/vector.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DECADES_LEAST = 6, STEPS_MOST = 20000 };
static const double DECADE = 10;
static const double FAR = 1e100;         /* of |x|: fixed points beyond are not seen */
static const double FIELD_MOST = 1e280;  /* of |f|: stop before it overflows */
static const double TOLERANCE = 1e-11;   /* relative, of x and of the time */
static const double FIRST_STEP = 1e-3;   /* in sigma: a thousandth of an e-fold */
static const double LAW_DRIFT = 0.02;    /* of m over the last decade, ... */
static const double SMALL_POWER = 0.5;   /* ... absolutely for smaller |m| */
static const double LEAST_POWER = 0.05;  /* m above: |x| ~ (t* - t)^(-1/m), 1/m <= 20 */
static const double EXPONENTIAL = 0.001; /* |m| below: exponential growth */
/* Of a smaller m, relative, over a decade: that of x ln x, which does not blow up, drifts by 0.01 at
 * 1e100, and that of x (ln x)^2, which does, by as much; that of a power not at all */
static const double POWER_DRIFT = 1e-3;

/* The work space of one confirmation. */
struct rescaled {
    const struct flow *flow;
    struct escape_patience *patience;
    double *f, *Jf, *J; /* J[n*n], or work[3*n] for a large flow */
};

bool escape_is_stopped(struct escape_patience *patience)
{
    if (!patience->stopped && patience->stop)
        patience->stopped = patience->stop(patience->context, patience->t);
    patience->over = patience->over || patience->stopped;
    return patience->stopped;
}

bool escape_may_step(struct escape_patience *patience)
{
    patience->over = patience->over || patience->steps == 0;
    if (patience->over || escape_is_stopped(patience))
        return false;
    patience->steps--;
    return true;
}

/* y = (x, t): dx/dsigma = f |x|/|f|, dt/dsigma = |x|/|f| */
static int rescaled_field(double sigma, const double y[], double dy[], void *user)
{
    (void)sigma;
    const struct rescaled *r = user;
    const size_t n = r->flow->dim;
    if (r->flow->field(r->flow, 1, y, dy) != OK)
        return GSL_FAILURE;
    const double slowness = vector_norm(n, y) / vector_norm(n, dy);
    for (size_t i = 0; i < n; i++)
        dy[i] *= slowness;
    dy[n] = slowness;
    return isfinite(vector_norm(n + 1, dy)) ? GSL_SUCCESS : GSL_FAILURE;
}

/* nu and m at x; false where the field or its Jacobian fails, or the solution does not grow. */
static bool law_at(const struct rescaled *r, const double *x, double *nu, double *m, double *speed)
{
    const size_t n = r->flow->dim;
    const bool large = flow_is_large(r->flow);
    if (r->flow->field(r->flow, 1, x, r->f) != OK ||
        (large ? flow_jacobian_times(r->flow, x, r->f, r->Jf, r->J)
               : r->flow->jacobian(r->flow, x, r->J)) != OK)
        return false;
    struct growth_state state = {.size = vector_norm(n, x), .speed = vector_norm(n, r->f)};
    for (size_t i = 0; i < n; i++) {
        state.along += x[i] / state.size * (r->f[i] / state.speed);
        if (large)
            state.stretch += x[i] / state.size * (r->Jf[i] / state.speed);
        for (size_t j = 0; j < n && !large; j++)
            state.stretch += x[i] / state.size * r->J[i * n + j] * (r->f[j] / state.speed);
    }
    *speed = state.speed;
    growth_law(&state, nu, m);
    return isfinite(*m);
}

/* Steps until |x| is `size`; false if it never gets there. */
static bool grow_to(double size, const struct rescaled *r, gsl_odeiv2_driver *driver, double *h,
                    double *y)
{
    double sigma = 0;
    for (int i = 0; i < STEPS_MOST; i++) {
        if (vector_norm(r->flow->dim, y) >= size)
            return true;
        if (gsl_odeiv2_evolve_apply(driver->e, driver->c, driver->s, driver->sys, &sigma, sigma + 1,
                                    h, y) != GSL_SUCCESS ||
            !switch_holds(r->flow, y) || /* another law from here on */
            escape_is_stopped(r->patience))
            return false;
    }
    return false;
}

/* The law at the end of the way, for what it says. */
static void conclude(double nu, double m, double drift, double elapsed, struct escape *escape)
{
    const bool is_power = m > EXPONENTIAL && drift <= POWER_DRIFT * m;
    if (m > LEAST_POWER || is_power) {
        const double to_go = 1 / (nu * m);
        *escape = (struct escape){.verdict = ESCAPE_BLOWS_UP,
                                  .time_to_go = elapsed + to_go,
                                  .error = to_go * (drift / m + LAW_DRIFT) + TOLERANCE * elapsed,
                                  .exponent = NAN,
                                  .log_slope = NAN};
    } else if (m < EXPONENTIAL) {
        *escape = (struct escape){.verdict = ESCAPE_GROWS,
                                  .time_to_go = NAN,
                                  .error = NAN,
                                  .exponent = fabs(m) < EXPONENTIAL ? INFINITY : -1 / m,
                                  .log_slope = NAN};
    }
}

static void confirm(struct rescaled *r, gsl_odeiv2_driver *driver, double *y, struct escape *escape)
{
    const size_t n = r->flow->dim;
    double h = FIRST_STEP, nu = NAN, m = NAN, previous = NAN, speed = 0;
    double size = vector_norm(n, y);
    int decades = -1;
    for (; size < FAR && speed < FIELD_MOST; decades++, size *= DECADE) {
        previous = m;
        if (!grow_to(size, r, driver, &h, y) || !law_at(r, y, &nu, &m, &speed))
            return;
    }
    const double drift = fabs(m - previous);
    if (decades >= DECADES_LEAST && drift <= LAW_DRIFT * fmax(fabs(m), SMALL_POWER))
        conclude(nu, m, drift, y[n], escape);
}

enum status escape_confirm(const struct flow *flow, const double *x,
                           struct escape_patience *patience, struct escape *escape)
{
    gsl_set_error_handler_off(); /* GSL's default handler aborts; codes are looked at here */
    const size_t n = flow->dim;
    const size_t matrix = flow_is_large(flow) ? 3 * n : n * n;
    double *storage = calloc(3 * n + 1 + matrix, sizeof *storage);
    struct rescaled r = {.flow = flow, .patience = patience};
    gsl_odeiv2_system system = {.function = rescaled_field, .dimension = n + 1, .params = &r};
    gsl_odeiv2_driver *driver = storage
                                    ? gsl_odeiv2_driver_alloc_y_new(&system, gsl_odeiv2_step_rk8pd,
                                                                    FIRST_STEP, 0, TOLERANCE)
                                    : NULL;
    *escape = (struct escape){.verdict = ESCAPE_NEITHER};
    if (driver) {
        double *y = storage;
        r.f = storage + n + 1;
        r.Jf = r.f + n;
        r.J = r.Jf + n;
        memcpy(y, x, n * sizeof *x);
        confirm(&r, driver, y, escape);
        gsl_odeiv2_driver_free(driver);
    }
    const bool out_of_memory = !storage || !driver;
    free(storage);
    return out_of_memory ? status_fail(NO_MEMORY, "blow-up of %s", flow->title) : OK;
}
