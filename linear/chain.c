/* Linear chains as flows.
 *
 *   (D)  a_i' = c_i (prod_{k<i} a_k) e - lambda a_i        fixed direct feedback: rbp, srbp
 *   (B)  a_i' = eta_i (prod_{k!=i} a_k) e - lambda a_i      gradient descent: bp
 *
 * with P = prod a_k and e = alpha - beta P.  Without decay both conserve L - 1 quantities,
 * notes/chains.md, (F1) and (F2); together with e = 0 they fix the limit.  For (D) they are, for
 * the layers i < j with non-zero feedback that follow each other,
 *     c_i a_j - c_j (prod_{i<m<j} a_m) a_i^2 / 2,     and a_m itself where c_m = 0,
 * which is c_i a_{i+1} - c_{i+1} a_i^2 / 2 when no feedback weight vanishes. */
#include "linear/chain.h"

#include "linear/chain_lanes.h"
#include "linear/channel_neurons.h"
#include "linear/network.h"
#include "linear/registry.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Everything of a chain's flow, in one block; the arrays follow. */
struct chain_block {
    struct flow flow;
    struct chain_data data;
    char title[CLAIM_NAME_MAX];
};

static const struct chain_data *data_of(const struct flow *flow)
{
    return flow->data;
}

static enum status direct_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    chain_direct_lanes(data_of(flow), n, x, dx);
    return OK;
}

static enum status gradient_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    chain_gradient_lanes(data_of(flow), n, x, dx);
    return OK;
}

/* prod of a_k over low <= k < high without k = i and k = j. */
static double product_without(const double *a, size_t low, size_t high, size_t i, size_t j)
{
    double product = 1;
    for (size_t k = low; k < high; k++)
        if (k != i && k != j)
            product *= a[k];
    return product;
}

double chain_product(const struct flow *flow, const double *a)
{
    return product_without(a, 0, flow->dim, flow->dim, flow->dim);
}

double chain_error(const struct flow *flow, const double *a)
{
    const struct chain_data *p = data_of(flow);
    return p->alpha - p->beta * chain_product(flow, a);
}

bool chain_is_gradient(const struct flow *flow)
{
    return data_of(flow)->gradient;
}

const double *chain_direct_weights(const struct flow *flow)
{
    return data_of(flow)->c;
}

/* V_i of a_i' = V_i e: the factors of layer i in (D), all other weights in (B). */
static double direction_of(const struct chain_data *p, const double *a, size_t i)
{
    return p->c[i] * product_without(a, 0, p->gradient ? p->depth : i, i, i);
}

double chain_sensitivity(const struct flow *flow, const double *a)
{
    const struct chain_data *p = data_of(flow);
    double S = 0;
    for (size_t i = 0; i < p->depth; i++)
        S += direction_of(p, a, i) * product_without(a, 0, p->depth, i, i);
    return S;
}

/* without[j] = prod of a_k over k < high, k != skip, k != j, for all j < high: O(high), zeros and
 * all. */
static void products_without_each(const double *a, size_t high, size_t skip, double *without)
{
    double prefix = 1, suffix = 1;
    for (size_t j = 0; j < high; j++) {
        without[j] = prefix;
        prefix *= j == skip ? 1 : a[j];
    }
    for (size_t j = high; j-- > 0;) {
        without[j] *= suffix;
        suffix *= j == skip ? 1 : a[j];
    }
}

/* (D), in one pass up for the prefixes and one for the rows: dV[j] = prod of a_k over k < i, k != j,
 * follows i upwards. */
static void direct_rows(const struct chain_data *p, const double *a, double *J)
{
    const size_t L = p->depth;
    double dP[PROBLEM_LIST_MAX], dV[PROBLEM_LIST_MAX], prefix = 1, suffix = 1;
    for (size_t j = 0; j < L; j++) {
        dP[j] = prefix;
        prefix *= a[j];
    }
    const double e = p->alpha - p->beta * prefix;
    for (size_t j = L; j-- > 0;) {
        dP[j] *= suffix;
        suffix *= a[j];
    }
    prefix = 1;
    for (size_t i = 0; i < L; i++) {
        const double c = p->c[i], fall = p->beta * (c * prefix), rise = e * c;
        double *row = J + i * L;
        for (size_t j = 0; j < i; j++) {
            row[j] = rise * dV[j] - fall * dP[j];
            dV[j] *= a[i];
        }
        row[i] = -fall * dP[i] - p->lambda;
        for (size_t j = i + 1; j < L; j++)
            row[j] = -fall * dP[j];
        dV[i] = prefix;
        prefix *= a[i];
    }
}

