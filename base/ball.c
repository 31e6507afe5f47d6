/* Balls: a double-double centre hi + lo and a radius that bounds whatever was dropped.
 *
 * Sums and products are expanded without error into a few doubles,
 *     a + b = s + e   (Knuth's two-sum),      a b = p + e   (e = fma(a, b, -p)),
 * and the expansion is distilled - two-sums from the small end, again and again - until each term
 * is the rounded sum of itself and all below it.  Then hi and lo are its two largest terms, and the
 * rest is added to the radius.  At such a fixed point a sum of at most 106 bits has no third term,
 * which is why the radius of an exact result is exactly 0.
 *
 * What can go wrong is closed off one by one.  Addition is exact even among subnormals; a product
 * near the underflow threshold is formed on mantissas and scaled, and 2^-1074 is added to the
 * radius if bits fell off.  Overflow leaves an infinity or a NaN, which makes the ball the whole
 * line.  Radii are rounded up. A ball much wider than a double's resolution is computed with hi
 * alone: its digits are not worth more.
 *
 * Sources: Dekker (1971); Knuth, TAOCP 2, 4.2.2; Shewchuk, Discrete Comput. Geom. 18 (1997),
 * 305-363; Ogita, Rump, Oishi, SIAM J. Sci. Comput. 26 (2005), 1955-1988 (distillation).
 * Rejected: the usual sloppy double-double formulas, which cannot tell an exact result from a
 * rounded one. */
#include "base/ball.h"

#include <float.h>
#include <math.h>

#ifdef __FAST_MATH__
#error "error-free transformations need IEEE arithmetic: compile without -ffast-math"
#endif
_Static_assert(FLT_EVAL_METHOD == 0, "doubles must be computed as doubles");
_Static_assert(DBL_MANT_DIG == 53, "the bounds below are those of binary64");

enum { TERMS_MOST = 8 }; /* four products of two doubles, each with its error */

static const double ROUND_UP = 1 + DBL_EPSILON; /* x (1 + 2^-52) rounds to more than x, x normal */
static const double HALF_ULP =
    DBL_EPSILON / 2;                   /* |p - x| <= 2^-53 |p| for p = x rounded, p normal */
static const double LEAST = 0x1p-1074; /* smallest positive double */
static const double PRODUCT_SAFE =
    0x1p-960; /* > 2^(-1074+2*53): the error of a product is a double */
static const double WIDE =
    0x1p-40; /* relative radius beyond which lo, 2^-53, adds under 2^-13 of it */

struct pair {
    double high, low;
};

/* An expansion, smallest terms first, plus a bound on what is missing from it. */
struct expansion {
    double term[TERMS_MOST];
    int count;
    double dropped;
};

/* ---- upper bounds ------------------------------------------------------------------------- */

/* >= x + y, for x + y >= 0; sums below 2^-1021 are exact, above ROUND_UP covers the rounding. */
static double sum_above(double x, double y)
{
    return (x + y) * ROUND_UP;
}

/* >= x y, for x, y >= 0; 0 only if it is 0. */
static double product_above(double x, double y)
{
    return x == 0 || y == 0 ? 0 : x * y * ROUND_UP + LEAST;
}

/* ---- error-free transformations ----------------------------------------------------------- */

static struct pair two_sum(double a, double b)
{
    const double s = a + b, b_part = s - a, a_part = s - b_part;
    return (struct pair){.high = s, .low = (a - a_part) + (b - b_part)};
}

static struct ball ball_unbounded(void)
{
    return (struct ball){.hi = NAN, .lo = 0, .radius = INFINITY};
}

static bool ball_is_bounded(struct ball a)
{
    return isfinite(a.hi) && isfinite(a.lo) && a.radius >= 0 && a.radius <= DBL_MAX;
}

/* x 2^exponent; *dropped grows by at least the bits that fell off. */
static double scaled(double x, int exponent, double *dropped)
{
    const double y = scalbn(x, exponent);
    if (scalbn(y, -exponent) != x)
        *dropped = sum_above(*dropped, LEAST);
    return y;
}

