/* The lanes of one thread.
 *
 * All lanes take their steps together, each with its own h; a step whose error is too large leaves
 * its lane where it was.  Then the field, at the places of all lanes, is compared with the size of
 * its Jacobian (from differences, one evaluation for each unknown): only where it is small can a
 * fixed point be near, and only there sweep_rest.h looks closer, one lane at a time.  A lane that
 * is through takes the next start at once.  Idle lanes repeat their last state with h = 0.
 *
 * The loops over lanes are compiled for AVX-512, AVX2 and the baseline.  No operation combines two
 * lanes, none is fused, and division and square root are rounded correctly, so that a lane's bits
 * do not depend on its neighbours: (J3).  The factor of the step size is err^(-1/8), which three
 * square roots make.
 *
 * Measured on A[1,1,1] (bench/bench_sweep.c): see notes/sweeper.md, with the methods rejected. */
#include "ode/sweep_lanes.h"

#include "ode/lanes.h"
#include "ode/sweep_rest.h"
#include "ode/sweep_table.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double SAFETY = 0.9;                        /* of the next step size */
static const double FACTOR_LEAST = 0.2, FACTOR_MOST = 6; /* of the step size, as in DOP853 */
static const double THIRD_ORDER = 0.01; /* weight of the second estimate, as in DOP853 */
static const double FIRST_STEP = 0.5;   /* times |J|: of order 8, about 1e-6 of the state */
static const double GROWN = 100;        /* |x| over 1 + |x0|: then the referee follows growth */
/* |f| below this times |J| (1 + |x|) is looked at: the bound of doubt.c, where it holds whatever
 * the distance from the leaf is up to the drift allowed */
static const double NEAR = 2e-2;
static const double DIFFERENCE = 1e-7; /* step of the differences, relative to 1 + |x_j| */

enum { TERMS_MOST = SWEEP_STAGES * (SWEEP_STAGES + 1 + SWEEP_ESTIMATES) };
enum { NOBODY = -1 };

/* sum over the terms of weight k_stage, without zeros */
struct sweep_term {
    size_t stage;
    double weight;
};

struct sweep_row {
    size_t count;
    struct sweep_term term[SWEEP_STAGES];
};

struct sweep_lanes {
    const struct flow *flow;
    const struct sweep_plan *plan;
    size_t n, lanes, stride; /* unknowns; lanes in use; and as laid out, a multiple of a block */
    size_t next, active;     /* of the chunk */
    struct sweep_row stage[SWEEP_STAGES], result, estimate[SWEEP_ESTIMATES];
    struct sweep_rest **rest; /* [lanes] */
    long *start;              /* [lanes] which start of the chunk; NOBODY */
    double *x, *y, *f;        /* [n*stride] */
    double *k;                /* [stages*n*stride] */
    /* [stride]; the steps, as they are counted along with the rest, are doubles */
    double *h, *t, *tried, *taken, *most, *size, *norm, *far, *look;
    double *one_x, *one_f, *one_J; /* [n], [n], [n*n]: a lane by itself */
    double storage[];
};

/* ---- loops over lanes; not static: see linear/chain.c ---- */

void sweep_lanes_combine(const struct sweep_lanes *s, const struct sweep_row *row, double *to);
void sweep_lanes_control(struct sweep_lanes *s);
void sweep_lanes_shift(const struct sweep_lanes *s, size_t j);
void sweep_lanes_slope(const struct sweep_lanes *s, size_t j);
void sweep_lanes_screen(struct sweep_lanes *s);

/* sum[k] = sum of the row's terms for unknown i of the block at `b` */
static inline void add_terms(const struct sweep_lanes *s, const struct sweep_row *row, size_t at,
                             double *restrict sum)
{
    const size_t slab = s->n * s->stride;
    for (size_t k = 0; k < LANES_BLOCK; k++)
        sum[k] = 0;
    for (size_t m = 0; m < row->count; m++) {
        const double weight = row->term[m].weight;
        const double *restrict rate = s->k + row->term[m].stage * slab + at;
        for (size_t k = 0; k < LANES_BLOCK; k++)
            sum[k] += weight * rate[k];
    }
}