/* (B): V_i is a product over all k != i. */
static void gradient_rows(const struct chain_data *p, const double *a, double *J)
{
    const size_t L = p->depth;
    double dP[PROBLEM_LIST_MAX], dV[PROBLEM_LIST_MAX];
    products_without_each(a, L, L, dP);
    const double e = p->alpha - p->beta * product_without(a, 0, L, L, L);
    for (size_t i = 0; i < L; i++) {
        const double V = direction_of(p, a, i);
        products_without_each(a, L, i, dV);
        for (size_t j = 0; j < L; j++)
            J[i * L + j] = (j != i ? e * p->c[i] * dV[j] : 0) - p->beta * V * dP[j];
        J[i * L + i] -= p->lambda;
    }
}

/* J_ij = e dV_i/da_j - beta V_i dP/da_j - lambda delta_ij */
static enum status chain_jacobian(const struct flow *flow, const double *a, double *J)
{
    const struct chain_data *p = data_of(flow);
    if (p->gradient)
        gradient_rows(p, a, J);
    else
        direct_rows(p, a, J);
    return OK;
}

/* |V_i| (|alpha| + |beta P|), each with at most 2 L + 4 roundings of half an epsilon. */
static void chain_rounding(const struct flow *flow, const double *a, double *bound)
{
    const struct chain_data *p = data_of(flow);
    const double terms = fabs(p->alpha) + fabs(p->beta * chain_product(flow, a));
    for (size_t i = 0; i < p->depth; i++)
        bound[i] =
            (double)(p->depth + 2) * fabs(direction_of(p, a, i)) * terms + fabs(p->lambda * a[i]);
}

static double chain_excess_loss(const struct flow *flow, const double *a)
{
    const struct chain_data *p = data_of(flow);
    const double e = chain_error(flow, a);
    return e * e / (2 * p->beta);
}

/* Fixed points have e = 0 or V = 0, notes/chains.md, (H1).  On e = 0 the spectrum is {-beta S, 0,
 * ..., 0}, (H2); elsewhere the formula is silent. */
static size_t chain_transverse(const struct flow *flow, const double *a, double *lambda)
{
    static const double ROUNDINGS = 64; /* of alpha - beta P, several per layer */
    const struct chain_data *p = data_of(flow);
    const double P = chain_product(flow, a);
    const double floor = ROUNDINGS * DBL_EPSILON * (fabs(p->alpha) + fabs(p->beta * P));
    if (p->lambda != 0 || !(fabs(p->alpha - p->beta * P) <= floor))
        return 0;
    lambda[0] = -p->beta * chain_sensitivity(flow, a);
    return 1;
}

/* ---- claims ---- */

static double observe_direct(const struct flow *flow, size_t claim, const double *a)
{
    const struct chain_data *p = data_of(flow);
    const size_t i = p->coupling[claim].from, j = p->coupling[claim].to;
    if (i == j)
        return a[j];
    if (j == i + 1)
        return p->c[i] * a[j] - p->c[j] / 2 * a[i] * a[i];
    return p->c[i] * a[j] - p->c[j] / 2 * product_without(a, i + 1, j, j, j) * a[i] * a[i];
}

static void gradient_direct(const struct flow *flow, size_t claim, const double *a, double *g)
{
    const struct chain_data *p = data_of(flow);
    const size_t i = p->coupling[claim].from, j = p->coupling[claim].to;
    for (size_t m = 0; m < flow->dim; m++)
        g[m] = 0;
    if (j == i + 1) {
        g[j] = p->c[i];
        g[i] = -p->c[j] * a[i];
        return;
    }
    if (i == j) {
        g[j] = 1;
        return;
    }
    g[j] = p->c[i];
    g[i] = -p->c[j] * product_without(a, i + 1, j, j, j) * a[i];
    for (size_t m = i + 1; m < j; m++)
        g[m] = -p->c[j] / 2 * product_without(a, i + 1, j, m, m) * a[i] * a[i];
}

