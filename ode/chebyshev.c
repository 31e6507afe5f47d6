/* The ellipse, and the recurrence of Manteuffel (1977).
 *
 * R(z), the sum of the semi-axes of the confocal ellipse through z, decides how fast g_m(z) falls:
 * |g_m(z)| ~ (R(z)/R(0))^m.  The ellipse is sought by trying larger and smaller -c and
 * w = c^2 - d^2, the product of the distances of the foci from the origin, from the best interval
 * on and from a circle about all points, on which every one falls: |z - c| < -c means
 * |z|^2 < 2 c Re z.  With logarithms an interval of any condition is a start.  The recurrence needs c and
 * d^2 only and is real also where the foci are not. */
#include "ode/chebyshev.h"

#include <math.h>

static const double WIDER = 1.01; /* of the points, away from the origin: Ritz values lie inside */
static const double STEP_FIRST = 1.0; /* of the logarithms */
static const double STEP_LAST = 1e-3; /* the factor to three digits */
enum { ROUNDS_MOST = 400 };

/* R(z) = major + minor semi-axis. */
static double semi_axes(const struct chebyshev *g, double re, double im)
{
    const double d = sqrt(fabs(g->dd)), across = g->dd > 0 ? d : 0, up = g->dd > 0 ? 0 : d;
    const double x = re - g->c;
    const double major = (hypot(x - across, im - up) + hypot(x + across, im + up)) / 2;
    return major + sqrt(fmax(0, (major - d) * (major + d)));
}

static double fall(const struct chebyshev *g, size_t count, const struct ritz_value *points)
{
    double largest = 0;
    for (size_t k = 0; k < count; k++)
        largest = fmax(largest, semi_axes(g, WIDER * points[k].re, WIDER * points[k].im));
    return largest / semi_axes(g, 0, 0);
}

static struct chebyshev ellipse_of(double log_c, double log_w)
{
    const double c = -exp(log_c);
    return (struct chebyshev){.c = c, .dd = c * c - exp(log_w), .tau = -1 / c};
}

/* To a nearby ellipse that is best among its neighbours. */
static struct chebyshev improve(double log_c, double log_w, size_t count,
                                const struct ritz_value *points)
{
    static const double along[][2] = {{1, 0}, {-1, 0},  {0, 1}, {0, -1},
                                      {1, 1}, {-1, -1}, {1, 2}, {-1, -2}};
    struct chebyshev best = ellipse_of(log_c, log_w);
    double step = STEP_FIRST;
    best.factor = fall(&best, count, points);
    for (int round = 0; round < ROUNDS_MOST && step > STEP_LAST; round++) {
        const double *toward = NULL;
        for (size_t k = 0; k < sizeof along / sizeof *along; k++) {
            struct chebyshev trial =
                ellipse_of(log_c + step * along[k][0], log_w + step * along[k][1]);
            trial.factor = fall(&trial, count, points);
            if (!(trial.factor < best.factor))
                continue;
            best = trial;
            toward = along[k];
        }
        log_c += toward ? step * toward[0] : 0;
        log_w += toward ? step * toward[1] : 0;
        step /= toward ? 1 : 2;
    }
    return best;
}

struct chebyshev chebyshev_around(size_t count, const struct ritz_value *points)
{
    double near = INFINITY, far = 0, radius = 0;
    for (size_t k = 0; k < count; k++) {
        const double x = -points[k].re, y = points[k].im;
        near = fmin(near, x);
        far = fmax(far, WIDER * x);
        radius = fmax(radius, WIDER * (x + y * y / x));
    }
    const struct chebyshev interval =
                               improve(log((near + far) / 2), log(near) + log(far), count, points),
                           circle = improve(log(radius), 2 * log(radius), count, points);
    return interval.factor < circle.factor ? interval : circle;
}

/* sinh(m a_s)/cosh(m a_0) with exp(a) = R/|d|, written without powers that overflow. */
double chebyshev_least(const struct chebyshev *g, double s)
{
    const double d = sqrt(fabs(g->dd)), m = (double)g->degree;
    if (!(-s - g->c > (g->dd > 0 ? d : 0)))
        return 0;
    const double here = semi_axes(g, -s, 0), origin = semi_axes(g, 0, 0);
    return pow(here / origin, m) * (1 - pow(d / here, 2 * m)) / (1 + pow(d / origin, 2 * m));
}

void chebyshev_step(struct chebyshev *g, size_t n, const double *product, double *now,
                    double *before)
{
    const double first = -1 / g->c;
    const bool begins = g->degree == 0;
    const double tau = begins ? first : 1 / (2 / first - g->dd * g->tau);
    const double forward = begins ? tau : 2 * tau, back = begins ? 0 : g->dd * g->tau * tau;
    for (size_t j = 0; j < n; j++) {
        const double next = forward * (product[j] - g->c * now[j]) - back * before[j];
        before[j] = now[j];
        now[j] = next;
    }
    g->tau = tau;
    g->degree++;
}
