/* Arrays of float: what training uses.  The loops are in array_body.inc.
 *
 * e^r by its Taylor series, whose remainder is (log(2)/2)^8/8! = 5e-9 at most; 2^f - 1 and
 * tanh(x)/x - 1 by the polynomials in f and in z = x^2 without a constant term that are nearest in
 * the relative error of 2^f on [-1/2, 1/2], 2.6e-9, and of tanh on [0, 5/8], 4.4e-9 (Remez'
 * algorithm, in 150 bits).  All are below 0.09 ulp. */
#include "ode/lanes.h"

#include <float.h>
#include <stdint.h>

#define REAL       float
#define BITS       uint32_t
#define NAME       "float"
#define EPSILON    FLT_EPSILON
#define PRODUCT    blas_float
#define ARITHMETIC array_float

enum {
    MANTISSA = FLT_MANT_DIG - 1,
    BIAS = FLT_MAX_EXP - 1,
};

static const float MOST = 87;            /* e^-87 is a normal number, and e^87 + 1 is finite */
static const float TINY = 7.888609e-31F; /* 2^-100 */
static const float LN2_HIGH = 0.693359375F, LN2_LOW = -2.12194440e-4F; /* 10 bits, the rest */

LANES_INLINE float exponential_near(float r)
{
    static const float T[] = {1,         1,          1 / 2.0F,   1 / 6.0F,
                              1 / 24.0F, 1 / 120.0F, 1 / 720.0F, 1 / 5040.0F};
    const float high = T[4] + r * (T[5] + r * (T[6] + r * T[7]));
    return T[0] + r * (T[1] + r * (T[2] + r * (T[3] + r * high)));
}

LANES_INLINE float power_near(float f)
{
    static const float P[] = {0.693147215F,   0.240226528F,   0.0555031051F,
                              0.00961769297F, 0.00134066439F, 0.000155946780F};
    return 1 + f * (P[0] + f * (P[1] + f * (P[2] + f * (P[3] + f * (P[4] + f * P[5])))));
}

LANES_INLINE float tanh_excess(float z)
{
    static const float P[] = {-0.333332819F, 0.133314422F, -0.0537397151F, 0.0206390873F,
                              -0.00570498711F};
    return z * (P[0] + z * (P[1] + z * (P[2] + z * (P[3] + z * P[4]))));
}

#include "networks/array_body.inc"
