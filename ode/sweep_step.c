/* The table's method, for all lanes together; each accepts or rejects by itself.
 *
 * The loops over lanes are compiled for AVX-512, AVX2 and the baseline.  No operation combines two
 * lanes, none is fused, and division and square root are rounded correctly, so that a lane's bits
 * do not depend on its neighbours: (J3).  The factor of the step size is err^(-3/16), which four
 * square roots make, for err^(-1/5).  Functions that are cloned are not static: see linear/chain_lanes.c. */
#include "ode/sweep_step.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = SWEEP_BLOCK };

static const struct sweep_table *const TABLE = &sweep_table_tsitouras;

static const double SAFETY = 0.9;                        /* of the next step size */
static const double FACTOR_LEAST = 0.2, FACTOR_MOST = 6; /* of the step size */

void sweep_step_combine(const struct sweep_step *s, const struct sweep_sum *sum, double *to);
void sweep_step_estimate(const struct sweep_step *s);
void sweep_step_control(struct sweep_step *s);
void sweep_step_shift(const struct sweep_step *s, size_t j);
void sweep_step_slope(const struct sweep_step *s, size_t j);
void sweep_step_norm(const struct sweep_step *s);

/* ---- loops over lanes ---- */

/* sum[k] = sum of the terms, for the unknown and the block at `rate` */
LANES_INLINE void add_terms(const struct sweep_sum *row, const double *restrict rate,
                            double *restrict sum)
{
    double kept[BLOCK] = {0};
    for (size_t m = 0; m < row->count; m++) {
        const double weight = row->term[m].weight;
        const double *restrict here = rate + row->term[m].offset;
        for (size_t k = 0; k < BLOCK; k++)
            kept[k] += weight * here[k];
    }
    for (size_t k = 0; k < BLOCK; k++)
        sum[k] = kept[k];
}

/* y = x + h sum */
LANES_INLINE void move(const double *restrict x, const double *restrict h,
                       const double *restrict sum, double *restrict y)
{
    for (size_t k = 0; k < BLOCK; k++)
        y[k] = x[k] + h[k] * sum[k];
}

/* to = x + h sum */
LANES_CLONES
void sweep_step_combine(const struct sweep_step *s, const struct sweep_sum *row, double *to)
{
    double sum[BLOCK];
    for (size_t b = 0; b < s->stride; b += BLOCK)
        for (size_t i = 0; i < s->n; i++) {
            const size_t at = i * s->stride + b;
            add_terms(row, s->k + at, sum);
            move(s->x + at, s->h + b, sum, to + at);
        }
}

/* error = max(error, |sum|/(atol + rtol |x|)); NaN stays */
LANES_INLINE void keep_largest(const double *restrict sum, const double *restrict weight,
                               double *restrict error)
{
    for (size_t k = 0; k < BLOCK; k++) {
        const double here = fabs(sum[k]) * weight[k];
        error[k] = here <= error[k] ? error[k] : here;
    }
}

LANES_INLINE void clear(double *v)
{
    for (size_t k = 0; k < BLOCK; k++)
        v[k] = 0;
}

LANES_INLINE void weigh(const double *restrict x, const double *restrict rtol,
                        const double *restrict atol, double *restrict weight)
{
    for (size_t k = 0; k < BLOCK; k++)
        weight[k] = 1 / (atol[k] + rtol[k] * fabs(x[k]));
}

/* The error of the step per unit of h and of the tolerance, in the largest unknown. */
LANES_CLONES
void sweep_step_estimate(const struct sweep_step *s)
{
    double sum[BLOCK], weight[BLOCK], error[BLOCK];
    for (size_t b = 0; b < s->stride; b += BLOCK) {
        clear(error);
        for (size_t i = 0; i < s->n; i++) {
            const size_t at = i * s->stride + b;
            weigh(s->x + at, s->rtol + b, s->atol + b, weight);
            add_terms(&s->estimate, s->k + at, sum);
            keep_largest(sum, weight, error);
        }
        memcpy(s->error + b, error, sizeof error);
    }
}

