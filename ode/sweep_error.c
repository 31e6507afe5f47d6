/* d is carried by 1 + z + z^2 (T_2 - 1)/..., z = h J: the Chebyshev polynomial of degree two
 *     T_2(w0 + w1 z)/T_2(w0) = 1 + z + CURVED z^2,
 * damped, which is at most 0.95 in modulus where h J is between -7.5 and -0.1, beyond the stability
 * of the method itself (-6), and at least 1 + z for a direction that grows: two products, where the
 * method takes twelve fields.  The referee's rational approximation would need matrices.
 * The distance to rest is |f| over the rate at which |f| has fallen in the last step, as cheap as it
 * is rough: it only says when evidence is worth its price. */
#include "ode/sweep_error.h"

#include "ode/lanes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double MOST = 4; /* growth over a step that is made up for: beyond, h is a limit */
static const double CURVED = 0.128;   /* w1^2 T_2''/(2 T_2(w0)), w0 = 1 + 0.05/4 */
static const double SHIFT = 1e-6;     /* of differences, over 1 + |x|: the error needs no digits */
static const double NOTHING = 1e-200; /* added to lengths that divide */
static const double SHARE = 0.1;      /* as in global_error.c: of |f|, ... */
static const double AMPLIFIED = 10;   /* ... after growth by the flow alone */
static const double AT_REST = 2e-7;   /* |f| over 1 + |x| that is looked at in any case */
static const double STILL = 30;       /* the same in tolerances: the noise of |f|, (E6) */
static const double TURN = 2.3999632297286533; /* as in global_error.c: golden section */

/* ---- loops over lanes; not static: see linear/chain.c ---- */

void sweep_error_lengths(size_t n, size_t stride, const double *x, double *square);
void sweep_error_move(size_t n, size_t stride, const double *x, const double *shift,
                      const double *along, double *y);
void sweep_error_difference(const struct sweep_error *e, const double *fy, const double *f,
                            double *to);
void sweep_error_advance(struct sweep_error *e, const double *x, const double *rtol,
                         const double *atol);
void sweep_error_compare(struct sweep_error *e, const double *xx, const double *ff,
                         const double *far, double *go);

enum { BLOCK = SWEEP_ERROR_BLOCK };

LANES_INLINE void add_square(const double *restrict v, double *restrict sum)
{
    for (size_t k = 0; k < BLOCK; k++)
        sum[k] += v[k] * v[k];
}

/* square[stride] = |x|^2 */
LANES_CLONES
void sweep_error_lengths(size_t n, size_t stride, const double *x, double *square)
{
    for (size_t b = 0; b < stride; b += BLOCK) {
        double sum[BLOCK] = {0};
        for (size_t i = 0; i < n; i++)
            add_square(x + i * stride + b, sum);
        memcpy(square + b, sum, sizeof sum);
    }
}

LANES_INLINE void move(const double *restrict x, const double *restrict shift,
                       const double *restrict along, double *restrict y)
{
    for (size_t k = 0; k < BLOCK; k++)
        y[k] = x[k] + shift[k] * along[k];
}

LANES_CLONES
void sweep_error_move(size_t n, size_t stride, const double *x, const double *shift,
                      const double *along, double *y)
{
    for (size_t i = 0; i < n; i++)
        for (size_t b = 0; b < stride; b += BLOCK)
            move(x + i * stride + b, shift + b, along + i * stride + b, y + i * stride + b);
}

LANES_INLINE void divide(const double *restrict fy, const double *restrict f,
                         const double *restrict scale, double *restrict to)
{
    for (size_t k = 0; k < BLOCK; k++)
        to[k] = (fy[k] - f[k]) * scale[k];
}

LANES_CLONES
void sweep_error_difference(const struct sweep_error *e, const double *fy, const double *f,
                            double *to)
{
    for (size_t b = 0; b < e->stride; b += BLOCK) {
        double scale[BLOCK];
        for (size_t k = 0; k < BLOCK; k++)
            scale[k] = e->h[b + k] / e->shift[b + k];
        for (size_t i = 0; i < e->n; i++) {
            const size_t at = i * e->stride + b;
            divide(fy + at, f + at, scale, to + at);
        }
    }
}

/* d by the flow, with |d|^2 before and after it, and d.h J d before. */
LANES_INLINE void flow_on(double *restrict d, const double *restrict first,
                          const double *restrict second, double *restrict sums)
{
    double *restrict before = sums, *restrict along = sums + BLOCK, *restrict after = along + BLOCK;
    for (size_t k = 0; k < BLOCK; k++) {
        before[k] += d[k] * d[k];
        along[k] += d[k] * first[k];
        d[k] += first[k] + CURVED * second[k];
        after[k] += d[k] * d[k];
    }
}