static double observe_gradient(const struct flow *flow, size_t claim, const double *a)
{
    const struct chain_data *p = data_of(flow);
    if (claim == flow->conserved)
        return chain_excess_loss(flow, a);
    return p->c[claim] * a[claim + 1] * a[claim + 1] - p->c[claim + 1] * a[claim] * a[claim];
}

static void gradient_gradient(const struct flow *flow, size_t claim, const double *a, double *g)
{
    const struct chain_data *p = data_of(flow);
    memset(g, 0, flow->dim * sizeof *g);
    if (claim == flow->conserved) {
        const double e = chain_error(flow, a);
        for (size_t i = 0; i < flow->dim; i++)
            g[i] = -e * product_without(a, 0, flow->dim, i, i);
        return;
    }
    g[claim + 1] = 2 * p->c[claim] * a[claim + 1];
    g[claim] = -2 * p->c[claim + 1] * a[claim];
}

/* Couples the layers with non-zero feedback; returns the number of integrals. */
static size_t couple_direct(const struct chain_data *p, struct coupling *coupling,
                            struct claim *claim)
{
    size_t count = 0, previous = p->depth;
    for (size_t j = 0; j < p->depth; j++) {
        struct claim *next = &claim[count];
        *next = (struct claim){.kind = CLAIM_CONSERVED, .label = "F1"};
        if (p->c[j] == 0) {
            snprintf(next->name, sizeof next->name, "a%zu", j + 1);
            coupling[count++] = (struct coupling){.from = j, .to = j};
            continue;
        }
        if (previous < p->depth) {
            snprintf(next->name, sizeof next->name, "c%zu a%zu - c%zu%s a%zu^2/2", previous + 1,
                     j + 1, j + 1, j > previous + 1 ? " (between)" : "", previous + 1);
            coupling[count++] = (struct coupling){.from = previous, .to = j};
        }
        previous = j;
    }
    return count;
}

static void claim_direct(struct chain_block *block, struct coupling *coupling, struct claim *claim)
{
    struct flow *flow = &block->flow;
    flow->observe = observe_direct;
    flow->gradient = gradient_direct;
    block->data.coupling = coupling;
    if (block->data.lambda == 0)
        flow->conserved = flow->claims = couple_direct(&block->data, coupling, claim);
}

static void claim_gradient(struct chain_block *block, struct claim *claim)
{
    struct flow *flow = &block->flow;
    const struct chain_data *p = &block->data;
    flow->observe = observe_gradient;
    flow->gradient = gradient_gradient;
    if (p->lambda != 0)
        return;
    bool descends = p->beta > 0;
    for (size_t i = 0; i < p->depth; i++)
        descends = descends && p->c[i] >= 0;
    flow->conserved = p->depth - 1;
    for (size_t i = 0; i < flow->conserved; i++) {
        claim[i] = (struct claim){.kind = CLAIM_CONSERVED, .label = "F2"};
        snprintf(claim[i].name, sizeof claim[i].name, "eta%zu a%zu^2 - eta%zu a%zu^2", i + 1, i + 2,
                 i + 2, i + 1);
    }
    claim[flow->conserved] = (struct claim){
        .kind = CLAIM_NEVER_INCREASES, .name = "excess loss e^2/(2 beta)", .label = "B3"};
    flow->claims = flow->conserved + (descends ? 1 : 0);
}

/* ---- from a problem ---- */

static enum status direct_weights(const struct problem *problem, double *c)
{
    const size_t L = problem->depth;
    if (problem->rule->direct) {
        TRY(problem->rule->direct(problem, c));
    } else {
        if (problem->c_count > 0)
            return status_fail(BAD_ARGUMENT, "rule %s has no feedback weights, but --c gives %zu",
                               problem->rule->name, problem->c_count);
        for (size_t i = 0; i < L; i++)
            c[i] = 1;
    }
    if (problem->rate_count > 0 && problem->rate_count != L)
        return status_fail(BAD_ARGUMENT,
                           "--rates has %zu numbers; a chain of depth %zu has %zu layers",
                           problem->rate_count, L, L);
    for (size_t i = 0; i < problem->rate_count; i++)
        c[i] *= problem->rates[i];
    return OK;
}

bool chain_is_special(const struct rule *rule)
{
    return rule->direct || rule->feedback == FEEDBACK_TRANSPOSED;
}