/* accept = 1 or 0, and the factor of the next h. */
LANES_INLINE void choose(const double *restrict h, const double *restrict per_h,
                         double *restrict accept, double *restrict factor)
{
    for (size_t k = 0; k < BLOCK; k++) {
        const double error = h[k] * per_h[k];
        const float eighth = sqrtf(sqrtf(sqrtf((float)error))); /* a factor needs no more */
        const double free = SAFETY / (double)(eighth * sqrtf(eighth));
        const double least = free > FACTOR_LEAST ? free : FACTOR_LEAST; /* of NaN, too */
        accept[k] = error <= 1 ? 1 : 0;
        factor[k] = least < FACTOR_MOST ? least : FACTOR_MOST;
    }
}

LANES_INLINE void take(const double *restrict accept, const double *restrict y, double *restrict x)
{
    for (size_t k = 0; k < BLOCK; k++) {
        const double tried = y[k], kept = x[k];
        x[k] = accept[k] > 0 ? tried : kept;
    }
}

LANES_INLINE void count(const double *restrict accept, const double *restrict factor,
                        double *restrict h, double *restrict t, double *restrict tried,
                        double *restrict taken)
{
    for (size_t k = 0; k < BLOCK; k++) {
        t[k] += accept[k] * h[k];
        h[k] *= factor[k];
        tried[k] += 1;
        taken[k] += accept[k];
    }
}

/* Accepts or rejects, moves the accepted, with the field there, and sets the next h. */
LANES_CLONES
void sweep_step_control(struct sweep_step *s)
{
    const double *last = s->k + (TABLE->stages - 1) * s->n * s->stride;
    double factor[BLOCK];
    for (size_t b = 0; b < s->stride; b += BLOCK) {
        choose(s->h + b, s->error + b, s->accept + b, factor);
        for (size_t i = 0; i < s->n; i++) {
            const size_t at = i * s->stride + b;
            take(s->accept + b, s->y + at, s->x + at);
            take(s->accept + b, last + at, s->k + at);
        }
        count(s->accept + b, factor, s->h + b, s->t + b, s->tried + b, s->taken + b);
    }
}

LANES_INLINE void shift(const double *restrict x, const double *restrict by, double *restrict y)
{
    for (size_t k = 0; k < BLOCK; k++)
        y[k] = x[k] + by[k];
}

/* y = x, with unknown j moved; y has the one before it moved. */
LANES_CLONES
void sweep_step_shift(const struct sweep_step *s, size_t j)
{
    if (j > 0)
        memcpy(s->y + (j - 1) * s->stride, s->x + (j - 1) * s->stride, s->stride * sizeof(double));
    else
        memcpy(s->y, s->x, s->n * s->stride * sizeof(double));
    for (size_t b = 0; b < s->stride; b += BLOCK)
        shift(s->x + j * s->stride + b, s->shift + b, s->y + j * s->stride + b);
}

/* sum += (f - f0)^2 */
LANES_INLINE void add_difference(const double *restrict f, const double *restrict f0,
                                 double *restrict sum)
{
    for (size_t k = 0; k < BLOCK; k++)
        sum[k] += (f[k] - f0[k]) * (f[k] - f0[k]);
}

LANES_INLINE void add_column(const double *restrict sum, const double *restrict per,
                             double *restrict norm)
{
    for (size_t k = 0; k < BLOCK; k++)
        norm[k] += sum[k] * per[k];
}

/* norm += |J e_j|^2, from the field at y, which stands in the second stage, and at x; column 0
 * begins. */
LANES_CLONES
void sweep_step_slope(const struct sweep_step *s, size_t j)
{
    const double *f = s->k + s->n * s->stride;
    if (j == 0)
        memset(s->norm, 0, s->stride * sizeof(double));
    for (size_t b = 0; b < s->stride; b += BLOCK) {
        double sum[BLOCK] = {0};
        for (size_t i = 0; i < s->n; i++)
            add_difference(f + i * s->stride + b, s->k + i * s->stride + b, sum);
        add_column(sum, s->per + b, s->norm + b);
    }
}

LANES_INLINE void add_square(const double *restrict v, double *restrict sum)
{
    for (size_t k = 0; k < BLOCK; k++)
        sum[k] += v[k] * v[k];
}

