/* Dormand and Prince's method of order eight, for all lanes together; each accepts or rejects by
 * itself.
 *
 * As in sweep_step.c no operation combines two lanes, none is fused, and division and square root
 * are rounded correctly, (J3); the factor of the step size is err^(-1/8), which three square roots
 * make.  The order is high because limits on continua carry the errors of the steps, so that these
 * have to be small; there are as many lanes as fit the first cache with thirty unknowns.  Functions
 * that are cloned are not static: see linear/chain_lanes.c. */
#include "ode/sweep_wide_step.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = SWEEP_WIDE_LANES, TOGETHER = 4 };

static const struct sweep_table *const TABLE = &sweep_table_dormand_prince;

static const double SAFETY = 0.9;                        /* of the next step size */
static const double FACTOR_LEAST = 0.2, FACTOR_MOST = 6; /* of the step size, as in DOP853 */
static const double THIRD_ORDER = 0.01; /* weight of the second estimate, as in DOP853 */

void sweep_wide_step_combine(const struct sweep_wide_step *s, const struct sweep_sum *row,
                             double *to);
void sweep_wide_step_estimate(struct sweep_wide_step *s);
void sweep_wide_step_control(struct sweep_wide_step *s);

/* ---- loops over lanes ---- */

LANES_INLINE void add_term(double weight, const double *restrict rate, double *restrict sum)
{
    for (size_t k = 0; k < LANES; k++)
        sum[k] += weight * rate[k];
}

/* y = x + h sum */
LANES_INLINE void move(const double *restrict x, const double *restrict h,
                       const double *restrict sum, double *restrict y)
{
    for (size_t k = 0; k < LANES; k++)
        y[k] = x[k] + h[k] * sum[k];
}

/* to = x + h sum of the row, for four unknowns at a time: the last ones again, where their number is
 * no multiple */
LANES_CLONES
void sweep_wide_step_combine(const struct sweep_wide_step *s, const struct sweep_sum *row,
                             double *to)
{
    const size_t last = s->n - 1;
    for (size_t i = 0; i < s->n; i += TOGETHER) {
        const size_t a = i * LANES, b = (i + 1 < last ? i + 1 : last) * LANES;
        const size_t c = (i + 2 < last ? i + 2 : last) * LANES;
        const size_t d = (i + TOGETHER - 1 < last ? i + TOGETHER - 1 : last) * LANES;
        double one[LANES] = {0}, two[LANES] = {0}, three[LANES] = {0}, four[LANES] = {0};
        for (size_t m = 0; m < row->count; m++) {
            const double *rate = s->k + row->term[m].offset, weight = row->term[m].weight;
            add_term(weight, rate + a, one);
            add_term(weight, rate + b, two);
            add_term(weight, rate + c, three);
            add_term(weight, rate + d, four);
        }
        move(s->x + a, s->h, one, to + a);
        move(s->x + b, s->h, two, to + b);
        move(s->x + c, s->h, three, to + c);
        move(s->x + d, s->h, four, to + d);
    }
}

/* error = max(error, |sum|/(atol + rtol |x|)); NaN stays */
LANES_INLINE void keep_largest(const double *restrict sum, const double *restrict weight,
                               double *restrict error)
{
    for (size_t k = 0; k < LANES; k++) {
        const double here = fabs(sum[k]) * weight[k];
        error[k] = here <= error[k] ? error[k] : here;
    }
}

LANES_INLINE void weigh(const double *restrict x, const double *restrict rtol,
                        const double *restrict atol, double *restrict weight)
{
    for (size_t k = 0; k < LANES; k++)
        weight[k] = 1 / (atol[k] + rtol[k] * fabs(x[k]));
}

/* The error of the step per unit of h and of the tolerance, in the largest unknown, by both
 * estimates. */
LANES_CLONES
void sweep_wide_step_estimate(struct sweep_wide_step *s)
{
    double fifth[LANES] = {0}, third[LANES] = {0};
    for (size_t i = 0; i < s->n; i++) {
        const double *rate = s->k + i * LANES;
        double weight[LANES], one[LANES] = {0}, other[LANES] = {0};
        weigh(s->x + i * LANES, s->rtol, s->atol, weight);
        for (size_t m = 0; m < s->estimate[0].count; m++)
            add_term(s->estimate[0].term[m].weight, rate + s->estimate[0].term[m].offset, one);
        for (size_t m = 0; m < s->estimate[1].count; m++)
            add_term(s->estimate[1].term[m].weight, rate + s->estimate[1].term[m].offset, other);
        keep_largest(one, weight, fifth);
        keep_largest(other, weight, third);
    }
    memcpy(s->fifth, fifth, sizeof fifth);
    memcpy(s->third, third, sizeof third);
}