bool chain_is_scalar(const struct problem *problem)
{
    return problem->system == &system_chain && chain_is_special(problem->rule) &&
           !problem->channel_activation;
}

static enum status chain_sizes(const struct problem *problem, size_t *count,
                               size_t sizes[PROBLEM_SIZES_MAX])
{
    if (problem->depth < 1 || problem->depth >= PROBLEM_SIZES_MAX)
        return status_fail(BAD_ARGUMENT, "rule %s: a chain has depth 1..%d, not %zu",
                           problem->rule->name, PROBLEM_SIZES_MAX - 1, problem->depth);
    *count = problem->depth + 1;
    for (size_t i = 0; i < *count; i++)
        sizes[i] = 1;
    return OK;
}

static enum status chain_dim(const struct problem *problem, size_t *dim)
{
    if (!chain_is_special(problem->rule))
        return network_dim(problem, dim);
    if (problem->depth < 1 || problem->depth > PROBLEM_LIST_MAX)
        return status_fail(BAD_ARGUMENT, "a chain has depth 1..%d, not %zu", PROBLEM_LIST_MAX,
                           problem->depth);
    *dim = problem->depth;
    return OK;
}

static enum status chain_flow(const struct problem *problem, struct flow **out)
{
    size_t L = 0;
    double c[PROBLEM_LIST_MAX];
    if (problem->channel_activation)
        return channel_neurons_flow(problem, out);
    if (!chain_is_special(problem->rule))
        return network_flow(problem, out);
    TRY(chain_dim(problem, &L));
    TRY(direct_weights(problem, c));

    struct chain_block *block =
        calloc(1, sizeof *block + L * (sizeof(struct claim) + sizeof(struct coupling) +
                                       sizeof(double) + UNKNOWN_NAME_MAX));
    if (!block)
        return status_fail(NO_MEMORY, "chain of depth %zu", L);
    double *weights = (double *)(block + 1);
    struct coupling *coupling = (struct coupling *)(weights + L);
    struct claim *claim = (struct claim *)(coupling + L);
    char(*names)[UNKNOWN_NAME_MAX] = (char(*)[UNKNOWN_NAME_MAX])(claim + L);
    memcpy(weights, c, L * sizeof *c);
    for (size_t i = 0; i < L; i++)
        snprintf(names[i], UNKNOWN_NAME_MAX, "a%zu", i + 1);
    snprintf(block->title, sizeof block->title, "chain L=%zu, %s", L, problem->rule->name);

    block->data = (struct chain_data){.depth = L,
                                      .alpha = problem->alpha,
                                      .beta = problem->beta,
                                      .lambda = problem->lambda,
                                      .gradient = !problem->rule->direct,
                                      .c = weights};
    block->flow = (struct flow){.dim = L,
                                .title = block->title,
                                .names = (const char(*)[UNKNOWN_NAME_MAX])names,
                                .field = block->data.gradient ? gradient_field : direct_field,
                                .jacobian = chain_jacobian,
                                .rounding = chain_rounding,
                                .lanes = L <= FLOW_DENSE_MOST ? &chain_lanes : NULL,
                                .claim = claim,
                                .loss = problem->beta > 0 ? chain_excess_loss : NULL,
                                .transverse = chain_transverse,
                                .data = &block->data};
    if (block->data.gradient)
        claim_gradient(block, claim);
    else
        claim_direct(block, coupling, claim);
    *out = &block->flow;
    return OK;
}

const struct system system_chain = {
    .name = "chain",
    .title = "linear chain A[1,...,1]",
    .equation = "O = a_L ... a_2 a_1 I;  a_i' = c_i (prod_{k<i} a_k) e (rbp, srbp), "
                "a_i' = (prod_{k!=i} a_k) e (bp);  e = alpha - beta prod a_k",
    .unknowns = "a1..aL, then the c1..c(L-1) that a rule adapts",
    .options =
        "--rule --depth --c --rates --lambda --mirror --alpha --beta --data --inputs --targets "
        "--channel-activation --init",
    .source = "Baldi, Sadowski, Lu (2018), Eqs. 23, 36, 44, 51",
    .label = "C2",
    .takes_rule = true,
    .sizes = chain_sizes,
    .dim = chain_dim,
    .flow = chain_flow,
    .predict = chain_predict,
};
