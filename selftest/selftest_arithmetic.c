/* The floating-point environment: what every bound of this program takes for granted.
 *
 * Rounding to nearest, gradual underflow, no reassociation, no fused operation that is not written,
 * infinities and NaN as they are: -ffast-math in this program or in a library that it loads (which
 * sets the processor to flush denormals, for the thread that loads it), a rounding mode left behind,
 * extended precision of another processor would all be seen here.  Each is tried on every thread,
 * by operations on numbers that the compiler does not know.  long double is not used anywhere.
 * notes/hardening.md, (HD3). */
#include "base/ball.h"
#include "selftest/selftest.h"

#include <fenv.h>
#include <float.h>
#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Volatile: each operation is done when the program runs, and rounded to a double. */
static bool rounds_to_nearest(void)
{
    volatile double one = 1, half_ulp = DBL_EPSILON / 2, more = DBL_EPSILON / 2 + DBL_EPSILON / 8;
    volatile double tie = one + half_ulp, up = one + more, down = -one - more;
    return fegetround() == FE_TONEAREST && tie == 1 && up == 1 + DBL_EPSILON &&
           down == -1 - DBL_EPSILON;
}

static bool underflows_gradually(void)
{
    volatile double least = DBL_MIN, two = 2;
    volatile double half = least / two, back = half * two, input = DBL_TRUE_MIN;
    volatile double twice = input + input;
    return half > 0 && back == DBL_MIN && twice == 2 * DBL_TRUE_MIN;
}

/* (2^53 + 1) - 2^53 is 0 in doubles; 1 if regrouped, or in extended precision. */
static bool does_not_regroup(void)
{
    volatile double large = 0x1p53, one = 1, third = 3;
    const double a = large, b = one, c = third;
    const double sum = (a + b) - a, quotient = b / c * c, naive = (b / c) * c - b;
    return sum == 0 && quotient == 1 && naive == 0;
}

/* x^2 - y with y = x^2 rounded is 0 unless the product is fused with the subtraction; fma() shows
 * what was lost. */
static bool does_not_fuse(void)
{
    volatile double stored = 1 + 0x1p-30;
    const double x = stored, y = x * x, difference = x * x - y;
    return difference == 0 && fma(x, x, -y) == 0x1p-60;
}

static bool keeps_infinities(void)
{
    volatile double zero = 0, large = DBL_MAX;
    volatile double infinite = large * 2, undefined = zero / zero, negative = -zero;
    return isinf(infinite) && isnan(undefined) && undefined != undefined && signbit(negative) &&
           1 / negative < 0 && !(undefined < 0) && !(undefined >= 0);
}

static bool takes_roots_exactly(void)
{
    volatile double two = 2, square = 0x1p-1074;
    return sqrt(two) == 0x1.6a09e667f3bcdp0 && sqrt(square) == 0x1p-537;
}

/* Double-double sums of the balls keep what a double loses. */
static bool balls_keep_remainders(void)
{
    volatile double stored = 0x1p-70;
    const struct ball sum = ball_sub(ball_add(ball_of(1), ball_of(stored)), ball_of(1));
    return ball_centre(sum) == stored;
}

static bool has_doubles(void)
{
    return FLT_EVAL_METHOD == 0 && DBL_MANT_DIG == 53 && FLT_RADIX == 2;
}

static const struct property {
    const char *failure;
    bool (*holds)(void);
} properties[] = {
    {"doubles are not IEEE doubles, or are evaluated in another precision", has_doubles},
    {"rounding is not to nearest: another library may have changed it", rounds_to_nearest},
    {"denormal numbers are flushed to zero: was a part built with -ffast-math?",
     underflows_gradually},
    {"sums are regrouped: was this built with -ffast-math?", does_not_regroup},
    {"products are fused with sums: was this built without -ffp-contract=off?", does_not_fuse},
    {"infinities, NaN or signed zeros are lost: was this built with -ffast-math?",
     keeps_infinities},
    {"square roots are not rounded to nearest", takes_roots_exactly},
    {"double-double sums lose their remainders", balls_keep_remainders},
};

/* Every property on this thread; there are more cases than threads, and all look at all. */
static enum status try_environment(const void *context, uint64_t index,
                                   struct selftest_finding *finding)
{
    (void)context, (void)index;
    for (size_t k = 0; k < COUNT(properties); k++)
        if (!properties[k].holds())
            selftest_complain(finding, "%s", properties[k].failure);
    return OK;
}

static enum status run(const struct selftest_plan *plan, struct selftest_tally *tally)
{
    enum { CASES = 1024 };
    const struct selftest_work work = {.count = CASES, .one = try_environment};
    TRY(selftest_try(plan, &work, tally));
    selftest_tell(tally, "to nearest, gradual underflow, nothing regrouped or fused");
    return OK;
}

const struct selftest selftest_arithmetic = {
    .name = "arithmetic",
    .title = "the floating-point environment, on every thread",
    .run = run,
};
