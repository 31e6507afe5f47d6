/* The order at which a distance goes to zero with eta: regression of its logarithm on that of eta.
 *
 *   log d_k = log c + p log eta_k + noise
 *
 * Least squares, weighted by 1/s_k^2 where the d_k have standard errors d_k s_k.  While the slope of
 * the four smallest eta differs from that of all by more than 0.05 (with standard errors: by more
 * than two of its own), the largest eta is left out: it is not yet in the range of the law.  The interval for p is Student's with two degrees less than
 * points; its scatter is that of the residuals, and not less than the standard errors say.
 * Deterministic distances have no noise: there the interval measures the curvature that is left.
 *
 * Verdict, (MB77): holds where |p - expected| <= bound and the interval is narrower than 1/2, or
 * where expected lies in an interval no wider than four bounds; refuted where 4.5 standard errors (of
 * exact distances: the interval) do not bridge the way to expected +- bound, for the four smallest
 * eta, too, and where the slope is not on its way there; else undecided.
 * Shapes: eta[count] decreasing; value[count]; error[count] or NULL.  Errors: none. */
#ifndef PROOFS_CHECK_COMPARISON_ORDER_H
#define PROOFS_CHECK_COMPARISON_ORDER_H

#include <stddef.h>

enum comparison_verdict {
    COMPARISON_HOLDS,
    COMPARISON_REFUTED,
    COMPARISON_UNDECIDED,
    COMPARISON_NOT_JUDGED /* reported only */
};
const char *comparison_order_verdict(enum comparison_verdict verdict);

struct comparison_points {
    size_t count;
    const double *eta, *value;
    const double *error; /* standard errors of value; NULL: exact */
};

struct comparison_expected {
    const char *what; /* "full batch, from the flow" */
    double order, bound;
};

struct comparison_order {
    struct comparison_expected expected;
    double order, low, high; /* NAN: fewer than three positive values */
    double constant;         /* c */
    double last;             /* slope of the two smallest eta */
    size_t first, used;      /* points first .. first + used - 1 were fitted */
    enum comparison_verdict verdict;
    const char *reason; /* why undecided or not judged; NULL */
};

struct comparison_order comparison_order_fit(const struct comparison_points *points,
                                             const struct comparison_expected *expected);

#endif
