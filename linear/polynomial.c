/* x' = Q(x), x a number: every solution is monotone and ends at the next root of Q, or nowhere.
 *
 * The clock is x itself, G(s) = Q(x0 + s), with s = x - x0: the limit is x0 plus the first root of
 * G in the direction of Q(x0), isolated in balls (clock.h).  A simple root is approached
 * exponentially, one of multiplicity m like t^(-1/(m-1)); without a root the solution blows up in
 * finite time from degree 2 on.  Statements and proofs: notes/chains.md, (P1)-(P5). */
#include "linear/polynomial.h"

#include "linear/prediction_clock.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct polynomial_data {
    size_t count;
    const double *q;
};

struct polynomial_block {
    struct flow flow;
    struct polynomial_data data;
    char names[1][UNKNOWN_NAME_MAX];
    double q[PROBLEM_LIST_MAX];
};

static enum status polynomial_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const struct polynomial_data *p = flow->data;
    for (size_t k = 0; k < n; k++)
        dx[k] = 0;
    for (size_t i = p->count; i-- > 0;)
        for (size_t k = 0; k < n; k++)
            dx[k] = dx[k] * x[k] + p->q[i];
    return OK;
}

static enum status polynomial_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct polynomial_data *p = flow->data;
    double slope = 0;
    for (size_t i = p->count; i-- > 1;)
        slope = slope * x[0] + (double)i * p->q[i];
    J[0] = slope;
    return OK;
}

/* Horner's rule on n + 1 coefficients: 2 n roundings of half an epsilon of sum |k_i x^i|. */
static void polynomial_rounding(const struct flow *flow, const double *x, double *bound)
{
    const struct polynomial_data *p = flow->data;
    double terms = 0;
    for (size_t i = p->count; i-- > 0;)
        terms = terms * fabs(x[0]) + fabs(p->q[i]);
    bound[0] = (double)p->count * terms;
}

static enum status polynomial_dim(const struct problem *problem, size_t *dim)
{
    if (problem->q_count == 0)
        return status_fail(BAD_ARGUMENT, "system polynomial needs its coefficients: --q k0,k1,...");
    *dim = 1;
    return OK;
}

static enum status polynomial_flow(const struct problem *problem, struct flow **out)
{
    size_t dim;
    TRY(polynomial_dim(problem, &dim));
    struct polynomial_block *block = calloc(1, sizeof *block);
    if (!block)
        return status_fail(NO_MEMORY, "polynomial flow");
    memcpy(block->q, problem->q, problem->q_count * sizeof *block->q);
    snprintf(block->names[0], UNKNOWN_NAME_MAX, "x");
    block->data = (struct polynomial_data){.count = problem->q_count, .q = block->q};
    block->flow = (struct flow){.dim = 1,
                                .title = "polynomial x' = Q(x)",
                                .names = (const char(*)[UNKNOWN_NAME_MAX])block->names,
                                .field = polynomial_field,
                                .jacobian = polynomial_jacobian,
                                .rounding = polynomial_rounding,
                                .data = &block->data};
    *out = &block->flow;
    return OK;
}

static_assert(PROBLEM_LIST_MAX <= CLOCK_POLYNOMIAL_MOST + 1, "a clock holds every Q");

void polynomial_clock_init(struct clock_polynomial *clock, const struct problem *problem, double x0)
{
    clock->origin = x0;
    for (size_t i = 0; i < problem->q_count; i++)
        clock->g[i] = ball_of(problem->q[i]);
    clock_polynomial_init(clock, (int)problem->q_count - 1);
}

static void predict_root(const struct clock_polynomial *clock, const struct clock_root *root,
                         double *limit, struct prediction *out)
{
    const struct ball x = ball_add(ball_of(clock->origin), root->s);
    limit[0] = ball_centre(x);
    if (root->verdict == CLOCK_REST)
        out->ending = prediction_of_rest_ending(root);
    else
        out->ending = root->multiplicity == 1 ? ENDING_SETTLED : ENDING_CREEPING;
    out->multiplicity = (unsigned)root->multiplicity;
    out->error = x.radius + fabs(x.lo);
    out->rate = root->multiplicity == 1 ? ball_centre(root->derivative) : 0;
    out->clock = ball_centre(root->s);
    if (root->verdict == CLOCK_REST)
        out->reason = "starts on a root";
    else if (root->multiplicity > 1)
        out->exponent = -1.0 / (root->multiplicity - 1);
}

static enum status polynomial_predict(const struct problem *problem, const double *x0,
                                      double *limit, struct prediction *out)
{
    struct clock_polynomial clock;
    struct clock_root root;
    polynomial_clock_init(&clock, problem, x0[0]);
    clock_first_root(&clock.clock, &root);
    *out =
        prediction_none("Baldi, Sadowski, Lu (2018), Theorem 1; notes/chains.md, (P1)-(P3)", NULL);
    if (root.verdict == CLOCK_ROOT || root.verdict == CLOCK_REST) {
        predict_root(&clock, &root, limit, out);
    } else if (root.verdict == CLOCK_INCONCLUSIVE) {
        out->reason = "a multiple root or a near pair of roots: double-double balls cannot decide";
    } else {
        prediction_of_growth(&clock.clock, root.direction, 1, out);
    }
    return OK;
}

const struct system system_polynomial = {
    .name = "polynomial",
    .title = "one-dimensional polynomial flow",
    .equation = "x' = k0 + k1 x + ... + kn x^n",
    .unknowns = "x",
    .options = "--q --init",
    .source = "Baldi, Sadowski, Lu (2018), Theorem 1",
    .label = "P1",
    .dim = polynomial_dim,
    .flow = polynomial_flow,
    .predict = polynomial_predict,
};