/* to = x + h sum of the row */
LANES_CLONES
void sweep_lanes_combine(const struct sweep_lanes *s, const struct sweep_row *row, double *to)
{
    double sum[LANES_BLOCK];
    for (size_t b = 0; b < s->stride; b += LANES_BLOCK)
        for (size_t i = 0; i < s->n; i++) {
            const size_t at = i * s->stride + b;
            const double *restrict x = s->x + at, *restrict h = s->h + b;
            double *restrict y = to + at;
            add_terms(s, row, at, sum);
            for (size_t k = 0; k < LANES_BLOCK; k++)
                y[k] = x[k] + h[k] * sum[k];
        }
}

/* error[k] = largest |sum of the row|/(atol + rtol |x_i|) */
static inline void estimate_block(const struct sweep_lanes *s, const struct sweep_row *row,
                                  size_t b, double *restrict error)
{
    const double rtol = s->plan->rtol, atol = s->plan->atol;
    double sum[LANES_BLOCK];
    for (size_t k = 0; k < LANES_BLOCK; k++)
        error[k] = 0;
    for (size_t i = 0; i < s->n; i++) {
        const size_t at = i * s->stride + b;
        const double *restrict x = s->x + at;
        add_terms(s, row, at, sum);
        for (size_t k = 0; k < LANES_BLOCK; k++) {
            const double here = fabs(sum[k]) / (atol + rtol * fabs(x[k]));
            error[k] = here <= error[k] ? error[k] : here; /* NaN stays */
        }
    }
}

/* Accepts or rejects, moves the accepted, and sets the next h. */
LANES_CLONES
void sweep_lanes_control(struct sweep_lanes *s)
{
    double fifth[LANES_BLOCK], third[LANES_BLOCK], accept[LANES_BLOCK];
    for (size_t b = 0; b < s->stride; b += LANES_BLOCK) {
        double *restrict h = s->h + b, *restrict t = s->t + b, *restrict tried = s->tried + b;
        double *restrict taken = s->taken + b;
        estimate_block(s, &s->estimate[0], b, fifth);
        estimate_block(s, &s->estimate[1], b, third);
        for (size_t k = 0; k < LANES_BLOCK; k++) {
            const double both = fifth[k] * fifth[k] + THIRD_ORDER * third[k] * third[k] + DBL_MIN;
            const double error = h[k] * fifth[k] * fifth[k] / sqrt(both);
            double factor = SAFETY / sqrt(sqrt(sqrt(error)));
            factor = factor > FACTOR_LEAST ? factor : FACTOR_LEAST;
            factor = factor < FACTOR_MOST ? factor : FACTOR_MOST;
            accept[k] = error <= 1 ? 1 : 0;
            t[k] += accept[k] * h[k];
            tried[k] += 1;
            taken[k] += accept[k];
            h[k] *= factor;
        }
        for (size_t i = 0; i < s->n; i++) {
            double *restrict x = s->x + i * s->stride + b;
            const double *restrict y = s->y + i * s->stride + b;
            for (size_t k = 0; k < LANES_BLOCK; k++)
                x[k] = accept[k] > 0 ? y[k] : x[k];
        }
    }
}

/* y = x, with unknown j moved */
LANES_CLONES
void sweep_lanes_shift(const struct sweep_lanes *s, size_t j)
{
    if (j > 0)
        memcpy(s->y + (j - 1) * s->stride, s->x + (j - 1) * s->stride, s->stride * sizeof(double));
    else
        memcpy(s->y, s->x, s->n * s->stride * sizeof(double));
    const double *restrict x = s->x + j * s->stride;
    double *restrict y = s->y + j * s->stride;
    for (size_t b = 0; b < s->stride; b += LANES_BLOCK)
        for (size_t k = 0; k < LANES_BLOCK; k++)
            y[b + k] = x[b + k] + DIFFERENCE * (1 + fabs(x[b + k]));
}