LANES_INLINE void add_errors(const double *restrict x, const double *restrict tolerance,
                             double weight, double *restrict d)
{
    const double *restrict rtol = tolerance, *restrict atol = tolerance + BLOCK;
    for (size_t k = 0; k < BLOCK; k++)
        d[k] += weight * (rtol[k] * fabs(x[k]) + atol[k]);
}

/* By how much the polynomial falls short of exp(z), at most, where d grows by z = d.h J d/|d|^2: for
 * (1 - z/8)^-8 is more than exp(z), and z not more than MOST. */
LANES_INLINE void make_up(const double *restrict sums, double *restrict factor)
{
    const double *restrict before = sums, *restrict along = sums + BLOCK;
    for (size_t k = 0; k < BLOCK; k++) {
        const double z = before[k] > 0 ? along[k] / before[k] : 0;
        const double up = z > 0 ? z : 0, part = 1 - (up < MOST ? up : MOST) / 8;
        const double two = part * part, four = two * two;
        const double short_of = 1 / (four * four * (1 + up + CURVED * up * up));
        factor[k] = short_of > 1 ? short_of : 1;
    }
}

LANES_INLINE void scale(const double *restrict factor, double *restrict d)
{
    for (size_t k = 0; k < BLOCK; k++)
        d[k] *= factor[k];
}

/* growth = max(1, growth |d after|/|d before|), where the step was accepted */
LANES_INLINE void grow(const double *restrict sums, const double *restrict factor,
                       const double *restrict accepted, double *restrict growth)
{
    const double *restrict before = sums, *restrict after = sums + 2 * BLOCK;
    for (size_t k = 0; k < BLOCK; k++) {
        const double ratio = before[k] > 0 && accepted[k] > 0 ? sqrt(after[k] / before[k]) : 1;
        const double grown = growth[k] * (ratio * factor[k]);
        growth[k] = grown > 1 ? grown : 1;
    }
}

LANES_CLONES
void sweep_error_advance(struct sweep_error *e, const double *x, const double *rtol,
                         const double *atol)
{
    for (size_t b = 0; b < e->stride; b += BLOCK) {
        double sums[3 * BLOCK] = {0}, tolerance[2 * BLOCK], factor[BLOCK];
        for (size_t k = 0; k < BLOCK; k++) {
            tolerance[k] = e->accepted[b + k] * rtol[b + k];
            tolerance[BLOCK + k] = e->accepted[b + k] * atol[b + k];
        }
        for (size_t i = 0; i < e->n; i++) {
            const size_t at = i * e->stride + b;
            flow_on(e->d + at, e->first + at, e->second + at, sums);
        }
        make_up(sums, factor);
        for (size_t i = 0; i < e->n; i++) {
            const size_t at = i * e->stride + b;
            scale(factor, e->d + at);
            add_errors(x + at, tolerance, e->phase[i], e->d + at);
        }
        grow(sums, factor, e->accepted + b, e->growth + b);
        memcpy(e->size + b, sums, BLOCK * sizeof *sums);
        memcpy(e->speed + b, sums + BLOCK, BLOCK * sizeof *sums);
    }
}

/* decides, where an accepted step has shown it */
LANES_INLINE void see_error(const struct sweep_error *e, size_t b, double *restrict decides)
{
    const double *restrict h = e->h + b, *restrict size = e->size + b, *restrict now = e->now + b;
    const double *restrict speed = e->speed + b, *restrict growth = e->growth + b;
    for (size_t k = 0; k < BLOCK; k++) {
        const double grown = growth[k] > AMPLIFIED ? 1 : 0;
        const double fast = speed[k] > SHARE * now[k] * sqrt(size[k]) * h[k] ? 1 : 0;
        const double had = decides[k], has = grown * fast;
        decides[k] = had > has ? had : has;
    }
}

/* near: |f|^2 <= reach (1 + |x|) rate, where |f| falls at the rate 2 (before - now)/((before + now) h)
 */
LANES_INLINE void compare(const struct sweep_error *e, size_t b, const double *restrict xx,
                          const double *restrict ff, const double *restrict far,
                          double *restrict go)
{
    double *restrict now = e->now + b, *restrict before = e->before + b;
    const double *restrict h = e->h + b, *restrict accepted = e->accepted + b;
    const double *restrict wait = e->wait + b, *restrict decides = e->decides + b;
    const double *restrict noise = e->noise + b;
    double *restrict lowest = e->lowest + b;
    for (size_t k = 0; k < BLOCK; k++) {
        const double relative = now[k] / (1 + sqrt(xx[k]));
        lowest[k] = relative < lowest[k] ? relative : lowest[k];
    }
    for (size_t k = 0; k < BLOCK; k++) {
        const double size = 1 + sqrt(xx[k]), fallen = 2 * (before[k] - now[k]) * e->reach * size;
        const double falls = now[k] * (before[k] + now[k]) * h[k] <= fallen ? 1 : 0;
        const double due = now[k] <= wait[k] ? 1 : 0;
        const double rests = now[k] <= noise[k] * size ? 1 : 0;
        const double look = accepted[k] * due * (falls + rests) + decides[k];
        const double calm = ff[k] < HUGE_VAL ? 1 : 0, close = xx[k] < far[k] ? 1 : 0;
        go[k] = look > 0 ? 0 : calm * close;
    }
}