/* accept = 1 or 0, and the factor of the next h. */
LANES_INLINE void choose(const double *restrict h, const double *restrict fifth,
                         const double *restrict third, double *restrict accept,
                         double *restrict factor)
{
    for (size_t k = 0; k < LANES; k++) {
        const double square = fifth[k] * fifth[k];
        const double both = square + THIRD_ORDER * (third[k] * third[k]) + DBL_MIN;
        const double error = h[k] * square / sqrt(both);
        const double free = SAFETY / sqrt(sqrt(sqrt(error)));
        const double least = free > FACTOR_LEAST ? free : FACTOR_LEAST; /* of NaN, too */
        accept[k] = error <= 1 ? 1 : 0;
        factor[k] = least < FACTOR_MOST ? least : FACTOR_MOST;
    }
}

LANES_INLINE void take(const double *restrict accept, const double *restrict y, double *restrict x)
{
    for (size_t k = 0; k < LANES; k++)
        x[k] = accept[k] > 0 ? y[k] : x[k];
}

/* Accepts or rejects, moves the accepted, and sets the next h. */
LANES_CLONES
void sweep_wide_step_control(struct sweep_wide_step *s)
{
    double factor[LANES], accept[LANES];
    choose(s->h, s->fifth, s->third, accept, factor);
    for (size_t i = 0; i < s->n; i++)
        take(accept, s->y + i * LANES, s->x + i * LANES);
    for (size_t k = 0; k < LANES; k++) {
        s->t[k] += accept[k] * s->h[k];
        s->last[k] = accept[k] * s->h[k];
        s->h[k] *= factor[k];
        s->tried[k] += 1;
        s->taken[k] += accept[k];
        s->accept[k] = accept[k];
    }
}

/* ---- making and freeing ---- */

struct sweep_wide_step *sweep_wide_step_create(const struct flow *flow)
{
    enum { SLABS = 3 };
    const size_t n = flow->dim, slab = n * LANES, slabs = SLABS + TABLE->stages;
    struct sweep_wide_step *s = calloc(1, sizeof *s + (slabs * slab + 2 * n) * sizeof(double));
    if (!s)
        return NULL;
    s->flow = flow;
    s->n = n;
    s->x = s->storage;
    s->y = s->x + slab;
    s->f = s->y + slab;
    s->k = s->f + slab;
    s->one_x = s->k + TABLE->stages * slab;
    s->one_f = s->one_x + n;
    for (size_t i = 0; i < TABLE->stages; i++)
        s->stage[i] = sweep_sum_of(TABLE->a[i], slab);
    s->result = sweep_sum_of(TABLE->b, slab);
    for (size_t i = 0; i < TABLE->estimates; i++)
        s->estimate[i] = sweep_sum_of(TABLE->estimate[i], slab);
    return s;
}

void sweep_wide_step_free(struct sweep_wide_step *step)
{
    free(step);
}

/* ---- steps ---- */

void sweep_wide_step_gather(const struct sweep_wide_step *s, const double *slab, size_t k,
                            double *x)
{
    for (size_t i = 0; i < s->n; i++)
        x[i] = slab[i * LANES + k];
}

void sweep_wide_step_scatter(const struct sweep_wide_step *s, const double *x, size_t k,
                             double *slab)
{
    for (size_t i = 0; i < s->n; i++)
        slab[i * LANES + k] = x[i];
}

enum status sweep_wide_step_field(struct sweep_wide_step *s, const double *x, double *f)
{
    const enum status all = s->flow->field(s->flow, LANES, x, f);
    if (all != RETRY_SHORTER)
        return all;
    for (size_t k = 0; k < LANES; k++) { /* each by itself */
        sweep_wide_step_gather(s, x, k, s->one_x);
        const enum status status = s->flow->field(s->flow, 1, s->one_x, s->one_f);
        if (status != OK && status != RETRY_SHORTER)
            return status;
        for (size_t i = 0; i < s->n; i++)
            f[i * LANES + k] = status == OK ? s->one_f[i] : NAN;
    }
    return OK;
}

enum status sweep_wide_step_take(struct sweep_wide_step *s)
{
    const size_t slab = s->n * LANES;
    for (size_t i = 1; i < TABLE->stages; i++) {
        sweep_wide_step_combine(s, &s->stage[i], s->y);
        TRY(sweep_wide_step_field(s, s->y, s->k + i * slab));
    }
    sweep_wide_step_combine(s, &s->result, s->y);
    sweep_wide_step_estimate(s);
    sweep_wide_step_control(s);
    return OK;
}
