/* A[1,N,1] under fixed feedback, as a flow:
 *
 *   a' = c e,  b' = eta a e,  e = alpha - beta a.b        (eta1 folded into c, eta = eta2)   (F)
 *
 * What is conserved, notes/fan.md, (W2): with the pivot p, the largest |c_p|,
 *     a_i c_p - a_p c_i                    (i != p), the part of a that is orthogonal to c, and
 *     b_i c_p + c_i b_p - eta a_i a_p      (all i),
 * 2 N - 1 independent quantities, so every leaf is a curve.  The published matrices b c' + c b' - a
 * a' and a c' - c a' hold N^2 entries, most of them dependent: an integrator that projects on its
 * integrals needs independent ones.  With c = 0 the a_i are conserved, and so are b_i a_(i+1) -
 * b_(i+1) a_i. */
#include "linear/fan.h"

#include "linear/matrix.h"
#include "linear/network.h"
#include "ode/lanes.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH_STANDARD = 3 };

/* What a claim is about. */
enum fan_claim {
    FAN_FORWARD,  /* a_i c_p - a_p c_i */
    FAN_BACKWARD, /* b_i c_p + c_i b_p - eta a_i a_p */
    FAN_FROZEN,   /* c = 0: a_i */
    FAN_PARALLEL  /* c = 0: b_i a_(i+1) - b_(i+1) a_i */
};

struct fan_integral {
    enum fan_claim kind;
    size_t i;
};

struct fan_data {
    size_t N, pivot;
    double alpha, beta, top;
    const double *c;
    const struct fan_integral *integral;
};

struct fan_block {
    struct flow flow;
    struct fan_data data;
    char title[CLAIM_NAME_MAX];
};

static const struct fan_data *data_of(const struct flow *flow)
{
    return flow->data;
}

/* ---- the field ---- */

static inline void direct_lanes(const struct fan_data *p, size_t n, size_t lanes, const double *x,
                                double *dx)
{
    double e[LANES_BLOCK];
    for (size_t k = 0; k < lanes; k++)
        e[k] = 0;
    for (size_t i = 0; i < p->N; i++)
        for (size_t k = 0; k < lanes; k++)
            e[k] += x[i * n + k] * x[(p->N + i) * n + k];
    for (size_t k = 0; k < lanes; k++)
        e[k] = p->alpha - p->beta * e[k];
    for (size_t i = 0; i < p->N; i++)
        for (size_t k = 0; k < lanes; k++) {
            dx[(p->N + i) * n + k] = p->top * x[i * n + k] * e[k];
            dx[i * n + k] = p->c[i] * e[k];
        }
}

/* Not static: as in chain.c, resolvers of local clones would need relocations in the text. */
void fan_lanes(const struct fan_data *p, size_t n, const double *x, double *dx);

LANES_CLONES
void fan_lanes(const struct fan_data *p, size_t n, const double *x, double *dx)
{
    size_t k = 0;
    for (; k + LANES_BLOCK <= n; k += LANES_BLOCK)
        direct_lanes(p, n, LANES_BLOCK, x + k, dx + k);
    if (k < n)
        direct_lanes(p, n, n - k, x + k, dx + k);
}

static enum status fan_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    fan_lanes(data_of(flow), n, x, dx);
    return OK;
}

static void fan_output(const struct flow *flow, const double *x, double *P)
{
    P[0] = matrix_inner(data_of(flow)->N, x, x + data_of(flow)->N);
}

static double error_of(const struct flow *flow, const double *x)
{
    const struct fan_data *p = data_of(flow);
    return p->alpha - p->beta * matrix_inner(p->N, x, x + p->N);
}

double fan_sensitivity(const struct flow *flow, const double *x)
{
    const struct fan_data *p = data_of(flow);
    return p->top * matrix_inner(p->N, x, x) + matrix_inner(p->N, p->c, x + p->N);
}

