/* Quotients, square roots, exponentials, logarithms and powers of balls.
 *
 * A quotient or a root is found in doubles and corrected once, to some 104 bits; what it is off is
 * then *measured* in balls, by multiplying back, and joins the radius, so no error analysis of the
 * correction is needed:
 *     a/b - q = (a - q b)/b,          sqrt a - r = (a - r^2)/(sqrt a + r).
 * The exponential of a point halves its argument nine times after taking out k log 2, sums nine
 * terms of exp z - 1, and doubles back by exp 2z - 1 = y (2 + y), y = exp z - 1, which keeps the
 * relative accuracy.  That of a wide ball is the interval between the exponentials of its ends, by
 * the C library, whose exp is off by less than one unit in the last place (GNU C library manual,
 * "Errors in Math Functions"); four are allowed for.
 * A logarithm is one step of Newton's method on the exponential, y + log(1 + d) with
 * d = x exp(-y) - 1, whose series is cut after d^2.  A power is exp(p log x), but for whole p,
 * which multiply: those are exact where they fit.
 * Rejected: a table-driven exponential, which would be faster and need a proof of its own. */
#include "base/ball.h"

#include <float.h>
#include <math.h>

enum {
    WHOLE_POWER_MOST = 64, /* multiplied out up to here */
    HALVINGS = 9,          /* |z| <= log(2)/2 / 512 = 6.8e-4 */
    TERMS = 9              /* the rest is below 2 |z|^10/10! <= |z| 2^-116 */
};

/* log 2 = 0.693147180559945309417232121458176568075500134360255254120680... as three doubles; the
 * first has 43 bits, so that k log 2 is a sum of few terms. */
static const double LOG2_HIGH = 0x1.62e42fefa3800p-1;
static const double LOG2_LOW = 0x1.ef35793c76730p-45;
static const double LOG2_TINY = 0x1.f97b57a079a19p-103;
static const double LOG2_RADIUS = 0x1p-150;
static const double INVERSE_LOG2 = 1.4426950408889634;
static const double EXPONENT_MOST = 1020;       /* of 2^k: beyond, doubles over- or underflow */
static const double ROUND_UP = 1 + DBL_EPSILON; /* as in ball.c */
static const double LIBRARY = 4 * DBL_EPSILON;  /* relative error of exp(), with room */
static const double WIDE = 0x1p-60; /* radius beyond which the ends are taken in doubles */

static bool is_bounded(struct ball a)
{
    return isfinite(ball_magnitude(a));
}

static struct ball point_of(struct ball a)
{
    return (struct ball){.hi = a.hi, .lo = a.lo};
}

static struct ball widened(struct ball a, double by)
{
    a.radius = (a.radius + by) * ROUND_UP;
    return isfinite(a.radius) ? a : ball_of(NAN);
}

/* A lower bound of |x| over the ball; 0 if it holds 0. */
static double least_modulus(struct ball a)
{
    const double least = (fabs(ball_centre(a)) * (1 - DBL_EPSILON) - a.radius) * (1 - DBL_EPSILON);
    return ball_sign(a) != 0 ? fmax(least, 0) : 0;
}

struct ball ball_div(struct ball a, struct ball b)
{
    const double least = least_modulus(b);
    if (!is_bounded(a) || !(least > 0))
        return ball_of(NAN);
    const double q1 = a.hi / b.hi;
    const struct ball rest = ball_sub(point_of(a), ball_mul(ball_of(q1), point_of(b)));
    struct ball q = ball_add(ball_of(q1), ball_of(ball_centre(rest) / b.hi));
    if (!is_bounded(q))
        return q;
    const struct ball off = ball_sub(a, ball_mul(q, b)); /* over all of a and b */
    return widened(q, ball_magnitude(off) / least * ROUND_UP);
}

struct ball ball_sqrt(struct ball a)
{
    if (ball_is_zero(a))
        return a;
    if (!is_bounded(a) || ball_sign(a) <= 0 || !(least_modulus(a) > 0))
        return ball_of(NAN);
    const double r1 = sqrt(a.hi);
    const struct ball rest = ball_sub(point_of(a), ball_mul(ball_of(r1), ball_of(r1)));
    struct ball r = ball_add(ball_of(r1), ball_of(ball_centre(rest) / (2 * r1)));
    const struct ball off = ball_sub(a, ball_mul(r, r));
    if (off.radius == 0 && ball_is_zero(off))
        return r;
    return widened(r, ball_magnitude(off) / least_modulus(r) * ROUND_UP);
}

