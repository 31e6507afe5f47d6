/* Interval arithmetic on the nodes, upwards.
 *
 * exp(u) is positive even where it underflows: its range begins at the least positive double. */
#include "equations/range.h"

#include <float.h>
#include <math.h>

static const struct range LINE = {-INFINITY, INFINITY};

bool range_is_positive(const struct range *range)
{
    return range->low > 0;
}

bool range_is_negative(const struct range *range)
{
    return range->high < 0;
}

/* An end that is a sum or product of `size` is off by less than four roundings of it. */
static struct range widened(double low, double high, double size)
{
    static const double ROUNDINGS = 4;
    const double off = size > 0 ? ROUNDINGS * DBL_EPSILON * size : 0;
    if (isnan(low) || isnan(high))
        return LINE;
    return (struct range){isfinite(off) ? low - off : low, isfinite(off) ? high + off : high};
}

static double size_of(struct range u)
{
    const double low = isfinite(u.low) ? fabs(u.low) : 0,
                 high = isfinite(u.high) ? fabs(u.high) : 0;
    return fmax(low, high);
}

static struct range sum_of(struct range u, struct range v)
{
    const struct range zero = {0, 0};
    if (u.low == zero.low && u.high == zero.high)
        return v;
    /* 1 + [0, inf) begins at 1 exactly; what is off comes from the ends that are not 0 */
    const double low_size = u.low == 0 || v.low == 0 ? 0 : size_of(u) + size_of(v);
    return widened(u.low + v.low, u.high + v.high, low_size);
}

static struct range minus_of(struct range u)
{
    return (struct range){-u.high, -u.low};
}

/* 0 times infinity is 0 here: no unknown is infinite. */
static double times(double a, double b)
{
    return a == 0 || b == 0 ? 0 : a * b;
}

static struct range product_of(struct range u, struct range v)
{
    static const double SHARE = 4 * DBL_EPSILON;
    const double ends[] = {times(u.low, v.low), times(u.low, v.high), times(u.high, v.low),
                           times(u.high, v.high)};
    struct range product = {INFINITY, -INFINITY};
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
        product.low = fmin(product.low, ends[k]);
        product.high = fmax(product.high, ends[k]);
    }
    /* a product of what is away from zero is away from zero, unless it underflows */
    product.low -= SHARE * fabs(isfinite(product.low) ? product.low : 0);
    product.high += SHARE * fabs(isfinite(product.high) ? product.high : 0);
    return product;
}

static struct range inverse_of(struct range u)
{
    static const double SHARE = 4 * DBL_EPSILON;
    if (!(u.low > 0) && !(u.high < 0))
        return LINE;
    const double low = isinf(u.high) ? 0 : 1 / u.high, high = isinf(u.low) ? 0 : 1 / u.low;
    return (struct range){low - SHARE * fabs(low), high + SHARE * fabs(high)};
}

static struct range square_of(struct range u)
{
    const struct range product = product_of(u, u);
    const double least = u.low > 0 ? u.low : u.high < 0 ? -u.high : 0;
    return (struct range){least * least * (1 - 8 * DBL_EPSILON), product.high};
}

static struct range power_of(struct range u, long exponent)
{
    struct range power = {1, 1};
    if (exponent < 0)
        return inverse_of(power_of(u, -exponent));
    for (long k = 1; k < exponent; k += 2)
        power = product_of(power, square_of(u));
    return exponent % 2 ? product_of(power, u) : power;
}

/* Of functions that increase with u: both ends, widened, within the function's own. */
static struct range increasing(const struct function *f, struct range u)
{
    struct range value = widened(f->value(u.low), f->value(u.high), 0);
    const double size = size_of(value);
    value = widened(value.low, value.high, size);
    return (struct range){fmax(value.low, f->least), fmin(value.high, f->most)};
}

static struct range call_of(const struct function *f, struct range u, struct range v)
{
    if (f == &function_exp) {
        const double low = exp(u.low), high = exp(u.high);
        return (struct range){fmax(low * (1 - 8 * DBL_EPSILON), DBL_TRUE_MIN),
                              high * (1 + 8 * DBL_EPSILON)};
    }
    if (f == &function_tanh || f == &function_erf || f == &function_atan || f == &function_sinh)
        return u.low > 0 || u.high < 0 ? increasing(f, u) : (struct range){f->least, f->most};
    if (f == &function_max)
        return (struct range){fmax(u.low, v.low), fmax(u.high, v.high)};
    if (f == &function_min)
        return (struct range){fmin(u.low, v.low), fmin(u.high, v.high)};
    if (f == &function_abs && (u.low > 0 || u.high < 0))
        return u.low > 0 ? u : minus_of(u);
    return (struct range){f->least, f->most};
}

static struct range range_of(const struct expressions *arena, uint32_t node,
                             const double *parameters, const struct range *range)
{
    const struct expression *e = expression_at(arena, node);
    const struct range u = range[e->left], v = range[e->right];
    long exponent;
    switch (e->kind) {
    case EXPRESSION_NUMBER:
        return (struct range){e->value, e->value};
    case EXPRESSION_PARAMETER:
        return (struct range){parameters[e->index], parameters[e->index]};
    case EXPRESSION_MINUS:
        return minus_of(u);
    case EXPRESSION_SUM:
        return sum_of(u, v);
    case EXPRESSION_DIFFERENCE:
        return sum_of(u, minus_of(v));
    case EXPRESSION_PRODUCT:
        return e->left == e->right ? square_of(u) : product_of(u, v);
    case EXPRESSION_QUOTIENT:
        return product_of(u, inverse_of(v));
    case EXPRESSION_POWER:
        if (expression_whole_power(arena, node, &exponent))
            return power_of(u, exponent);
        return u.low > 0 ? (struct range){DBL_TRUE_MIN, INFINITY} : (struct range){0, INFINITY};
    case EXPRESSION_CALL:
        return call_of(e->function, u, v);
    default:
        return LINE;
    }
}

void range_compute(const struct expressions *arena, const double *parameters, const bool *wanted,
                   struct range *range)
{
    const size_t nodes = expression_count(arena);
    range[0] = LINE;
    for (uint32_t node = 1; node < nodes; node++) {
        if (!wanted[node])
            continue;
        range[node] = range_of(arena, node, parameters, range);
        if (isnan(range[node].low) || isnan(range[node].high))
            range[node] = LINE;
    }
}
