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
/* times |J|: there the error, of order 8, is about the tolerance */
static const double FIRST_STEP = 2;
static const double GROWN = 100; /* |x| over 1 + |x0|: then the referee follows growth */
/* |f| below this times |J| (1 + |x|) is looked at: twice a hundredth, which bounds both the error of
 * a step at the coarsest tolerances and the distance from the leaf, (J1) */
static const double NEAR = 2e-2;
static const double DIFFERENCE = 1e-7; /* step of the differences, relative to 1 + |x0| */

enum { TERMS_MOST = SWEEP_STAGES * (SWEEP_STAGES + 1 + SWEEP_ESTIMATES) };
enum { BLOCK = 2 * LANES_BLOCK }; /* lanes at a time: two registers hide each other's latency */
enum { NOBODY = -1 };

/* sum over the terms of weight k_stage, without zeros */
struct sweep_term {
    size_t offset; /* of k_stage */
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
    double *h, *t, *tried, *taken, *most, *norm, *far, *go, *rtol, *atol, *fifth, *third;
    double *shift, *per;           /* [stride] step of the differences, and 1/shift^2 */
    double *one_x, *one_f, *one_J; /* [n], [n], [n*n]: a lane by itself */
    double storage[];
};

/* ---- loops over lanes; not static: see linear/chain.c ---- */

void sweep_lanes_combine(const struct sweep_lanes *s, const struct sweep_row *row, double *to);
void sweep_lanes_estimate(const struct sweep_lanes *s);
void sweep_lanes_control(struct sweep_lanes *s);
void sweep_lanes_shift(const struct sweep_lanes *s, size_t j);
void sweep_lanes_slope(const struct sweep_lanes *s, size_t j);
void sweep_lanes_screen(struct sweep_lanes *s);

