/* The table of functions.
 *
 * Derivatives as formulas are in expression_derivative.c; slopes here are for bounds on rounding
 * errors only, where a few units in the last place of a slope do not matter.  XPP has more: those that
 * are random, delayed, or read tables are no autonomous vector fields, and the others can be added
 * here, one record each. */
#include "equations/function.h"

#include <math.h>
#include <stdbool.h>
#include <strings.h>

static const double PI = 3.14159265358979323846;
static const double LN_10 = 2.30258509299404568402;
static const double TWO_OVER_ROOT_PI = 1.12837916709551257390;

/* log10 of C rounds as it likes; the others are those of math.h. */
static double acos_slope(double u)
{
    return -1 / sqrt(1 - u * u);
}

static double asin_slope(double u)
{
    return 1 / sqrt(1 - u * u);
}

static double atan_slope(double u)
{
    return 1 / (1 + u * u);
}

static double cos_slope(double u)
{
    return -sin(u);
}

static double erf_slope(double u)
{
    return TWO_OVER_ROOT_PI * exp(-u * u);
}

static double ln_slope(double u)
{
    return 1 / u;
}

static double log10_slope(double u)
{
    return 1 / (u * LN_10);
}

static double sqrt_slope(double u)
{
    return 1 / (2 * sqrt(u));
}

static double tan_slope(double u)
{
    return 1 / (cos(u) * cos(u));
}

static double tanh_slope(double u)
{
    return 1 / (cosh(u) * cosh(u));
}

const struct function function_abs = {
    .name = "abs", .arguments = 1, .shape = FUNCTION_SIDED, .least = 0, .most = INFINITY};
const struct function function_acos = {.name = "acos",
                                       .also = "arccos",
                                       .arguments = 1,
                                       .shape = FUNCTION_ARC,
                                       .value = acos,
                                       .slope = acos_slope,
                                       .least = 0,
                                       .most = PI};
const struct function function_asin = {.name = "asin",
                                       .also = "arcsin",
                                       .arguments = 1,
                                       .shape = FUNCTION_ARC,
                                       .value = asin,
                                       .slope = asin_slope,
                                       .least = -PI / 2,
                                       .most = PI / 2};
const struct function function_atan = {.name = "atan",
                                       .also = "arctan",
                                       .arguments = 1,
                                       .value = atan,
                                       .slope = atan_slope,
                                       .least = -PI / 2,
                                       .most = PI / 2};
const struct function function_cos = {
    .name = "cos", .arguments = 1, .value = cos, .slope = cos_slope, .least = -1, .most = 1};
const struct function function_cosh = {
    .name = "cosh", .arguments = 1, .value = cosh, .slope = sinh, .least = 1, .most = INFINITY};
const struct function function_erf = {
    .name = "erf", .arguments = 1, .value = erf, .slope = erf_slope, .least = -1, .most = 1};
const struct function function_exp = {
    .name = "exp", .arguments = 1, .value = exp, .slope = exp, .least = 0, .most = INFINITY};
const struct function function_heav = {
    .name = "heav", .arguments = 1, .shape = FUNCTION_SIDED, .least = 0, .most = 1};
const struct function function_ln = {.name = "ln",
                                     .also = "log",
                                     .arguments = 1,
                                     .shape = FUNCTION_ROOT,
                                     .value = log,
                                     .slope = ln_slope,
                                     .least = -INFINITY,
                                     .most = INFINITY};
const struct function function_log10 = {.name = "log10",
                                        .arguments = 1,
                                        .shape = FUNCTION_ROOT,
                                        .value = log10,
                                        .slope = log10_slope,
                                        .least = -INFINITY,
                                        .most = INFINITY};
const struct function function_max = {
    .name = "max", .arguments = 2, .shape = FUNCTION_SIDED, .least = -INFINITY, .most = INFINITY};
const struct function function_min = {
    .name = "min", .arguments = 2, .shape = FUNCTION_SIDED, .least = -INFINITY, .most = INFINITY};
const struct function function_sign = {
    .name = "sign", .also = "sgn", .arguments = 1, .shape = FUNCTION_SIDED, .least = -1, .most = 1};
const struct function function_sin = {
    .name = "sin", .arguments = 1, .value = sin, .slope = cos, .least = -1, .most = 1};
const struct function function_sinh = {.name = "sinh",
                                       .arguments = 1,
                                       .value = sinh,
                                       .slope = cosh,
                                       .least = -INFINITY,
                                       .most = INFINITY};
const struct function function_sqrt = {.name = "sqrt",
                                       .arguments = 1,
                                       .shape = FUNCTION_ROOT,
                                       .value = sqrt,
                                       .slope = sqrt_slope,
                                       .least = 0,
                                       .most = INFINITY};
const struct function function_tan = {.name = "tan",
                                      .arguments = 1,
                                      .shape = FUNCTION_POLES,
                                      .value = tan,
                                      .slope = tan_slope,
                                      .least = -INFINITY,
                                      .most = INFINITY};
const struct function function_tanh = {
    .name = "tanh", .arguments = 1, .value = tanh, .slope = tanh_slope, .least = -1, .most = 1};

const struct function *const function_table[] = {
    &function_abs,   &function_acos, &function_asin, &function_atan, &function_cos,
    &function_cosh,  &function_erf,  &function_exp,  &function_heav, &function_ln,
    &function_log10, &function_max,  &function_min,  &function_sign, &function_sin,
    &function_sinh,  &function_sqrt, &function_tan,  &function_tanh, NULL};

const struct function *function_named(const char *name)
{
    for (size_t k = 0; function_table[k]; k++)
        if (strcasecmp(function_table[k]->name, name) == 0 ||
            (function_table[k]->also && strcasecmp(function_table[k]->also, name) == 0))
            return function_table[k];
    return NULL;
}
