/* Weighted least squares on logarithms, by the textbook. */
#include "proofs-check/comparison_order.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>

enum { POINTS_LEAST = 3, POINTS_KEPT = 4 }; /* at least so many are left of those that are there */

static const double CURVED =
    0.05; /* difference of slopes that tells the largest eta from the rest */
static const double SIGNIFICANT = 2;   /* standard errors that do so where points have errors */
static const double CONFIDENCE = 0.95; /* of the interval, two-sided */
static const double WIDE = 2; /* half-widths of the interval above so many bounds decide nothing */
static const double APART =
    1.0 / 4;                    /* half-widths below tell an order from its neighbours, by 1/2 */
static const double SURE = 4.5; /* standard errors: one false alarm in 1e5 */

static const char NOTHING_MOVES[] =
    "a distance is zero or unknown: nothing moves, or one trial has no scatter";
static const char TOO_FEW[] = "fewer than three values of eta at which the distance is finite";
static const char TOO_WIDE[] =
    "the interval is too wide: more trials or more values of eta are needed";
static const char NOT_SURE[] = "it may be noise, or eta may be too large: more trials, smaller eta";

const char *comparison_order_verdict(enum comparison_verdict verdict)
{
    static const char *const names[] = {[COMPARISON_HOLDS] = "holds",
                                        [COMPARISON_REFUTED] = "refuted",
                                        [COMPARISON_UNDECIDED] = "undecided",
                                        [COMPARISON_NOT_JUDGED] = "not judged"};
    return names[verdict];
}

struct line {
    double slope, intercept, half; /* half-width of the interval of the slope */
    double sure;                   /* half-width of the interval that a refutation asks for */
    double error;                  /* of the slope, by the standard errors of the points; else 0 */
};

/* 1/s_k^2 of log d_k. */
static double weight_of(const struct comparison_points *p, size_t k)
{
    const double s = p->error ? p->error[k] / p->value[k] : 1;
    return 1 / (s * s);
}

static double residual(const struct comparison_points *p, const struct line *line, size_t k)
{
    return log(p->value[k]) - line->intercept - line->slope * log(p->eta[k]);
}

/* Scatter of the slope: sqrt(s^2 / Sxx), s^2 from the residuals; where the weights are those of
 * known errors s^2 = 1 at least. */
static void half_widths(const struct comparison_points *p, const size_t range[2], double Sxx,
                        struct line *line)
{
    const size_t count = range[1] - range[0];
    line->half = line->sure = INFINITY;
    if (count < POINTS_LEAST)
        return;
    double chi = 0;
    for (size_t k = range[0]; k < range[1]; k++)
        chi += weight_of(p, k) * residual(p, line, k) * residual(p, line, k);
    const double degrees = (double)count - 2, variance = chi / degrees;
    const double s2 = p->error ? fmax(1, variance) : variance;
    line->half = gsl_cdf_tdist_Pinv((1 + CONFIDENCE) / 2, degrees) * sqrt(s2 / Sxx);
    line->sure = p->error ? SURE * sqrt(s2 / Sxx) : line->half;
}

/* Points range[0] .. range[1]-1. */
static struct line fit(const struct comparison_points *p, const size_t range[2])
{
    double W = 0, x = 0, y = 0, Sxx = 0, Sxy = 0;
    for (size_t k = range[0]; k < range[1]; k++) {
        const double w = weight_of(p, k);
        W += w;
        x += w * log(p->eta[k]);
        y += w * log(p->value[k]);
    }
    x /= W;
    y /= W;
    for (size_t k = range[0]; k < range[1]; k++) {
        const double w = weight_of(p, k), dx = log(p->eta[k]) - x;
        Sxx += w * dx * dx;
        Sxy += w * dx * (log(p->value[k]) - y);
    }
    struct line line = {.slope = Sxy / Sxx};
    line.intercept = y - line.slope * x;
    half_widths(p, range, Sxx, &line);
    line.error = p->error ? 1 / sqrt(Sxx) : 0;
    return line;
}

/* Leaves out the largest eta that are not yet in the range of the law. */
static void range_choose(const struct comparison_points *p, size_t range[2])
{
    range[1] = p->count;
    while (range[1] - range[0] > POINTS_KEPT) {
        const size_t end[2] = {range[1] - POINTS_KEPT, range[1]};
        const struct line tail = fit(p, end);
        const double allowed = p->error ? SIGNIFICANT * tail.error : CURVED;
        if (fabs(fit(p, range).slope - tail.slope) <= allowed)
            return;
        range[0]++;
    }
}

/* Steps of the largest eta may run away: those are no part of the law. */
static size_t first_finite(const struct comparison_points *p)
{
    size_t first = 0;
    while (first < p->count && !isfinite(p->value[first]))
        first++;
    return first;
}

static bool is_positive(const struct comparison_points *p, size_t first)
{
    for (size_t k = first; k < p->count; k++)
        if (!(p->value[k] > 0) || !isfinite(p->value[k]) || (p->error && !(p->error[k] > 0)))
            return false;
    return p->count >= first + POINTS_LEAST;
}

/* Is the expected order far outside? */
static bool is_off(const struct line *line, const struct comparison_expected *expected)
{
    return fabs(line->slope - expected->order) > expected->bound + line->sure;
}

/* Where nothing is random: do the smallest eta have a slope that is nearer to the law? */
static bool is_on_its_way(const struct comparison_points *p, const struct comparison_order *order)
{
    const double all = fabs(order->order - order->expected.order),
                 last = fabs(order->last - order->expected.order);
    return !p->error && last < all - CURVED;
}

/* A law is of small eta, so the smallest ones have to refute it, too. */
static bool is_refuted(const struct comparison_points *p, const struct line *line,
                       const struct comparison_order *order)
{
    const size_t kept = order->used < POINTS_KEPT ? order->used : POINTS_KEPT;
    const size_t end[2] = {p->count - kept, p->count};
    const struct line tail = fit(p, end);
    return is_off(line, &order->expected) && is_off(&tail, &order->expected) &&
           !is_on_its_way(p, order);
}

static void judge(const struct comparison_points *p, const struct line *line,
                  struct comparison_order *order)
{
    const double bound = order->expected.bound;
    const double off = fabs(line->slope - order->expected.order);
    if ((off <= bound && line->half <= APART) || (off <= line->half && line->half <= WIDE * bound))
        order->verdict = COMPARISON_HOLDS;
    else if (is_refuted(p, line, order))
        order->verdict = COMPARISON_REFUTED;
    else
        order->reason = line->half > WIDE * bound ? TOO_WIDE : NOT_SURE;
}

struct comparison_order comparison_order_fit(const struct comparison_points *points,
                                             const struct comparison_expected *expected)
{
    struct comparison_order order = {.expected = *expected,
                                     .order = NAN,
                                     .low = NAN,
                                     .high = NAN,
                                     .constant = NAN,
                                     .last = NAN,
                                     .verdict = COMPARISON_UNDECIDED,
                                     .reason = NOTHING_MOVES};
    size_t range[2] = {first_finite(points)};
    if (points->count < range[0] + POINTS_LEAST)
        order.reason = TOO_FEW;
    if (!is_positive(points, range[0]))
        return order;
    range_choose(points, range);
    const struct line line = fit(points, range);
    const size_t tail[2] = {points->count - 2, points->count};
    order.order = line.slope;
    order.low = line.slope - line.half;
    order.high = line.slope + line.half;
    order.constant = exp(line.intercept);
    order.last = fit(points, tail).slope;
    order.first = range[0];
    order.used = range[1] - range[0];
    order.reason = NULL;
    judge(points, &line, &order);
    return order;
}
