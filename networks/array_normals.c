/* Normal numbers by the thousand: feedback that is drawn anew for each batch needs as many as the
 * network has hidden weights.
 *
 * Box and Muller, (MB15): a word of the stream, two halves h and k of 32 bits, gives two numbers
 *
 *   sqrt(-2 log u) (cos 2 pi v, sin 2 pi v),    u = (h + 1/2)/2^32,  v = (k + 1/2)/2^32
 *
 * in loops without calls or branches, for which log, cos and sin are series:
 *
 *   u = 2^n m, m in [sqrt(1/2), sqrt(2)):  log u = n log 2 + 2 artanh s,  s = (m - 1)/(m + 1)
 *   v = q/4 + r, |r| <= 1/8:               cos and sin of 2 pi r, turned by q quarters
 *
 * with remainders below 1e-16.  Numbers end at sqrt(2 log 2^33) = 6.76, past which one in 7e10 would
 * lie.  All is done in double and rounded at the end, so that a run in float and one in double start
 * from the same weights.
 * Rejected: stream_normal(), 40 times slower; the ziggurat method, whose branches do not go into
 * wide registers. */
#include "networks/array.h"

#include "ode/lanes.h"

#include <math.h>
#include <string.h>

enum { PAIRS = 64 };                            /* done at a time */
enum { MANTISSA = 52, BIAS = 1023, SIGN = 63 }; /* of a double: where its parts are */
enum { HALF = 32 };                             /* bits of half a word */

static const double LN2 = 0.693147180559945309, ROOT_HALF = 0.707106781186547524;
static const double TWO_PI = 6.283185307179586477;
static const double PART = 1.0 / 4294967296;  /* 2^-32 */
static const double UNIT = 4503599627370496;  /* 2^52: its last bit is worth 1 */
static const double WHOLE = 6755399441055744; /* 3 2^51: rounds to whole numbers */

LANES_INLINE uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

LANES_INLINE double number_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Of a whole number below 2^52. */
LANES_INLINE double whole(uint64_t k)
{
    return number_of(bits_of(UNIT) | k) - UNIT;
}

/* artanh(s)/s - 1 by z = s^2 <= 0.0295, to z^9; the next term is 2e-17 */
LANES_INLINE double artanh_excess(double z)
{
    const double high = 1 / 13.0 + z * (1 / 15.0 + z * (1 / 17.0 + z * (1 / 19.0)));
    const double middle = 1 / 7.0 + z * (1 / 9.0 + z * (1 / 11.0 + z * high));
    return z * (1 / 3.0 + z * (1 / 5.0 + z * middle));
}

/* log u, u in (0, 1) and normal.  As integers, doubles are in their order: what lies between
 * sqrt(1/2) and sqrt(2) differs from sqrt(1/2) by less than 2^MANTISSA. */
LANES_INLINE double logarithm(double u)
{
    const uint64_t bits = bits_of(u), zero = (uint64_t)BIAS << MANTISSA;
    const uint64_t exponent = (bits - bits_of(ROOT_HALF) + zero) >> MANTISSA; /* n + BIAS */
    const double m = number_of(bits - (exponent << MANTISSA) + zero);
    const double s = (m - 1) / (m + 1), n = whole(exponent) - BIAS;
    return n * LN2 + 2 * (s + s * artanh_excess(s * s));
}

/* sin x for |x| <= pi/4, to x^15; the next term is 5e-17 */
LANES_INLINE double sine(double x)
{
    const double z = x * x;
    const double high = -1 / 39916800.0 + z * (1 / 6227020800.0 - z * (1 / 1307674368000.0));
    const double middle = -1 / 5040.0 + z * (1 / 362880.0 + z * high);
    return x + x * z * (-1 / 6.0 + z * (1 / 120.0 + z * middle));
}

/* cos x for |x| <= pi/4, to x^16; the next term is 2e-18 */
LANES_INLINE double cosine(double x)
{
    const double z = x * x;
    const double high = -1 / 87178291200.0 + z * (1 / 20922789888000.0);
    const double middle = 1 / 40320.0 + z * (-1 / 3628800.0 + z * (1 / 479001600.0 + z * high));
    return 1 - z / 2 + z * z * (1 / 24.0 + z * (-1 / 720.0 + z * middle));
}

/* list[2*PAIRS]: first numbers of the pairs, then second numbers */
LANES_CLONES static void draw(const uint64_t *words, double *list)
{
#pragma omp simd
    for (size_t i = 0; i < PAIRS; i++) {
        const double u = PART * (whole(words[i] >> HALF) + 1 / 2.0);
        const double v = PART * (whole(words[i] << HALF >> HALF) + 1 / 2.0);
        const double shifted = 4 * v + WHOLE, r = v - (shifted - WHOLE) / 4;
        const uint64_t q = bits_of(shifted);
        const double size = sqrt(-2 * logarithm(u)), x = TWO_PI * r;
        const double c = cosine(x), s = sine(x);
        const double across = q & 1 ? s : c, up = q & 1 ? c : s;
        list[i] = size * number_of(bits_of(across) ^ ((q + 1) >> 1 << SIGN));
        list[PAIRS + i] = size * number_of(bits_of(up) ^ (q >> 1 << SIGN));
    }
}

void array_normals(struct stream *stream, double deviation, struct array *x)
{
    uint64_t words[PAIRS];
    double list[2 * PAIRS];
    for (size_t first = 0; first < array_count(x); first += 2 * PAIRS) {
        const size_t left = array_count(x) - first, count = left < 2 * PAIRS ? left : 2 * PAIRS;
        stream_words(stream, PAIRS, words);
        draw(words, list);
        x->arithmetic->load(first, count, deviation, list, x);
    }
}
