/* GSL's rk8pd on (x, t) with sigma as the independent variable, decade by decade of |x|. */
#include "ode/escape.h"

#include "ode/vector.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DECADES = 6, STEPS_MOST = 20000 };
static const double DECADE = 10;
static const double TOLERANCE = 1e-11;  /* relative, of x and of the time */
static const double FIRST_STEP = 1e-3;  /* in sigma: a thousandth of an e-fold */
static const double LAW_DRIFT = 0.02;   /* of m over the last decade */
static const double LEAST_POWER = 0.05; /* m above: |x| ~ (t* - t)^(-1/m), 1/m <= 20 */

/* The work space of one confirmation. */
struct rescaled {
    const struct flow *flow;
    double *f, *J;
};

/* y = (x, t): dx/dsigma = f |x|/|f|, dt/dsigma = |x|/|f| */
static int rescaled_field(double sigma, const double y[], double dy[], void *user)
{
    (void)sigma;
    const struct rescaled *r = user;
    const size_t n = r->flow->dim;
    if (r->flow->field(r->flow, 1, y, dy) != OK)
        return GSL_FAILURE;
    const double slowness = sqrt(vector_dot(n, y, y) / vector_dot(n, dy, dy));
    for (size_t i = 0; i < n; i++)
        dy[i] *= slowness;
    dy[n] = slowness;
    return isfinite(vector_dot(n + 1, dy, dy)) ? GSL_SUCCESS : GSL_FAILURE;
}

/* nu = x.f/|x|^2 and m = (d nu/dt)/nu^2 at x; false where the field or its Jacobian fails. */
static bool growth_law(const struct rescaled *r, const double *x, double *nu, double *m)
{
    const size_t n = r->flow->dim;
    if (r->flow->field(r->flow, 1, x, r->f) != OK || r->flow->jacobian(r->flow, x, r->J) != OK)
        return false;
    double xJf = 0;
    for (size_t i = 0; i < n; i++)
        xJf += x[i] * vector_dot(n, r->J + i * n, r->f);
    const double xx = vector_dot(n, x, x);
    *nu = vector_dot(n, x, r->f) / xx;
    *m = ((vector_dot(n, r->f, r->f) + xJf) / xx - 2 * *nu * *nu) / (*nu * *nu);
    return *nu > 0 && isfinite(*m);
}

/* Steps until |x| is `size`; false if it never gets there. */
static bool grow_to(double size, const struct rescaled *r, gsl_odeiv2_driver *driver, double *sigma,
                    double *h, double *y)
{
    for (int i = 0; i < STEPS_MOST; i++) {
        const double before = vector_dot(r->flow->dim, y, y);
        if (before >= size * size)
            return true;
        if (gsl_odeiv2_evolve_apply(driver->e, driver->c, driver->s, driver->sys, sigma, *sigma + 1,
                                    h, y) != GSL_SUCCESS)
            return false;
    }
    return false;
}

static void confirm(struct rescaled *r, gsl_odeiv2_driver *driver, double *y, struct escape *escape)
{
    const size_t n = r->flow->dim;
    double sigma = 0, h = FIRST_STEP, nu = NAN, m = NAN, previous = NAN;
    double size = sqrt(vector_dot(n, y, y));
    for (int decade = 0; decade <= DECADES; decade++, size *= DECADE) {
        previous = m;
        if (!grow_to(size, r, driver, &sigma, &h, y) || !growth_law(r, y, &nu, &m) ||
            !(m > LEAST_POWER))
            return;
    }
    const double drift = fabs(m - previous) / m, to_go = 1 / (nu * m);
    *escape = (struct escape){.confirmed = drift <= LAW_DRIFT,
                              .time_to_go = y[n] + to_go,
                              .error = to_go * (drift + LAW_DRIFT) + TOLERANCE * y[n]};
}

enum status escape_confirm(const struct flow *flow, const double *x, struct escape *escape)
{
    gsl_set_error_handler_off(); /* GSL's default handler aborts; codes are looked at here */
    const size_t n = flow->dim;
    double *storage = calloc(2 * n + 1 + n * n, sizeof *storage);
    struct rescaled r = {.flow = flow};
    gsl_odeiv2_system system = {.function = rescaled_field, .dimension = n + 1, .params = &r};
    gsl_odeiv2_driver *driver = storage
                                    ? gsl_odeiv2_driver_alloc_y_new(&system, gsl_odeiv2_step_rk8pd,
                                                                    FIRST_STEP, 0, TOLERANCE)
                                    : NULL;
    *escape = (struct escape){.confirmed = false};
    if (driver) {
        double *y = storage;
        r.f = storage + n + 1;
        r.J = r.f + n;
        memcpy(y, x, n * sizeof *x);
        confirm(&r, driver, y, escape);
        gsl_odeiv2_driver_free(driver);
    }
    const bool out_of_memory = !storage || !driver;
    free(storage);
    return out_of_memory ? status_fail(NO_MEMORY, "blow-up of %s", flow->title) : OK;
}