/* sum[k] = sum of the row's terms, for the unknown and the block at `at` */
static inline void add_terms(const struct sweep_row *row, const double *restrict rate,
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
static inline void move(const double *restrict x, const double *restrict h,
                        const double *restrict sum, double *restrict y)
{
    for (size_t k = 0; k < BLOCK; k++)
        y[k] = x[k] + h[k] * sum[k];
}

/* to = x + h sum of the row */
LANES_CLONES
void sweep_lanes_combine(const struct sweep_lanes *s, const struct sweep_row *row, double *to)
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
static inline void keep_largest(const double *restrict sum, const double *restrict weight,
                                double *restrict error)
{
    for (size_t k = 0; k < BLOCK; k++) {
        const double here = fabs(sum[k]) * weight[k];
        error[k] = here <= error[k] ? error[k] : here;
    }
}

static inline void clear(double *v)
{
    for (size_t k = 0; k < BLOCK; k++)
        v[k] = 0;
}

static inline void weigh(const double *restrict x, const double *restrict rtol,
                         const double *restrict atol, double *restrict weight)
{
    for (size_t k = 0; k < BLOCK; k++)
        weight[k] = 1 / (atol[k] + rtol[k] * fabs(x[k]));
}

/* The error of the step per unit of h and of the tolerance, in the largest unknown, by both
 * estimates. */
LANES_CLONES
void sweep_lanes_estimate(const struct sweep_lanes *s)
{
    double sum[BLOCK], weight[BLOCK], fifth[BLOCK], third[BLOCK];
    for (size_t b = 0; b < s->stride; b += BLOCK) {
        clear(fifth);
        clear(third);
        for (size_t i = 0; i < s->n; i++) {
            const size_t at = i * s->stride + b;
            weigh(s->x + at, s->rtol + b, s->atol + b, weight);
            add_terms(&s->estimate[0], s->k + at, sum);
            keep_largest(sum, weight, fifth);
            add_terms(&s->estimate[1], s->k + at, sum);
            keep_largest(sum, weight, third);
        }
        memcpy(s->fifth + b, fifth, sizeof fifth);
        memcpy(s->third + b, third, sizeof third);
    }
}

/* accept = 1 or 0, and the factor of the next h. */
static inline void choose(const double *restrict h, const double *restrict fifth,
                          const double *restrict third, double *restrict accept,
                          double *restrict factor)
{
    for (size_t k = 0; k < BLOCK; k++) {
        const double square = fifth[k] * fifth[k];
        const double both = square + THIRD_ORDER * (third[k] * third[k]) + DBL_MIN;
        const double error = h[k] * square / sqrt(both);
        const double free = SAFETY / sqrt(sqrt(sqrt(error)));
        const double least = free > FACTOR_LEAST ? free : FACTOR_LEAST; /* of NaN, too */
        accept[k] = error <= 1 ? 1 : 0;
        factor[k] = least < FACTOR_MOST ? least : FACTOR_MOST;
    }
}

static inline void take(const double *restrict accept, const double *restrict y, double *restrict x)
{
    for (size_t k = 0; k < BLOCK; k++)
        x[k] = accept[k] > 0 ? y[k] : x[k];
}

static inline void count(const double *restrict accept, const double *restrict factor,
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

/* Accepts or rejects, moves the accepted, and sets the next h. */
LANES_CLONES
void sweep_lanes_control(struct sweep_lanes *s)
{
    double accept[BLOCK], factor[BLOCK];
    for (size_t b = 0; b < s->stride; b += BLOCK) {
        choose(s->h + b, s->fifth + b, s->third + b, accept, factor);
        for (size_t i = 0; i < s->n; i++)
            take(accept, s->y + i * s->stride + b, s->x + i * s->stride + b);
        count(accept, factor, s->h + b, s->t + b, s->tried + b, s->taken + b);
    }
}

static inline void shift(const double *restrict x, const double *restrict by, double *restrict y)
{
    for (size_t k = 0; k < BLOCK; k++)
        y[k] = x[k] + by[k];
}

/* y = x, with unknown j moved; y has the one before it moved. */
LANES_CLONES
void sweep_lanes_shift(const struct sweep_lanes *s, size_t j)
{
    if (j > 0)
        memcpy(s->y + (j - 1) * s->stride, s->x + (j - 1) * s->stride, s->stride * sizeof(double));
    else
        memcpy(s->y, s->x, s->n * s->stride * sizeof(double));
    for (size_t b = 0; b < s->stride; b += BLOCK)
        shift(s->x + j * s->stride + b, s->shift + b, s->y + j * s->stride + b);
}

/* sum += (f - f0)^2 */
static inline void add_difference(const double *restrict f, const double *restrict f0,
                                  double *restrict sum)
{
    for (size_t k = 0; k < BLOCK; k++)
        sum[k] += (f[k] - f0[k]) * (f[k] - f0[k]);
}

static inline void add_column(const double *restrict sum, const double *restrict per,
                              double *restrict norm)
{
    for (size_t k = 0; k < BLOCK; k++)
        norm[k] += sum[k] * per[k];
}

/* norm += |J e_j|^2, from f at y and at x; column 0 begins. */
LANES_CLONES
void sweep_lanes_slope(const struct sweep_lanes *s, size_t j)
{
    if (j == 0)
        memset(s->norm, 0, s->stride * sizeof(double));
    for (size_t b = 0; b < s->stride; b += BLOCK) {
        double sum[BLOCK] = {0};
        for (size_t i = 0; i < s->n; i++)
            add_difference(s->f + i * s->stride + b, s->k + i * s->stride + b, sum);
        add_column(sum, s->per + b, s->norm + b);
    }
}

static inline void add_square(const double *restrict v, double *restrict sum)
{
    for (size_t k = 0; k < BLOCK; k++)
        sum[k] += v[k] * v[k];
}

/* go = 1 where nothing has to be looked at */
static inline void screen(const struct sweep_lanes *s, size_t b, const double *restrict ff,
                          const double *restrict xx, double *restrict go)
{
    const double *restrict norm = s->norm + b, *restrict far = s->far + b;
    const double *restrict tried = s->tried + b, *restrict most = s->most + b;
    for (size_t k = 0; k < BLOCK; k++) {
        /* (1 + |x|)^2 <= 2 (1 + |x|^2) */
        const double reach = 2 * NEAR * NEAR * norm[k] * (1 + xx[k]);
        const double away = ff[k] > reach ? 1 : 0, near = xx[k] < far[k] ? 1 : 0;
        const double young = tried[k] < most[k] ? 1 : 0;
        go[k] = away * near * young;
    }
}

/* go = 0 where the lane is to be looked at: the field is small beside its Jacobian, or not a
 * number, or the lane is far, or has tried too often. */
LANES_CLONES
void sweep_lanes_screen(struct sweep_lanes *s)
{
    for (size_t b = 0; b < s->stride; b += BLOCK) {
        double ff[BLOCK] = {0}, xx[BLOCK] = {0};
        for (size_t i = 0; i < s->n; i++) {
            add_square(s->k + i * s->stride + b, ff);
            add_square(s->x + i * s->stride + b, xx);
        }
        screen(s, b, ff, xx, s->go + b);
    }
}

/* ---- making and freeing ---- */

static struct sweep_row row_of(const double *weight, size_t slab)
{
    struct sweep_row row = {0};
    for (size_t j = 0; j < SWEEP_STAGES; j++)
        if (weight[j] != 0)
            row.term[row.count++] = (struct sweep_term){.offset = j * slab, .weight = weight[j]};
    return row;
}

static void lay_out(struct sweep_lanes *s)
{
    const size_t slab = s->n * s->stride;
    double *next = s->storage;
    struct {
        double **array;
        size_t size;
    } const arrays[] = {{&s->x, slab},           {&s->y, slab},
                        {&s->f, slab},           {&s->k, sweep_table.stages * slab},
                        {&s->h, s->stride},      {&s->t, s->stride},
                        {&s->tried, s->stride},  {&s->taken, s->stride},
                        {&s->most, s->stride},   {&s->rtol, s->stride},
                        {&s->norm, s->stride},   {&s->far, s->stride},
                        {&s->go, s->stride},     {&s->atol, s->stride},
                        {&s->fifth, s->stride},  {&s->third, s->stride},
                        {&s->shift, s->stride},  {&s->per, s->stride},
                        {&s->one_x, s->n},       {&s->one_f, s->n},
                        {&s->one_J, s->n * s->n}};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].array = next;
        next += arrays[i].size;
    }
    s->rest = (struct sweep_rest **)(void *)next;
    s->start = (long *)(void *)(s->rest + s->lanes);
}

