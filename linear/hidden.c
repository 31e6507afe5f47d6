/* A[N0,N1,N2] under fixed feedback as a flow: its block, its names, and the record of the system.
 *
 * The flow is one block: terms that data and feedback say before any trajectory (hidden_terms.c),
 * their moduli, scratch for LANES_BLOCK states or, where they are large, for one, claims and names.
 * What it computes is in hidden_field.c, hidden_jacobian.c and hidden_claims.c. */
#include "linear/hidden_data.h"

#include "linear/network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LANES_DIM_MOST = 4096 }; /* unknowns up to which LANES_BLOCK states have scratch */

struct hidden_block {
    struct flow flow;
    struct hidden_data data;
    char title[CLAIM_NAME_MAX];
};

const struct hidden_terms *hidden_terms_of_flow(const struct flow *flow)
{
    return &hidden_data_of(flow)->terms;
}

/* ---- the block ---- */

static void name_unknowns(const struct problem *problem, const struct hidden_terms *t,
                          char (*names)[UNKNOWN_NAME_MAX])
{
    const char *letters = problem->system->letters;
    for (size_t k = 0; k < t->dim; k++) {
        const bool upper = k >= t->N1 * t->N0;
        const size_t at = upper ? k - t->N1 * t->N0 : k, columns = upper ? t->N1 : t->N0;
        if (letters)
            snprintf(names[k], UNKNOWN_NAME_MAX, "%c%u", letters[upper], (unsigned)(at + 1));
        else
            snprintf(names[k], UNKNOWN_NAME_MAX, "A%u_%u_%u", upper + 1u,
                     (unsigned)(at / columns + 1), (unsigned)(at % columns + 1));
    }
}

/* Numbers of one scratch. */
static size_t scratch_size(const struct hidden_terms *t)
{
    const size_t most = t->dim > t->N2 * t->N0 ? t->dim : t->N2 * t->N0;
    return most + t->dim + 2 * t->N1 * t->N0 + t->N1 * t->N1 + t->N2 * t->N0;
}

static struct hidden_scratch scratch_at(const struct hidden_terms *t, size_t lanes, double **next)
{
    const size_t most = t->dim > t->N2 * t->N0 ? t->dim : t->N2 * t->N0;
    struct hidden_scratch s = {.x = *next};
    s.dx = s.x + most * lanes;
    s.turned = s.dx + t->dim * lanes;
    s.X = s.turned + t->N1 * t->N0 * lanes;
    s.E = s.X + t->N1 * t->N0 * lanes;
    *next += scratch_size(t) * lanes;
    return s;
}

static struct hidden_block *block_create(const struct hidden_terms *t, size_t claims)
{
    const size_t lanes = t->dim <= LANES_DIM_MOST ? LANES_BLOCK : 1;
    const size_t matrices = hidden_terms_doubles(t);
    const size_t moduli = t->N0 * t->N0 + t->N2 * t->N0 + t->N1 * t->N2 + t->dim;
    const size_t doubles =
        matrices + (lanes + 1) * scratch_size(t) + t->N1 * t->N1 + moduli + 2 * t->N0;
    struct hidden_block *block =
        calloc(1, sizeof *block + doubles * sizeof(double) +
                      claims * (sizeof(struct hidden_claim) + sizeof(struct claim)) +
                      t->dim * UNKNOWN_NAME_MAX);
    if (!block)
        return NULL;
    double *next = (double *)(block + 1);
    struct hidden_data *d = &block->data;
    d->terms = *t;
    d->lanes = lanes;
    memcpy(next, t->sigma, matrices * sizeof *next); /* the first of the matrices */
    hidden_terms_place(&d->terms, next);
    next += matrices;
    d->at = scratch_at(t, lanes, &next);
    d->along = scratch_at(t, 1, &next);
    d->product = next;
    d->CT = next + t->N1 * t->N1;
    d->moduli = d->CT + 2 * t->N0;
    for (size_t o = 0; o < t->N2 && t->N1 == 1; o++)
        for (size_t j = 0; j < t->N0; j++) {
            const double term = t->C[o] * t->targets[o * t->N0 + j];
            d->CT[j] += term;
            d->CT[t->N0 + j] += fabs(term);
        }
    for (size_t k = 0; k < t->N0 * t->N0; k++)
        d->moduli[k] = fabs(t->sigma[k]);
    for (size_t k = 0; k < t->N2 * t->N0; k++)
        d->moduli[t->N0 * t->N0 + k] = fabs(t->targets[k]);
    for (size_t k = 0; k < t->N1 * t->N2; k++)
        d->moduli[t->N0 * t->N0 + t->N2 * t->N0 + k] = fabs(t->C[k]);
    return block;
}