/* norm += |J e_j|^2, from f at y and at x */
LANES_CLONES
void sweep_lanes_slope(const struct sweep_lanes *s, size_t j)
{
    const double *restrict x = s->x + j * s->stride;
    for (size_t b = 0; b < s->stride; b += LANES_BLOCK) {
        double sum[LANES_BLOCK] = {0};
        double *restrict norm = s->norm + b;
        for (size_t i = 0; i < s->n; i++) {
            const double *restrict f = s->f + i * s->stride + b;
            const double *restrict f0 = s->k + i * s->stride + b;
            for (size_t k = 0; k < LANES_BLOCK; k++)
                sum[k] += (f[k] - f0[k]) * (f[k] - f0[k]);
        }
        for (size_t k = 0; k < LANES_BLOCK; k++) {
            const double step = DIFFERENCE * (1 + fabs(x[b + k]));
            norm[k] = (j > 0 ? norm[k] : 0) + sum[k] / (step * step);
        }
    }
}

/* look = 1 where the lane is to be looked at: the field is small beside its Jacobian, or not a
 * number, or the lane is far, or has tried too often. */
LANES_CLONES
void sweep_lanes_screen(struct sweep_lanes *s)
{
    for (size_t b = 0; b < s->stride; b += LANES_BLOCK) {
        double ff[LANES_BLOCK] = {0}, xx[LANES_BLOCK] = {0};
        for (size_t i = 0; i < s->n; i++) {
            const double *restrict f = s->k + i * s->stride + b;
            const double *restrict x = s->x + i * s->stride + b;
            for (size_t k = 0; k < LANES_BLOCK; k++) {
                ff[k] += f[k] * f[k];
                xx[k] += x[k] * x[k];
            }
        }
        const double *restrict norm = s->norm + b, *restrict far = s->far + b;
        const double *restrict tried = s->tried + b, *restrict most = s->most + b;
        double *restrict look = s->look + b;
        for (size_t k = 0; k < LANES_BLOCK; k++) {
            /* (1 + |x|)^2 <= 2 (1 + |x|^2) */
            const double reach = 2 * NEAR * NEAR * norm[k] * (1 + xx[k]);
            const double goes_on = (ff[k] > reach ? 1 : 0) * (xx[k] < far[k] ? 1 : 0) *
                                   (tried[k] < most[k] ? 1 : 0);
            look[k] = 1 - goes_on;
        }
    }
}

/* ---- making and freeing ---- */

static struct sweep_row row_of(const double *weight)
{
    struct sweep_row row = {0};
    for (size_t j = 0; j < SWEEP_STAGES; j++)
        if (weight[j] != 0)
            row.term[row.count++] = (struct sweep_term){.stage = j, .weight = weight[j]};
    return row;
}

static void lay_out(struct sweep_lanes *s)
{
    const size_t slab = s->n * s->stride;
    double *next = s->storage;
    struct {
        double **array;
        size_t size;
    } const arrays[] = {{&s->x, slab},         {&s->y, slab},         {&s->f, slab},
                        {&s->k, sweep_table.stages * slab},           {&s->h, s->stride},
                        {&s->t, s->stride},    {&s->tried, s->stride}, {&s->taken, s->stride},
                        {&s->most, s->stride}, {&s->size, s->stride}, {&s->norm, s->stride},
                        {&s->far, s->stride},  {&s->look, s->stride}, {&s->one_x, s->n},
                        {&s->one_f, s->n},     {&s->one_J, s->n * s->n}};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].array = next;
        next += arrays[i].size;
    }
    s->rest = (struct sweep_rest **)(void *)next;
    s->start = (long *)(void *)(s->rest + s->lanes);
}