LANES_CLONES
void sweep_step_norm(const struct sweep_step *s)
{
    for (size_t b = 0; b < s->stride; b += BLOCK) {
        double sum[BLOCK] = {0};
        for (size_t i = 0; i < s->n * s->n; i++)
            add_square(s->J + i * s->stride + b, sum);
        memcpy(s->norm + b, sum, sizeof sum);
    }
}

/* ---- all lanes ---- */

/* The field of all lanes; where it does not exist in one of them, of each by itself: NaN there. */
static enum status evaluate(struct sweep_step *s, const double *x, double *f)
{
    const enum status all = s->flow->field(s->flow, s->stride, x, f);
    if (all != RETRY_SHORTER)
        return all;
    for (size_t k = 0; k < s->stride; k++) {
        for (size_t i = 0; i < s->n; i++)
            s->one_x[i] = x[i * s->stride + k];
        const enum status status = s->flow->field(s->flow, 1, s->one_x, s->one_f);
        if (status != OK && status != RETRY_SHORTER)
            return status;
        for (size_t i = 0; i < s->n; i++)
            f[i * s->stride + k] = status == OK ? s->one_f[i] : NAN;
    }
    return OK;
}

enum status sweep_step_take(struct sweep_step *s)
{
    const size_t slab = s->n * s->stride;
    for (size_t i = 1; i < TABLE->stages; i++) {
        sweep_step_combine(s, &s->stage[i], s->y);
        TRY(evaluate(s, s->y, s->k + i * slab));
    }
    sweep_step_estimate(s);
    sweep_step_control(s);
    return OK;
}

enum status sweep_step_measure(struct sweep_step *s)
{
    if (s->flow->lanes) {
        s->flow->lanes->jacobian(s->flow, s->stride, s->x, s->J);
        sweep_step_norm(s);
        return OK;
    }
    for (size_t j = 0; j < s->n; j++) {
        sweep_step_shift(s, j);
        TRY(evaluate(s, s->y, s->k + s->n * s->stride));
        sweep_step_slope(s, j);
    }
    return OK;
}

/* ---- making and freeing ---- */

static void lay_out(struct sweep_step *s)
{
    const size_t slab = s->n * s->stride;
    double *next = s->storage;
    struct {
        double **array;
        size_t size;
    } const arrays[] = {{&s->x, slab},
                        {&s->y, slab},
                        {&s->k, TABLE->stages * slab},
                        {&s->J, s->flow->lanes ? s->n * slab : 0},
                        {&s->h, s->stride},
                        {&s->t, s->stride},
                        {&s->tried, s->stride},
                        {&s->taken, s->stride},
                        {&s->rtol, s->stride},
                        {&s->atol, s->stride},
                        {&s->accept, s->stride},
                        {&s->error, s->stride},
                        {&s->norm, s->stride},
                        {&s->shift, s->stride},
                        {&s->per, s->stride},
                        {&s->one_x, s->n},
                        {&s->one_f, s->n}};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].array = next;
        next += arrays[i].size;
    }
}

struct sweep_step *sweep_step_create(const struct flow *flow, size_t lanes)
{
    enum { SLABS = 2, ROWS = 11 };
    const size_t n = flow->dim, stride = (lanes + SWEEP_BLOCK - 1) / SWEEP_BLOCK * SWEEP_BLOCK;
    const size_t slabs = SLABS + TABLE->stages + (flow->lanes ? n : 0);
    struct sweep_step *s =
        calloc(1, sizeof *s + ((slabs * n + ROWS) * stride + 2 * n) * sizeof(double));
    if (!s)
        return NULL;
    s->flow = flow;
    s->n = n;
    s->stride = stride;
    lay_out(s);
    for (size_t i = 0; i < TABLE->stages; i++)
        s->stage[i] = sweep_sum_of(TABLE->a[i], n * stride);
    s->estimate = sweep_sum_of(TABLE->estimate[0], n * stride);
    return s;
}

void sweep_step_free(struct sweep_step *step)
{
    free(step);
}