/* J = (-beta c b', -beta c a'; eta e I - eta beta a b', -eta beta a a') */
static enum status fan_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct fan_data *p = data_of(flow);
    const size_t N = p->N, dim = 2 * N;
    const double *a = x, *b = x + N, e = error_of(flow, x);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            J[i * dim + j] = -p->beta * p->c[i] * b[j];
            J[i * dim + N + j] = -p->beta * p->c[i] * a[j];
            J[(N + i) * dim + j] = p->top * ((i == j ? e : 0) - p->beta * a[i] * b[j]);
            J[(N + i) * dim + N + j] = -p->top * p->beta * a[i] * a[j];
        }
    return OK;
}

/* J v = V (grad e . v) + e DV v */
static enum status fan_jacobian_times(const struct flow *flow, const double *x, const double *v,
                                      double *Jv)
{
    const struct fan_data *p = data_of(flow);
    const size_t N = p->N;
    const double slope = -p->beta * (matrix_inner(N, x + N, v) + matrix_inner(N, x, v + N));
    const double e = error_of(flow, x);
    for (size_t i = 0; i < N; i++) {
        Jv[i] = p->c[i] * slope;
        Jv[N + i] = p->top * (x[i] * slope + e * v[i]);
    }
    return OK;
}

/* |V_i| (|alpha| + |beta| |a|.|b|), with at most N + 4 roundings of half an epsilon: N of the sum,
 * and those of beta P, alpha - beta P, eta a and the last product. */
static void fan_rounding(const struct flow *flow, const double *x, double *bound)
{
    const struct fan_data *p = data_of(flow);
    const double roundings = (double)(p->N + 4);
    double terms = fabs(p->alpha);
    for (size_t i = 0; i < p->N; i++)
        terms += fabs(p->beta * x[i] * x[p->N + i]);
    for (size_t i = 0; i < p->N; i++) {
        bound[i] = roundings * fabs(p->c[i]) * terms;
        bound[p->N + i] = roundings * fabs(p->top * x[i]) * terms;
    }
}

static double fan_excess_loss(const struct flow *flow, const double *x)
{
    const double e = error_of(flow, x);
    return e * e / (2 * data_of(flow)->beta);
}

/* On e = 0 the spectrum is {-beta S, 0, ..., 0}, (W3); elsewhere the formula is silent. */
static size_t fan_transverse(const struct flow *flow, const double *x, double *lambda)
{
    static const double ROUNDINGS = 64; /* of alpha - beta P, several per neuron */
    const struct fan_data *p = data_of(flow);
    double terms = fabs(p->alpha);
    for (size_t i = 0; i < p->N; i++)
        terms += fabs(p->beta * x[i] * x[p->N + i]);
    if (!(fabs(error_of(flow, x)) <= ROUNDINGS * DBL_EPSILON * terms))
        return 0;
    lambda[0] = -p->beta * fan_sensitivity(flow, x);
    return 1;
}

/* ---- claims ---- */

static double fan_observe(const struct flow *flow, size_t claim, const double *x)
{
    const struct fan_data *p = data_of(flow);
    const double *a = x, *b = x + p->N, *c = p->c;
    const size_t i = p->integral[claim].i, q = p->pivot;
    switch (p->integral[claim].kind) {
    case FAN_FORWARD:
        return a[i] * c[q] - a[q] * c[i];
    case FAN_BACKWARD:
        return b[i] * c[q] + c[i] * b[q] - p->top * a[i] * a[q];
    case FAN_FROZEN:
        return a[i];
    case FAN_PARALLEL:
        break;
    }
    return b[i] * a[i + 1] - b[i + 1] * a[i];
}

static void fan_gradient(const struct flow *flow, size_t claim, const double *x, double *g)
{
    const struct fan_data *p = data_of(flow);
    const size_t N = p->N, i = p->integral[claim].i, q = p->pivot;
    const double *a = x, *b = x + N, *c = p->c;
    memset(g, 0, 2 * N * sizeof *g);
    switch (p->integral[claim].kind) {
    case FAN_FORWARD:
        g[i] = c[q];
        g[q] = -c[i];
        return;
    case FAN_BACKWARD:
        g[N + i] += c[q];
        g[N + q] += c[i];
        g[i] -= p->top * a[q];
        g[q] -= p->top * a[i];
        return;
    case FAN_FROZEN:
        g[i] = 1;
        return;
    case FAN_PARALLEL:
        break;
    }
    g[N + i] = a[i + 1];
    g[i + 1] = b[i];
    g[N + i + 1] = -a[i];
    g[i] = -b[i + 1];
}

