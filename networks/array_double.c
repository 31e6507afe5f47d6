/* Arrays of double: what comparisons with a flow use.  The loops are in array_body.inc.
 *
 * e^r by its Taylor series, whose remainder is (log(2)/2)^14/14! = 4e-18 at most; 2^f - 1 and
 * tanh(x)/x - 1 by the polynomials in f and in z = x^2 without a constant term that are nearest in
 * the relative error of 2^f on [-1/2, 1/2], 1.8e-17, and of tanh on [0, 5/8], 1.0e-17 (Remez'
 * algorithm, in 250 bits).  All are below 0.16 ulp. */
#include "ode/lanes.h"

#include <float.h>
#include <stdint.h>

#define REAL       double
#define BITS       uint64_t
#define NAME       "double"
#define EPSILON    DBL_EPSILON
#define PRODUCT    blas_double
#define ARITHMETIC array_double

enum { MANTISSA = DBL_MANT_DIG - 1, BIAS = DBL_MAX_EXP - 1 };

static const double MOST = 708; /* e^-708 is a normal number, e^708 + 1 finite */
static const double TINY = 1.1830521861667747e-271;        /* 2^-900 */
static const double LN2_HIGH = 6.93147180369123816490e-01; /* 33 bits: fdlibm, e_exp.c */
static const double LN2_LOW = 1.90821492927058770002e-10;  /* the rest */

LANES_INLINE double exponential_near(double r)
{
    static const double T[] = {1,
                               1,
                               1 / 2.0,
                               1 / 6.0,
                               1 / 24.0,
                               1 / 120.0,
                               1 / 720.0,
                               1 / 5040.0,
                               1 / 40320.0,
                               1 / 362880.0,
                               1 / 3628800.0,
                               1 / 39916800.0,
                               1 / 479001600.0,
                               1 / 6227020800.0};
    const double high = T[10] + r * (T[11] + r * (T[12] + r * T[13]));
    const double middle = T[6] + r * (T[7] + r * (T[8] + r * (T[9] + r * high)));
    return T[0] + r * (T[1] + r * (T[2] + r * (T[3] + r * (T[4] + r * (T[5] + r * middle)))));
}

LANES_INLINE double power_near(double f)
{
    static const double P[] = {
        0.69314718055994569676,     0.24022650695910098006,   0.055504108664790394167,
        0.0096181291076070022319,   0.001333355815344004334,  0.00015403530441572426482,
        0.000015252727385128873628, 1.3215442675152732993e-6, 1.018064768288324178e-7,
        7.0725704458548867628e-9,   4.0780687706269814153e-10};
    const double high = P[7] + f * (P[8] + f * (P[9] + f * P[10]));
    const double middle = P[3] + f * (P[4] + f * (P[5] + f * (P[6] + f * high)));
    return 1 + f * (P[0] + f * (P[1] + f * (P[2] + f * middle)));
}

LANES_INLINE double tanh_excess(double z)
{
    static const double P[] = {
        -0.33333333333332855264,    0.13333333333262091216,     -0.053968253931267656506,
        0.021869487576093631694,    -0.0088632210026181684653,  0.0035919891737148623596,
        -0.0014549588774683134869,  0.00058631653862142082518,  -0.00022856420761693516693,
        0.000077144362633686394351, -0.000016072567702696602931};
    const double high = P[7] + z * (P[8] + z * (P[9] + z * P[10]));
    const double middle = P[3] + z * (P[4] + z * (P[5] + z * (P[6] + z * high)));
    return z * (P[0] + z * (P[1] + z * (P[2] + z * middle)));
}

#include "networks/array_body.inc"