LANES_CLONES
void sweep_error_compare(struct sweep_error *e, const double *xx, const double *ff,
                         const double *far, double *go)
{
    for (size_t b = 0; b < e->stride; b += BLOCK) {
        for (size_t k = b; k < b + BLOCK; k++) {
            e->before[k] = e->accepted[k] > 0 ? e->now[k] : e->before[k];
            e->now[k] = sqrt(ff[k]);
        }
        see_error(e, b, e->decides + b);
        compare(e, b, xx + b, ff + b, far + b, go + b);
    }
}

/* ---- one after the other ---- */

struct sweep_error *sweep_error_create(size_t n, size_t stride, double reach)
{
    enum { SLABS = 3, ROWS = 14 };
    struct sweep_error *e =
        calloc(1, sizeof *e + (SLABS * n * stride + ROWS * stride + n) * sizeof(double));
    if (!e)
        return NULL;
    double *next = e->storage;
    double **const slabs[SLABS] = {&e->d, &e->first, &e->second};
    double **const rows[ROWS - 2] = {&e->shift,   &e->h,      &e->accepted, &e->growth,
                                     &e->decides, &e->size,   &e->speed,    &e->before,
                                     &e->now,     &e->lowest, &e->noise,    &e->wait};
    e->n = n;
    e->stride = stride;
    e->reach = reach;
    for (size_t i = 0; i < SLABS; i++, next += n * stride)
        *slabs[i] = next;
    for (size_t i = 0; i < ROWS - 2; i++, next += stride)
        *rows[i] = next;
    next += 2 * stride; /* squares of lengths, behind wait[] */
    e->phase = next;
    for (size_t i = 0; i < n; i++)
        e->phase[i] = sqrt(2) * cos(1 + TURN * (double)i);
    return e;
}

void sweep_error_free(struct sweep_error *error)
{
    free(error);
}

void sweep_error_begin(struct sweep_error *e, size_t k, double size, double rtol)
{
    for (size_t i = 0; i < e->n; i++)
        e->d[i * e->stride + k] = 0;
    e->growth[k] = 1;
    e->decides[k] = e->h[k] = e->accepted[k] = e->size[k] = e->speed[k] = 0;
    e->before[k] = e->now[k] = size;
    e->lowest[k] = HUGE_VAL;
    e->noise[k] = fmax(AT_REST, STILL * rtol);
    e->wait[k] = HUGE_VAL;
}

double sweep_error_of(const struct sweep_error *e, size_t k)
{
    double sum = 0;
    for (size_t i = 0; i < e->n; i++)
        sum += e->d[i * e->stride + k] * e->d[i * e->stride + k];
    return sqrt(sum);
}

void sweep_error_note(struct sweep_error *e, const double *h, const double *accept)
{
    memcpy(e->h, h, e->stride * sizeof *h);
    memcpy(e->accepted, accept, e->stride * sizeof *accept);
}

void sweep_error_shift(struct sweep_error *e, const double *x, const double *along, double *y)
{
    double *xx = e->wait + e->stride, *vv = xx + e->stride;
    sweep_error_lengths(e->n, e->stride, x, xx);
    sweep_error_lengths(e->n, e->stride, along, vv);
    for (size_t k = 0; k < e->stride; k++)
        e->shift[k] = SHIFT * (1 + sqrt(xx[k])) / (sqrt(vv[k]) + NOTHING);
    sweep_error_move(e->n, e->stride, x, e->shift, along, y);
}

void sweep_error_multiply(struct sweep_error *e, const double *fy, const double *f, double *to)
{
    sweep_error_difference(e, fy, f, to);
}

void sweep_error_carry(struct sweep_error *e, const double *x, const double *rtol,
                       const double *atol)
{
    sweep_error_advance(e, x, rtol, atol);
}

void sweep_error_screen(struct sweep_error *e, const double *x, const double *f, const double *far,
                        double *go)
{
    double *xx = e->wait + e->stride, *ff = xx + e->stride;
    sweep_error_lengths(e->n, e->stride, x, xx);
    sweep_error_lengths(e->n, e->stride, f, ff);
    sweep_error_compare(e, xx, ff, far, go);
}
