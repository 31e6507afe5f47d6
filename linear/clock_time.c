/* The time oracle: t(s) = integral of d sigma / G(sigma), by GSL's adaptive Gauss-Kronrod rules.
 *
 * It tests an integrator at finite t, not only at the limit (notes/chains.md, (C3)).  The partial
 * fraction form over all complex roots was rejected: it needs the roots of an expanded polynomial.
 * */
#include "linear/clock.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>

enum { PIECES_MOST = 2000 }; /* of the adaptive subdivision: a ghost of width 1e-8 needs about 60 */
static const double RELATIVE_ERROR = 1e-12; /* asked for */
static const double ACCEPTED_ERROR = 1e-10; /* taken, when rounding stops GSL earlier */

struct integrand {
    const struct clock *clock;
    int direction;
};

static double reciprocal(double at, void *context)
{
    const struct integrand *integrand = context;
    struct ball g[1];
    integrand->clock->jet(integrand->clock->self, ball_of(integrand->direction * at), 0, g);
    return integrand->direction / ball_centre(g[0]);
}

/* Integrates over [from, to] along the direction (to = INFINITY is allowed), adding to *t. */
static enum status integrate(const struct integrand *integrand, double from, double to,
                             gsl_integration_workspace *workspace, double *t)
{
    gsl_function f = {.function = reciprocal, .params = (void *)integrand};
    double piece = NAN, error = NAN;
    int code;
    if (isfinite(to))
        code = gsl_integration_qag(&f, from, to, 0, RELATIVE_ERROR, PIECES_MOST, GSL_INTEG_GAUSS61,
                                   workspace, &piece, &error);
    else
        code = gsl_integration_qagiu(&f, from, 0, RELATIVE_ERROR, PIECES_MOST, workspace, &piece,
                                     &error);
    /* GSL_EROUND at this tolerance is common and harmless: the error estimate decides */
    if (!(error <= ACCEPTED_ERROR * fabs(piece)))
        return status_fail(SOLVER_FAILED, "time oracle: quadrature on [%g, %g]: %s", from, to,
                           gsl_strerror(code));
    *t += piece;
    return OK;
}

/* From 0 to `end` in one direction; the tail, if any, starts at `middle`. */
static enum status integrate_all(const struct integrand *integrand, double middle, double end,
                                 double *t)
{
    gsl_set_error_handler_off(); /* GSL's default handler aborts; codes are looked at here */
    gsl_integration_workspace *workspace = gsl_integration_workspace_alloc(PIECES_MOST);
    if (!workspace)
        return status_fail(NO_MEMORY, "time oracle");
    double sum = 0;
    enum status status = integrate(integrand, 0, middle, workspace, &sum);
    if (status == OK && end > middle)
        status = integrate(integrand, middle, end, workspace, &sum);
    gsl_integration_workspace_free(workspace);
    if (status == OK)
        *t = sum;
    return status;
}

enum status clock_time(const struct clock *clock, double s, double *t)
{
    const struct integrand integrand = {.clock = clock, .direction = s >= 0 ? 1 : -1};
    return integrate_all(&integrand, fabs(s), fabs(s), t);
}

enum status clock_escape_time(const struct clock *clock, int direction, double *t)
{
    if (clock->degree < 2) {
        *t = INFINITY;
        return OK;
    }
    const struct integrand integrand = {.clock = clock, .direction = direction};
    return integrate_all(&integrand, 1, INFINITY, t);
}
