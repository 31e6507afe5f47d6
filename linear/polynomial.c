/* x' = Q(x): its flow, its clock G(s) = Q(x0 + s), and the limit by notes/chains.md, (P1)-(P3). */
#include "linear/polynomial.h"

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

/* Taylor coefficients of Q at x0 + s, by repeated synthetic division on jets. */
static void polynomial_jet(const void *self, struct ball s, int order, struct ball *g)
{
    const struct polynomial_clock *clock = self;
    const struct ball x = ball_add(ball_of(clock->x0), s);
    for (int k = 0; k <= order; k++)
        g[k] = ball_of(0);
    for (int i = clock->clock.degree; i >= 0; i--) {
        for (int k = order; k > 0; k--)
            g[k] = ball_add(ball_mul(g[k], x), g[k - 1]);
        g[0] = ball_add(ball_mul(g[0], x), ball_of(clock->q[i]));
    }
}

/* All derivatives of Q at x0 + S push the same way: so they do for ever. */
static bool polynomial_monotone_beyond(const void *self, double S, int direction)
{
    const struct polynomial_clock *clock = self;
    struct ball g[CLOCK_ORDER_MAX + 1];
    const int degree = clock->clock.degree;
    if (degree > CLOCK_ORDER_MAX)
        return false;
    polynomial_jet(clock, ball_of(S), degree, g);
    int first = 0, turn = 1;
    for (int k = 1; k <= degree; k++) {
        turn *= direction; /* sign of (s - S)^k */
        const int sign = turn * ball_sign(g[k]);
        if (sign == 0 && !ball_is_zero(g[k]))
            return false;
        first = first == 0 ? sign : first;
        if (sign != 0 && sign != first)
            return false;
    }
    return first != 0;
}

void polynomial_clock_init(struct polynomial_clock *clock, const struct problem *problem, double x0)
{
    size_t count = problem->q_count;
    while (count > 0 && problem->q[count - 1] == 0)
        count--;
    *clock = (struct polynomial_clock){.clock = {.jet = polynomial_jet,
                                                 .monotone_beyond = polynomial_monotone_beyond,
                                                 .degree = (int)count - 1,
                                                 .self = clock},
                                       .q = problem->q,
                                       .x0 = x0};
}

static enum ending root_kind(const struct clock_root *root)
{
    const bool falls = ball_sign(root->derivative) < 0;
    if (root->verdict == CLOCK_ROOT)
        return root->multiplicity == 1 ? ENDING_SETTLED : ENDING_CREEPING;
    if (root->multiplicity == 0)
        return ENDING_HORIZON; /* Q vanishes identically */
    if (root->multiplicity % 2 == 0 || !falls)
        return ENDING_SADDLE;
    return root->multiplicity == 1 ? ENDING_SETTLED : ENDING_CREEPING;
}

static void predict_root(const struct polynomial_clock *clock, const struct clock_root *root,
                         double *limit, struct prediction *out)
{
    const struct ball x = ball_add(ball_of(clock->x0), root->s);
    limit[0] = ball_centre(x);
    out->ending = root_kind(root);
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
    struct polynomial_clock clock;
    struct clock_root root;
    polynomial_clock_init(&clock, problem, x0[0]);
    clock_first_root(&clock.clock, &root);
    *out =
        prediction_none("Baldi, Sadowski, Lu (2018), Theorem 1; notes/chains.md, (P1)-(P3)", NULL);
    if (root.verdict == CLOCK_ROOT || root.verdict == CLOCK_REST) {
        predict_root(&clock, &root, limit, out);
    } else if (root.verdict == CLOCK_INCONCLUSIVE) {
        out->reason = "a multiple root or a near pair of roots: double-double balls cannot decide";
    } else if (clock.clock.degree >= 2) {
        out->ending = ENDING_ESCAPED;
        if (clock_escape_time(&clock.clock, root.direction, &out->escape_time) != OK)
            out->reason = PREDICTION_NO_TIME;
    } else {
        out->ending = ENDING_UNBOUNDED;
        out->exponent = clock.clock.degree == 0 ? 1 : INFINITY;
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