struct sweep_lanes *sweep_lanes_create(const struct flow *flow, const struct sweep_plan *plan)
{
    enum { SLABS = 3 + SWEEP_STAGES, ROWS = 9 };
    const size_t n = flow->dim, lanes = plan->lanes;
    const size_t stride = (lanes + LANES_BLOCK - 1) / LANES_BLOCK * LANES_BLOCK;
    struct sweep_lanes *s = calloc(
        1, sizeof *s + ((SLABS * n + ROWS) * stride + (n + 2) * n) * sizeof(double) +
               lanes * (sizeof(struct sweep_rest *) + sizeof(long)));
    if (!s)
        return NULL;
    s->flow = flow;
    s->plan = plan;
    s->n = n;
    s->lanes = lanes;
    s->stride = stride;
    lay_out(s);
    for (size_t i = 0; i < sweep_table.stages; i++)
        s->stage[i] = row_of(sweep_table.a[i]);
    s->result = row_of(sweep_table.b);
    for (size_t i = 0; i < SWEEP_ESTIMATES; i++)
        s->estimate[i] = row_of(sweep_table.estimate[i]);
    for (size_t k = 0; k < lanes; k++)
        if (!(s->rest[k] = sweep_rest_create(flow, plan))) {
            sweep_lanes_free(s);
            return NULL;
        }
    return s;
}

void sweep_lanes_free(struct sweep_lanes *s)
{
    if (!s)
        return;
    for (size_t k = 0; k < s->lanes; k++)
        sweep_rest_free(s->rest[k]);
    free(s);
}

/* ---- one lane at a time ---- */

static void gather(const struct sweep_lanes *s, const double *from, size_t k, double *to)
{
    for (size_t i = 0; i < s->n; i++)
        to[i] = from[i * s->stride + k];
}

static void scatter(const struct sweep_lanes *s, const double *from, size_t k, double *to)
{
    for (size_t i = 0; i < s->n; i++)
        to[i * s->stride + k] = from[i];
}

static double square(size_t n, const double *v)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i] * v[i];
    return sum;
}

/* The field of all lanes; where it does not exist in one of them, of each by itself: NaN there. */
static enum status evaluate(struct sweep_lanes *s, const double *x, double *f)
{
    const enum status all = s->flow->field(s->flow, s->stride, x, f);
    if (all != RETRY_SHORTER)
        return all;
    for (size_t k = 0; k < s->stride; k++) {
        gather(s, x, k, s->one_x);
        const enum status status = s->flow->field(s->flow, 1, s->one_x, s->one_f);
        if (status != OK && status != RETRY_SHORTER)
            return status;
        for (size_t i = 0; i < s->n; i++)
            f[i * s->stride + k] = status == OK ? s->one_f[i] : NAN;
    }
    return OK;
}

static struct sweep_result unknown_result(void)
{
    return (struct sweep_result){.ending = ENDING_HORIZON,
                                 .by_referee = true,
                                 .transverse_rate = NAN,
                                 .distance_bound = NAN};
}

/* Start number `start` into lane k; *ready tells whether there is anything to integrate.  f at the
 * start is in one_f, and in the lane. */
static enum status begin(struct sweep_lanes *s, struct sweep_chunk *chunk, size_t k, size_t start,
                         bool *ready)
{
    const double *x0 = chunk->x0 + start * s->n;
    *ready = false;
    chunk->result[start] = unknown_result();
    if (!sweep_rest_begin(s->rest[k], x0))
        return OK;
    enum status status = s->flow->field(s->flow, 1, x0, s->one_f);
    if (status == OK)
        status = s->flow->jacobian(s->flow, x0, s->one_J);
    if (status != OK)
        return status == RETRY_SHORTER ? OK : status;
    const double size = sqrt(square(s->n, x0)), rate = sqrt(square(s->n * s->n, s->one_J));
    if (!(rate > 0) || !isfinite(rate))
        return OK;
    scatter(s, x0, k, s->x);
    scatter(s, s->one_f, k, s->k);
    s->h[k] = FIRST_STEP / rate;
    s->t[k] = s->tried[k] = s->taken[k] = 0;
    s->most[k] = (double)s->plan->attempts_most;
    s->far[k] = GROWN * GROWN * (1 + size) * (1 + size);
    s->start[k] = (long)start;
    *ready = true;
    return OK;
}