static struct ball ball_scaled(struct ball a, int exponent)
{
    double dropped = 0;
    const double hi = scaled(a.hi, exponent, &dropped);
    const double lo = scaled(a.lo, exponent, &dropped);
    const double radius = scaled(a.radius, exponent, &dropped);
    const struct ball b = {.hi = hi, .lo = lo, .radius = sum_above(radius, dropped)};
    return ball_is_bounded(b) ? b : ball_unbounded();
}

static void expansion_add(struct expansion *sum, double term)
{
    if (term != 0)
        sum->term[sum->count++] = term;
}

static void expansion_add_product(struct expansion *sum, double a, double b)
{
    const double p = a * b;
    if (a == 0 || b == 0)
        return;
    if (fabs(p) >= PRODUCT_SAFE) {
        expansion_add(sum, fma(a, b, -p));
        expansion_add(sum, p);
        return;
    }
    int a_exponent, b_exponent;
    const double a_mantissa = frexp(a, &a_exponent), b_mantissa = frexp(b, &b_exponent);
    const double q = a_mantissa * b_mantissa; /* in [1/4, 1) */
    const int exponent = a_exponent + b_exponent;
    expansion_add(sum, scaled(fma(a_mantissa, b_mantissa, -q), exponent, &sum->dropped));
    expansion_add(sum, scaled(q, exponent, &sum->dropped));
}

/* Two-sums from the small end until nothing moves.  The sum is unchanged after any number of
 * passes; count passes are enough in practice, and stopping early would only widen the ball. */
static void expansion_distil(struct expansion *sum)
{
    bool moved = sum->count > 2; /* two terms are settled by the caller's two-sum */
    for (int pass = 0; moved && pass <= sum->count; pass++) {
        moved = false;
        for (int i = 1; i < sum->count; i++) {
            const struct pair s = two_sum(sum->term[i], sum->term[i - 1]);
            moved = moved || s.low != sum->term[i - 1];
            sum->term[i] = s.high;
            sum->term[i - 1] = s.low;
        }
    }
}

static struct ball ball_of_expansion(struct expansion *sum, double radius)
{
    expansion_distil(sum);
    const int n = sum->count;
    const struct pair s = two_sum(n > 0 ? sum->term[n - 1] : 0, n > 1 ? sum->term[n - 2] : 0);
    double dropped = sum->dropped;
    for (int i = 0; i < n - 2; i++)
        dropped = sum_above(dropped, fabs(sum->term[i]));
    const struct ball b = {.hi = s.high, .lo = s.low, .radius = sum_above(radius, dropped)};
    return ball_is_bounded(b) ? b : ball_unbounded();
}

/* ---- balls -------------------------------------------------------------------------------- */

struct ball ball_of(double exact)
{
    if (!isfinite(exact))
        return ball_unbounded();
    return (struct ball){.hi = exact};
}

struct ball ball_between(double low, double high)
{
    if (!(low <= high))
        return ball_unbounded();
    if (low == high)
        return ball_of(low);
    const double middle = low / 2 + high / 2; /* rounded; the radius is taken from where it is */
    const double above = sum_above(high, -middle), below = sum_above(middle, -low);
    const struct ball b = {.hi = middle, .radius = fmax(above, below)};
    return ball_is_bounded(b) ? b : ball_unbounded();
}

/* n/d = q1 + q2 + r2/d with r1 = n - q1 d and r2 = r1 - q2 d exact: remainders of correctly rounded
 * divisions are doubles, and on mantissas nothing underflows. */
struct ball ball_ratio_small(double numerator, double denominator)
{
    if (!isfinite(numerator) || !isfinite(denominator) || denominator == 0)
        return ball_unbounded();
    int n_exponent, d_exponent;
    const double n = frexp(numerator, &n_exponent), d = frexp(denominator, &d_exponent);
    const double q1 = n / d, r1 = fma(-q1, d, n);
    const double q2 = r1 / d, r2 = fma(-q2, d, r1);
    const struct pair q = two_sum(q1, q2);
    const struct ball b = {.hi = q.high, .lo = q.low, .radius = fabs(r2 / d) * ROUND_UP};
    return ball_scaled(b, n_exponent - d_exponent);
}