static void name_claim(const struct fan_data *p, const struct fan_integral *integral,
                       struct claim *claim)
{
    const size_t i = integral->i + 1, q = p->pivot + 1;
    char *name = claim->name;
    *claim = (struct claim){.kind = CLAIM_CONSERVED, .label = "W2"};
    switch (integral->kind) {
    case FAN_FORWARD:
        snprintf(name, CLAIM_NAME_MAX, "a%zu c%zu - a%zu c%zu", i, q, q, i);
        return;
    case FAN_BACKWARD:
        snprintf(name, CLAIM_NAME_MAX, "b%zu c%zu + c%zu b%zu - a%zu a%zu", i, q, i, q, i, q);
        return;
    case FAN_FROZEN:
        snprintf(name, CLAIM_NAME_MAX, "a%zu", i);
        return;
    case FAN_PARALLEL:
        break;
    }
    snprintf(name, CLAIM_NAME_MAX, "b%zu a%zu - b%zu a%zu", i, i + 1, i + 1, i);
}

/* 2 N - 1 integrals, whether c vanishes or not. */
static void claim_all(struct fan_data *p, struct fan_integral *integral, struct claim *claim)
{
    size_t count = 0;
    p->pivot = 0;
    for (size_t i = 1; i < p->N; i++)
        p->pivot = fabs(p->c[i]) > fabs(p->c[p->pivot]) ? i : p->pivot;
    const bool silent = p->c[p->pivot] == 0;
    for (size_t i = 0; i < p->N; i++)
        integral[count++] = (struct fan_integral){silent ? FAN_FROZEN : FAN_BACKWARD, i};
    for (size_t i = 0; i < p->N; i++)
        if (silent ? i + 1 < p->N : i != p->pivot)
            integral[count++] = (struct fan_integral){silent ? FAN_PARALLEL : FAN_FORWARD, i};
    for (size_t k = 0; k < count; k++)
        name_claim(p, &integral[k], &claim[k]);
}

/* ---- from a problem ---- */

bool fan_is_direct(const struct problem *problem)
{
    return problem->rule->direct && problem->lambda == 0 && problem->decay_count == 0;
}

static enum status fan_sizes(const struct problem *problem, size_t *count,
                             size_t sizes[PROBLEM_SIZES_MAX])
{
    enum { SIZES = 3 };
    const size_t N = problem->c_count > 0 ? problem->c_count : WIDTH_STANDARD;
    const bool given = problem->size_count > 0;
    if (given && (problem->size_count != SIZES || problem->sizes[0] != 1 ||
                  problem->sizes[2] != 1 || problem->sizes[1] == 0))
        return status_fail(BAD_ARGUMENT, "the sizes of a fan are 1,N,1");
    *count = SIZES;
    sizes[0] = sizes[2] = 1;
    sizes[1] = given ? problem->sizes[1] : N;
    return OK;
}

enum status fan_width(const struct problem *problem, size_t *N)
{
    size_t count = 0, sizes[PROBLEM_SIZES_MAX] = {0};
    TRY(fan_sizes(problem, &count, sizes));
    *N = sizes[1];
    return OK;
}

enum status fan_feedback(const struct problem *problem, size_t N, double *c, double *top)
{
    const double *given = problem_feedback(problem), *rates = problem->rates;
    if (problem->c_count != 0 && problem->c_count != N)
        return status_fail(BAD_ARGUMENT, "--c has %zu numbers; a fan of width %zu takes c1..c%zu",
                           problem->c_count, N, N);
    if (problem->rate_count != 0 && problem->rate_count != 2)
        return status_fail(BAD_ARGUMENT, "--rates has %zu numbers; a fan has 2 layers",
                           problem->rate_count);
    for (size_t i = 0; i < N; i++)
        c[i] = (problem->c_count > 0 ? given[i] : 1) * (problem->rate_count > 0 ? rates[0] : 1);
    *top = problem->rate_count > 0 ? rates[1] : 1;
    return OK;
}