struct sweep_lanes *sweep_lanes_create(const struct flow *flow, const struct sweep_plan *plan)
{
    enum { SLABS = 3 + SWEEP_STAGES, ROWS = 14 };
    const size_t n = flow->dim, lanes = plan->lanes;
    const size_t stride = (lanes + BLOCK - 1) / BLOCK * BLOCK;
    struct sweep_lanes *s =
        calloc(1, sizeof *s + ((SLABS * n + ROWS) * stride + (n + 2) * n) * sizeof(double) +
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
        s->stage[i] = row_of(sweep_table.a[i], n * stride);
    s->result = row_of(sweep_table.b, n * stride);
    for (size_t i = 0; i < SWEEP_ESTIMATES; i++)
        s->estimate[i] = row_of(sweep_table.estimate[i], n * stride);
    for (size_t k = 0; k < lanes; k++)
        if (!(s->rest[k] = sweep_rest_create(flow))) {
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

/* Start number `start` into lane k, if lanes can follow it; f and |J|^2 there into the lane. */
static enum status place(struct sweep_lanes *s, const double *x0, size_t k, bool *placed)
{
    *placed = false;
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
    s->norm[k] = rate * rate;
    s->shift[k] = DIFFERENCE * (1 + size);
    s->per[k] = 1 / (s->shift[k] * s->shift[k]);
    s->h[k] = FIRST_STEP / rate;
    s->t[k] = s->tried[k] = s->taken[k] = 0;
    s->most[k] = (double)s->plan->attempts_most;
    s->far[k] = GROWN * GROWN * (1 + size) * (1 + size);
    *placed = true;
    return OK;
}

/* Looks closer at lane k, whose f is known. */
static enum status judge(struct sweep_lanes *s, struct sweep_chunk *chunk, size_t k,
                         enum sweep_verdict *verdict)
{
    const size_t start = (size_t)s->start[k];
    struct sweep_result *result = &chunk->result[start];
    double *last = chunk->last + start * s->n;
    gather(s, s->x, k, last);
    gather(s, s->k, k, s->one_f);
    *verdict = SWEEP_LEAVES;
    if (!(square(s->n, last) < s->far[k]) || !(s->tried[k] < s->most[k]) ||
        !isfinite(square(s->n, s->one_f)) || !(s->t[k] <= s->plan->referee.horizon))
        return OK;
    TRY(sweep_rest_judge(s->rest[k], last, s->one_f, result, chunk->limit + start * s->n, verdict));
    if (*verdict == SWEEP_SETTLES) {
        result->by_referee = false;
        result->t = s->t[k];
        result->steps = (size_t)s->taken[k];
    }
    return OK;
}

/* Begins start[k] with the given tolerances. */
static enum status begin(struct sweep_lanes *s, struct sweep_chunk *chunk, size_t k,
                         const struct sweep_tolerance *tolerance, enum sweep_verdict *verdict)
{
    const double *x0 = chunk->x0 + (size_t)s->start[k] * s->n;
    bool placed = false;
    *verdict = SWEEP_LEAVES;
    if (!sweep_rest_begin(s->rest[k], x0, tolerance))
        return OK;
    TRY(place(s, x0, k, &placed));
    if (!placed)
        return OK;
    s->rtol[k] = tolerance->rtol;
    s->atol[k] = tolerance->atol;
    *verdict = SWEEP_GOES_ON;
    if (square(s->n, s->one_f) > 2 * NEAR * NEAR * s->norm[k] * (1 + square(s->n, x0)))
        return OK;
    return judge(s, chunk, k, verdict);
}

/* What lane k does after a verdict: the same start with finer tolerances, or the next one, until
 * one has to be integrated. */
static enum status proceed(struct sweep_lanes *s, struct sweep_chunk *chunk, size_t k,
                           enum sweep_verdict verdict)
{
    while (verdict != SWEEP_GOES_ON) {
        if (s->start[k] != NOBODY && verdict == SWEEP_DOUBTS && s->rtol[k] > s->plan->fine.rtol) {
            TRY(begin(s, chunk, k, &s->plan->fine, &verdict));
            continue;
        }
        if (s->next == chunk->count) {
            s->start[k] = NOBODY;
            s->h[k] = 0;
            s->active--;
            return OK;
        }
        s->start[k] = (long)s->next;
        chunk->result[s->next++] = unknown_result();
        TRY(begin(s, chunk, k, &s->plan->coarse, &verdict));
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
        if (s->start[k] == NOBODY || s->go[k] > 0)
            continue;
        enum sweep_verdict verdict;
        TRY(judge(s, chunk, k, &verdict));
        if (verdict != SWEEP_GOES_ON)
            chunk->attempts += (size_t)s->tried[k];
        TRY(proceed(s, chunk, k, verdict));
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
    sweep_lanes_estimate(s);
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
        TRY(proceed(s, chunk, k, SWEEP_LEAVES));
    while (s->active > 0) {
        TRY(step(s));
        TRY(look(s, chunk));
    }
    return OK;
}