/* Closes lane k, unless it goes on. */
static enum status judge(struct sweep_lanes *s, struct sweep_chunk *chunk, size_t k, bool *ended)
{
    const size_t start = (size_t)s->start[k];
    struct sweep_result *result = &chunk->result[start];
    double *last = chunk->last + start * s->n;
    gather(s, s->x, k, last);
    gather(s, s->k, k, s->one_f);
    *ended = true;
    if (!(square(s->n, last) < s->far[k]) || !(s->tried[k] < s->most[k]) ||
        !isfinite(square(s->n, s->one_f)) || !(s->t[k] <= s->plan->referee.horizon))
        return OK;
    enum sweep_verdict verdict;
    TRY(sweep_rest_judge(s->rest[k], last, s->one_f, result, chunk->limit + start * s->n,
                         &verdict));
    *ended = verdict != SWEEP_GOES_ON;
    if (verdict == SWEEP_SETTLES) {
        result->by_referee = false;
        result->t = s->t[k];
        result->steps = (size_t)s->taken[k];
    }
    return OK;
}

static void retire(struct sweep_lanes *s, size_t k)
{
    s->start[k] = NOBODY;
    s->h[k] = 0;
    s->active--;
}

/* The next start that has to be integrated, into lane k. */
static enum status refill(struct sweep_lanes *s, struct sweep_chunk *chunk, size_t k)
{
    for (bool ready = false; !ready;) {
        if (s->next == chunk->count) {
            retire(s, k);
            return OK;
        }
        TRY(begin(s, chunk, k, s->next++, &ready));
        if (!ready)
            continue;
        bool ended = false;
        const double reach = NEAR * sqrt(square(s->n * s->n, s->one_J) *
                                         (1 + square(s->n, chunk->x0 + (s->next - 1) * s->n)));
        if (!(square(s->n, s->one_f) > 2 * reach * reach))
            TRY(judge(s, chunk, k, &ended));
        ready = !ended;
    }
    return OK;
}

/* ---- all lanes ---- */

/* Puts a state that the field can be evaluated at into the lanes that nobody uses. */
static void pad(struct sweep_lanes *s, const double *x0)
{
    for (size_t k = 0; k < s->stride; k++) {
        scatter(s, x0, k, s->x);
        s->h[k] = s->most[k] = s->far[k] = 0;
        if (k < s->lanes)
            s->start[k] = NOBODY;
    }
}

static enum status look(struct sweep_lanes *s, struct sweep_chunk *chunk)
{
    TRY(evaluate(s, s->x, s->k));
    for (size_t j = 0; j < s->n; j++) {
        sweep_lanes_shift(s, j);
        TRY(evaluate(s, s->y, s->f));
        sweep_lanes_slope(s, j);
    }
    sweep_lanes_screen(s);
    for (size_t k = 0; k < s->lanes; k++) {
        if (s->start[k] == NOBODY || s->look[k] == 0)
            continue;
        bool ended;
        TRY(judge(s, chunk, k, &ended));
        if (ended) {
            chunk->attempts += (size_t)s->tried[k];
            TRY(refill(s, chunk, k));
        }
    }
    return OK;
}

static enum status step(struct sweep_lanes *s)
{
    const size_t slab = s->n * s->stride;
    for (size_t i = 1; i < sweep_table.stages; i++) {
        sweep_lanes_combine(s, &s->stage[i], s->y);
        TRY(evaluate(s, s->y, s->k + i * slab));
    }
    sweep_lanes_combine(s, &s->result, s->y);
    sweep_lanes_control(s);
    return OK;
}

enum status sweep_lanes_run(struct sweep_lanes *s, struct sweep_chunk *chunk)
{
    s->next = 0;
    if (chunk->count == 0)
        return OK;
    pad(s, chunk->x0);
    s->active = s->lanes;
    for (size_t k = 0; k < s->lanes; k++)
        TRY(refill(s, chunk, k));
    while (s->active > 0) {
        TRY(step(s));
        TRY(look(s, chunk));
    }
    return OK;
}