static void fill_claims(struct hidden_block *block, struct hidden_claim *kinds,
                        struct claim *claims)
{
    struct flow *flow = &block->flow;
    flow->claims = flow->conserved = hidden_claims_list(&block->data.terms, kinds);
    for (size_t k = 0; k < flow->claims; k++)
        hidden_claim_name(&block->data.terms, &kinds[k], &claims[k]);
    if (flow->claims > 0 && kinds[flow->claims - 1].kind == HIDDEN_LYAPUNOV)
        flow->conserved--;
    flow->claim = claims;
    block->data.claim = kinds;
}

static void fill_flow(const struct problem *problem, struct hidden_block *block)
{
    const struct hidden_terms *t = &block->data.terms;
    snprintf(block->title, sizeof block->title, "%s A[%zu,%zu,%zu], %s", problem->system->name,
             t->N0, t->N1, t->N2, problem->rule->name);
    block->flow = (struct flow){.dim = t->dim,
                                .title = block->title,
                                .field = hidden_field,
                                .jacobian = t->dim <= FLOW_DENSE_MOST ? hidden_jacobian : NULL,
                                .jacobian_times = hidden_jacobian_times,
                                .rounding = hidden_rounding,
                                .observe = hidden_observe,
                                .gradient = hidden_gradient,
                                .loss = t->decomposed && t->consistent ? hidden_loss : NULL,
                                .transverse = t->decomposed ? hidden_transverse : NULL,
                                .outputs = t->N2 * t->N0,
                                .output = hidden_output,
                                .errors = hidden_errors(t),
                                .error = hidden_error,
                                .drive = hidden_drive,
                                .response = hidden_response,
                                .data = &block->data};
}

enum status hidden_flow_of(const struct problem *problem, struct flow **flow)
{
    struct hidden_terms *terms;
    TRY(hidden_terms_of(problem, &terms));
    const size_t claims = hidden_claims_list(terms, NULL), dim = terms->dim;
    struct hidden_block *block = block_create(terms, claims);
    free(terms);
    if (!block)
        return status_fail(NO_MEMORY, "%s of %zu unknowns", problem->system->name, dim);
    fill_flow(problem, block);
    char *end = (char *)(block->data.moduli + block->data.terms.N0 * block->data.terms.N0 +
                         block->data.terms.N2 * block->data.terms.N0 +
                         block->data.terms.N1 * block->data.terms.N2 + dim);
    struct hidden_claim *kinds = (struct hidden_claim *)end;
    struct claim *named = (struct claim *)(kinds + claims);
    char(*names)[UNKNOWN_NAME_MAX] = (char(*)[UNKNOWN_NAME_MAX])(named + claims);
    fill_claims(block, kinds, named);
    name_unknowns(problem, &block->data.terms, names);
    block->flow.names = (const char(*)[UNKNOWN_NAME_MAX])names;
    *flow = &block->flow;
    return OK;
}

/* ---- the system ---- */

static enum status hidden_sizes(const struct problem *problem, size_t *count,
                                size_t sizes[PROBLEM_SIZES_MAX])
{
    enum { SIZES = 3 };
    if (problem->size_count != SIZES)
        return status_fail(BAD_ARGUMENT, "hidden needs --sizes N0,N1,N2: three sizes, not %zu",
                           problem->size_count);
    for (size_t i = 0; i < SIZES; i++) {
        if (problem->sizes[i] == 0)
            return status_fail(BAD_ARGUMENT, "--sizes: layer %zu has no units", i);
        sizes[i] = problem->sizes[i];
    }
    *count = SIZES;
    return OK;
}

static enum status hidden_flow(const struct problem *problem, struct flow **flow)
{
    return hidden_is_fixed(problem) ? hidden_flow_of(problem, flow) : network_flow(problem, flow);
}

const struct system system_hidden = {
    .name = "hidden",
    .title = "one hidden layer, A[N0,N1,N2]",
    .equation = "A1' = C1 E, A2' = E A1^t (rbp, srbp);  E = Sigma_TI - A2 A1 Sigma_II",
    .unknowns = "A1 row by row, A2 row by row, then the C1 that a rule adapts",
    .options = "--rule --sizes --sigma-ii --sigma-ti --c --rates --lambda --mirror --data --init",
    .source = "Baldi, Sadowski, Lu (2018), section 6",
    .label = "S1",
    .takes_rule = true,
    .sizes = hidden_sizes,
    .dim = network_dim,
    .flow = hidden_flow,
    .predict = hidden_predict,
};