struct ball ball_add(struct ball a, struct ball b)
{
    struct expansion sum = {.count = 0};
    if (!ball_is_bounded(a) || !ball_is_bounded(b))
        return ball_unbounded();
    expansion_add(&sum, a.lo);
    expansion_add(&sum, b.lo);
    expansion_add(&sum, a.hi);
    expansion_add(&sum, b.hi);
    return ball_of_expansion(&sum, sum_above(a.radius, b.radius));
}

struct ball ball_negated(struct ball a)
{
    return (struct ball){.hi = -a.hi, .lo = -a.lo, .radius = a.radius};
}

struct ball ball_sub(struct ball a, struct ball b)
{
    return ball_add(a, ball_negated(b));
}

/* |a||db| + |b||da| + |da||db| for |a| <= a_most, |da| <= a_radius and so on */
static double product_radius(double a_most, double a_radius, double b_most, double b_radius)
{
    const double first =
        sum_above(product_above(a_most, b_radius), product_above(b_most, a_radius));
    return sum_above(first, product_above(a_radius, b_radius));
}

static bool ball_is_wide(struct ball a)
{
    return a.radius > WIDE * fabs(a.hi);
}

/* With hi alone: lo joins the radius, and so does the rounding of the product, <= 2^-53 |p| +
 * 2^-1075. */
static struct ball product_of_wide(struct ball a, struct ball b)
{
    const double p = a.hi * b.hi;
    const double a_radius = sum_above(a.radius, fabs(a.lo));
    const double b_radius = sum_above(b.radius, fabs(b.lo));
    const double radius = product_radius(fabs(a.hi), a_radius, fabs(b.hi), b_radius);
    const double rounding = a.hi == 0 || b.hi == 0 ? 0 : fabs(p) * HALF_ULP + LEAST;
    const struct ball c = {.hi = p, .radius = sum_above(radius, rounding)};
    return ball_is_bounded(c) ? c : ball_unbounded();
}

struct ball ball_mul(struct ball a, struct ball b)
{
    struct expansion sum = {.count = 0};
    if (!ball_is_bounded(a) || !ball_is_bounded(b))
        return ball_unbounded();
    if (ball_is_wide(a) || ball_is_wide(b))
        return product_of_wide(a, b);
    expansion_add_product(&sum, a.lo, b.lo);
    expansion_add_product(&sum, a.lo, b.hi);
    expansion_add_product(&sum, a.hi, b.lo);
    expansion_add_product(&sum, a.hi, b.hi);
    const double a_most = sum_above(fabs(a.hi), fabs(a.lo));
    const double b_most = sum_above(fabs(b.hi), fabs(b.lo));
    return ball_of_expansion(&sum, product_radius(a_most, a.radius, b_most, b.radius));
}

struct ball ball_half(struct ball a)
{
    return ball_is_bounded(a) ? ball_scaled(a, -1) : ball_unbounded();
}

/* Rounding is monotone and the radius is a double: |hi + lo| <= radius would make |c| <= radius. */
int ball_sign(struct ball a)
{
    const double c = a.hi + a.lo;
    if (!ball_is_bounded(a) || !(fabs(c) > a.radius))
        return 0;
    return c > 0 ? 1 : -1;
}

bool ball_is_zero(struct ball a)
{
    return a.hi == 0 && a.lo == 0 && a.radius == 0;
}

double ball_magnitude(struct ball a)
{
    const double most = sum_above(sum_above(fabs(a.hi), fabs(a.lo)), a.radius);
    return ball_is_bounded(a) ? most : INFINITY;
}

double ball_centre(struct ball a)
{
    return a.hi + a.lo;
}