static enum status fan_dim(const struct problem *problem, size_t *dim)
{
    if (!fan_is_direct(problem))
        return network_dim(problem, dim);
    size_t N = 0;
    TRY(fan_width(problem, &N));
    *dim = 2 * N;
    return OK;
}

/* Bytes of a block for width N: the arrays stand behind the struct, widest alignment first. */
static size_t block_bytes(size_t N)
{
    const size_t claims = 2 * N - 1;
    return sizeof(struct fan_block) + N * sizeof(double) + claims * sizeof(struct claim) +
           claims * sizeof(struct fan_integral) + 2 * N * UNKNOWN_NAME_MAX;
}

static struct fan_block *block_create(const struct problem *problem, size_t N, double **c)
{
    struct fan_block *block = calloc(1, block_bytes(N));
    if (!block)
        return NULL;
    *c = (double *)(block + 1);
    struct claim *claim = (struct claim *)(*c + N);
    struct fan_integral *integral = (struct fan_integral *)(claim + 2 * N - 1);
    char(*names)[UNKNOWN_NAME_MAX] = (char(*)[UNKNOWN_NAME_MAX])(integral + 2 * N - 1);
    for (size_t i = 0; i < N; i++) {
        snprintf(names[i], UNKNOWN_NAME_MAX, "a%zu", i + 1);
        snprintf(names[N + i], UNKNOWN_NAME_MAX, "b%zu", i + 1);
    }
    snprintf(block->title, sizeof block->title, "fan A[1,%zu,1], %s", N, problem->rule->name);
    block->data = (struct fan_data){
        .N = N, .alpha = problem->alpha, .beta = problem->beta, .c = *c, .integral = integral};
    block->flow = (struct flow){.dim = 2 * N,
                                .title = block->title,
                                .names = (const char(*)[UNKNOWN_NAME_MAX])names,
                                .field = fan_field,
                                .jacobian = fan_jacobian,
                                .jacobian_times = fan_jacobian_times,
                                .rounding = fan_rounding,
                                .claims = 2 * N - 1,
                                .conserved = 2 * N - 1,
                                .claim = claim,
                                .observe = fan_observe,
                                .gradient = fan_gradient,
                                .loss = problem->beta > 0 ? fan_excess_loss : NULL,
                                .transverse = fan_transverse,
                                .outputs = 1,
                                .output = fan_output,
                                .data = &block->data};
    return block;
}

static enum status fan_flow(const struct problem *problem, struct flow **out)
{
    if (!fan_is_direct(problem))
        return network_flow(problem, out);
    size_t N = 0;
    double *c = NULL;
    TRY(fan_width(problem, &N));
    struct fan_block *block = block_create(problem, N, &c);
    if (!block)
        return status_fail(NO_MEMORY, "fan of width %zu", N);
    const enum status status = fan_feedback(problem, N, c, &block->data.top);
    if (status != OK) {
        flow_free(&block->flow);
        return status;
    }
    claim_all(&block->data, (struct fan_integral *)block->data.integral,
              (struct claim *)block->flow.claim);
    *out = &block->flow;
    return OK;
}

const struct system system_fan = {
    .name = "fan",
    .title = "one linear hidden layer between scalars, A[1,N,1]",
    .equation = "O = b.a I;  a' = c e, b' = a e (rbp, srbp), with c' = a e (arbp, asrbp), "
                "a' = b e (bp);  e = alpha - beta a.b",
    .unknowns = "a1..aN, b1..bN, then adaptive c1..cN",
    .options = "--rule --sizes --c --rates --lambda --alpha --beta --data --init",
    .source = "Baldi, Sadowski, Lu (2018), Eq. 57",
    .label = "W1",
    .letters = "abc",
    .takes_rule = true,
    .sizes = fan_sizes,
    .dim = fan_dim,
    .flow = fan_flow,
    .predict = fan_predict,
};