/* y = exp z - 1 for a point |z| <= 6.8e-4, by Horner's rule on z + z^2/2 + ... + z^9/9! */
static struct ball small_expm1(struct ball z)
{
    static const double REST = 0x1p-116; /* relative to z */
    struct ball sum = ball_of(1);
    for (int k = TERMS; k > 1; k--)
        sum = ball_add(ball_of(1), ball_mul(ball_mul(z, ball_ratio_small(1, k)), sum));
    const struct ball y = ball_mul(z, sum);
    return widened(y, fabs(z.hi) * REST);
}

/* 2^k c, exactly or with the smallest double added */
static struct ball times_power(struct ball c, int k)
{
    return ball_mul(c, ball_of(ldexp(1, k)));
}

static struct ball exp_of_point(struct ball c)
{
    const double k = nearbyint(c.hi * INVERSE_LOG2);
    struct ball log2 =
        ball_add(ball_add(ball_of(LOG2_HIGH), ball_of(LOG2_LOW)), ball_of(LOG2_TINY));
    log2 = widened(log2, LOG2_RADIUS);
    struct ball z = ball_sub(c, ball_mul(ball_of(k), log2));
    for (int i = 0; i < HALVINGS; i++)
        z = ball_half(z);
    struct ball y = widened(small_expm1(point_of(z)), 2 * z.radius);
    for (int i = 0; i < HALVINGS; i++)
        y = ball_mul(y, ball_add(ball_of(2), y));
    return times_power(ball_add(ball_of(1), y), (int)k);
}

static struct ball exp_of_interval(struct ball a)
{
    const double c = ball_centre(a), r = (a.radius + fabs(c) * DBL_EPSILON) * ROUND_UP;
    const double low = exp(c - r) * (1 - LIBRARY), high = exp(c + r) * (1 + LIBRARY);
    return ball_between(fmax(low - DBL_MIN, 0), high + DBL_MIN);
}

struct ball ball_exp(struct ball a)
{
    if (ball_is_zero(a))
        return ball_of(1);
    if (!is_bounded(a))
        return ball_of(NAN);
    if (a.radius > WIDE || !(fabs(a.hi) * INVERSE_LOG2 < EXPONENT_MOST))
        return exp_of_interval(a);
    const struct ball y = exp_of_point(point_of(a));
    /* |exp(x + d) - exp x| <= exp x (2 |d|) for |d| <= 1 */
    return widened(y, 2 * a.radius * ball_magnitude(y));
}

static struct ball log_of_interval(struct ball a)
{
    const double c = ball_centre(a), r = (a.radius + fabs(c) * DBL_EPSILON) * ROUND_UP;
    const double low = log(c - r), high = log(c + r);
    return ball_between(low - LIBRARY * fabs(low) - DBL_MIN, high + LIBRARY * fabs(high) + DBL_MIN);
}

struct ball ball_log(struct ball a)
{
    static const double SMALL = 0x1p-30; /* |d|^3 is then below 2^-90, and is added */
    if (!is_bounded(a) || ball_sign(a) <= 0 || !(least_modulus(a) > 0))
        return ball_of(NAN);
    const struct ball y = ball_of(log(ball_centre(a)));
    const struct ball d = ball_sub(ball_mul(a, ball_exp(ball_negated(y))), ball_of(1));
    const double size = ball_magnitude(d);
    if (!(size < SMALL))
        return log_of_interval(a);
    const struct ball series = ball_sub(d, ball_half(ball_mul(d, d)));
    return ball_add(y, widened(series, size * size * size * ROUND_UP));
}

static struct ball whole_power(struct ball a, int p)
{
    struct ball product = ball_of(1), square = a;
    for (; p > 0; p /= 2) {
        product = p % 2 ? ball_mul(product, square) : product;
        square = p > 1 ? ball_mul(square, square) : square;
    }
    return product;
}

struct ball ball_power(struct ball a, struct ball p)
{
    const bool whole = p.lo == 0 && p.radius == 0 && p.hi == floor(p.hi) && p.hi >= 0;
    if (whole && p.hi <= WHOLE_POWER_MOST)
        return whole_power(a, (int)p.hi);
    if (ball_is_zero(a) && ball_sign(p) > 0)
        return a;
    return ball_exp(ball_mul(p, ball_log(a)));
}
