/* From a problem to the flow of a chain with activations: checks, one block of memory, the record.
 *
 * The field and its linearisation are in nonlinear_chain_field.c, its rounding in
 * nonlinear_chain_rounding.c, neurons in nonlinear_chain_neuron.c, data in nonlinear_chain_terms.c,
 * claims in nonlinear_chain_claims.c. */
#include "nonlinear/nonlinear_chain.h"

#include "linear/channel_activation.h"
#include "linear/registry.h"
#include "nonlinear/nonlinear_chain_data.h"
#include "nonlinear/nonlinear_prediction.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A flow and its parameters: in the weights, or in the unknowns of (X6). */
struct chain_part {
    struct flow flow;
    struct nonlinear_chain_data data;
};

/* Everything but the samples; the arrays of both parts follow. */
struct chain_block {
    struct chain_part weights, regular;
    char title[CLAIM_NAME_MAX];
};

/* ---- checks ---- */

static enum status check_rule(const struct problem *problem)
{
    const struct rule *rule = problem->rule;
    if (rule->product || rule->no_targets)
        return status_fail(BAD_ARGUMENT, "rule %s is defined for linear systems only", rule->name);
    if (problem->channel_activation)
        return status_fail(BAD_ARGUMENT,
                           "a chain has activations or a non-linear channel (--channel-activation "
                           "%s), not both",
                           problem->channel_activation->name);
    return OK;
}

static enum status check_layers(const struct problem *problem)
{
    const size_t L = problem->depth, count = problem->neuron_count;
    if (L < 1 || L > PROBLEM_LIST_MAX)
        return status_fail(BAD_ARGUMENT, "a chain has depth 1..%d, not %zu", PROBLEM_LIST_MAX, L);
    if (count > 1 && count + 1 != L)
        return status_fail(BAD_ARGUMENT,
                           "%zu activations for the %zu hidden layers of a chain of depth %zu",
                           count, L - 1, L);
    for (size_t i = 0; i < count; i++)
        TRY(activation_check(&problem->neurons[i]));
    return OK;
}

static enum status chain_dim(const struct problem *problem, size_t *dim)
{
    TRY(check_rule(problem));
    TRY(check_layers(problem));
    *dim = problem_feedback_learns(problem->rule) ? 2 * problem->depth - 1 : problem->depth;
    return OK;
}

static enum status chain_sizes(const struct problem *problem, size_t *count,
                               size_t sizes[PROBLEM_SIZES_MAX])
{
    if (problem->depth < 1 || problem->depth >= PROBLEM_SIZES_MAX)
        return status_fail(BAD_ARGUMENT, "a chain has depth 1..%d here, not %zu",
                           PROBLEM_SIZES_MAX - 1, problem->depth);
    *count = problem->depth + 1;
    for (size_t i = 0; i < *count; i++)
        sizes[i] = 1;
    return OK;
}

/* ---- feedback, rates, decays ---- */

/* c_1, ..., c_(L-1) as they are given, and c_L; the rule's own check counts them. */
static enum status fill_feedback(const struct problem *problem, double *c)
{
    const struct rule *rule = problem->rule;
    double direct[PROBLEM_LIST_MAX];
    for (size_t i = 0; i < problem->depth; i++)
        c[i] = 1;
    if (rule->direct) {
        TRY(rule->direct(problem, direct));
        memcpy(c, problem_feedback(problem), problem->c_count * sizeof *c);
        return OK;
    }
    if (problem->c_count > 0)
        return status_fail(BAD_ARGUMENT,
                           problem_feedback_learns(rule)
                               ? "the feedback weights of rule %s are unknowns: they start in "
                                 "--init, and --c has no meaning"
                               : "rule %s has no feedback weights, and --c has no meaning",
                           rule->name);
    return OK;
}

/* One number for each layer and then for the feedback weights, if there are any given. */
struct numbers {
    const char *option;
    size_t count;
    const double *given;
    double standard;
};

static enum status spread(const struct numbers *numbers, const struct problem *problem,
                          double *full)
{
    const size_t L = problem->depth, count = numbers->count;
    const size_t most = problem_feedback_learns(problem->rule) ? 2 * L - 1 : L;
    if (count != 0 && count != L && count != most)
        return status_fail(BAD_ARGUMENT, "%s has %zu numbers; a chain of depth %zu has %zu layers",
                           numbers->option, count, L, L);
    for (size_t k = 0; k < 2 * L - 1; k++)
        full[k] = count == 0 ? numbers->standard : k < count ? numbers->given[k] : 1;
    return OK;
}

static enum status fill_rates(const struct problem *problem, double *rate, double *decay)
{
    const struct rule *rule = problem->rule;
    const size_t L = problem->depth;
    const struct numbers rates = {"--rates", problem->rate_count, problem->rates, 1};
    const struct numbers decays = {"--lambda", problem->decay_count, problem->decays,
                                   problem->lambda};
    TRY(spread(&rates, problem, rate));
    TRY(spread(&decays, problem, decay));
    for (size_t k = 0; k < L && rule->channel_decays && problem->decay_count == 0; k++)
        decay[k] = 0;
    double most = 0;
    for (size_t k = 0; k < 2 * L - 1; k++)
        most = fmax(most, decay[k]);
    if (rule->needs_decay && L > 1 && !(most > 0))
        return status_fail(BAD_ARGUMENT, "rule %s needs a decay: --lambda above 0", rule->name);
    return OK;
}

/* ---- the flow's functions ---- */

static void chain_switching(const struct flow *flow, const double *x, double *switching)
{
    const struct nonlinear_chain_data *d = nonlinear_chain_data_of(flow);
    for (size_t i = 0; i < d->depth; i++)
        if (d->switch_of[i])
            switching[d->switch_of[i] - 1] = x[i];
}

static void chain_weights(const struct flow *flow, const double *x, double *w)
{
    nonlinear_chain_neuron_weights(nonlinear_chain_data_of(flow->regular), x, 1, w);
}

static void chain_unknowns(const struct flow *flow, const double *w, double *x)
{
    const struct nonlinear_chain_data *d = nonlinear_chain_data_of(flow->regular);
    for (size_t i = 0; i < d->dim; i++)
        x[i] = i + 1 < d->depth ? nonlinear_chain_neuron_unknown(&d->neuron[i], w[i]) : w[i];
}

static void chain_release(struct flow *flow)
{
    data_free(nonlinear_chain_data_of(flow)->samples);
}

/* ---- the block ---- */

/* The arrays behind the block, in the order of their alignment. */
struct arrays {
    double *c, *rate, *decay;
    struct nonlinear_moment *moment;
    struct nonlinear_neuron *neuron;
    struct nonlinear_claim *claims;
    struct claim *claim;
    size_t *switch_of;
    struct switch_surface *surface;
    char (*names)[UNKNOWN_NAME_MAX];
    signed char *side;
};

static size_t claims_most(size_t L)
{
    return 2 * L + 1;
}

/* Of one part; a multiple of the alignment of everything in it. */
static size_t arrays_bytes(size_t L)
{
    const size_t real = sizeof(double);
    const size_t bytes =
        L * real + 2 * (2 * L - 1) * real + NONLINEAR_SIGNS * L * sizeof(struct nonlinear_moment) +
        L * sizeof(struct nonlinear_neuron) +
        claims_most(L) * (sizeof(struct nonlinear_claim) + sizeof(struct claim)) +
        L * sizeof(size_t) + L * sizeof(struct switch_surface) + (2 * L - 1) * UNKNOWN_NAME_MAX + L;
    return (bytes + real - 1) / real * real;
}

/* From `next` on. */
static struct arrays arrays_at(char *next, size_t L)
{
    struct arrays at;
    at.c = (double *)(void *)next;
    at.rate = at.c + L;
    at.decay = at.rate + (2 * L - 1);
    at.moment = (struct nonlinear_moment *)(void *)(at.decay + (2 * L - 1));
    at.neuron = (struct nonlinear_neuron *)(void *)(at.moment + NONLINEAR_SIGNS * L);
    at.claims = (struct nonlinear_claim *)(void *)(at.neuron + L);
    at.claim = (struct claim *)(void *)(at.claims + claims_most(L));
    at.switch_of = (size_t *)(void *)(at.claim + claims_most(L));
    at.names = (char(*)[UNKNOWN_NAME_MAX])(at.switch_of + L);
    at.surface = (struct switch_surface *)(void *)(at.names + (2 * L - 1));
    at.side = (signed char *)(at.surface + L);
    return at;
}

static void name_unknowns(size_t L, size_t dim, char (*names)[UNKNOWN_NAME_MAX])
{
    for (size_t i = 0; i < dim; i++)
        if (i < L)
            snprintf(names[i], UNKNOWN_NAME_MAX, "a%zu", i + 1);
        else
            snprintf(names[i], UNKNOWN_NAME_MAX, "c%zu", i - L + 1);
}

static void fill_title(const struct problem *problem, struct chain_block *block)
{
    char activations[ACTIVATION_TEXT_MAX];
    const size_t length = (size_t)snprintf(block->title, sizeof block->title, "chain L=%zu, %s",
                                           problem->depth, problem->rule->name);
    if (problem->neuron_count > 0 && length < sizeof block->title)
        snprintf(block->title + length, sizeof block->title - length, ", %s%s",
                 activation_list_text(problem, sizeof activations, activations),
                 problem->no_derivative ? ", without derivatives" : "");
}

/* Returns the number of switches. */
static size_t fill_switches(const struct nonlinear_chain_data *d, const struct arrays *at)
{
    size_t count = 0;
    for (size_t i = 0; i < d->depth; i++) {
        if (!nonlinear_chain_neuron_switches(d, i))
            continue;
        at->surface[count].kind = nonlinear_chain_neuron_switch(d, i);
        snprintf(at->surface[count].name, sizeof at->surface[count].name, "a%zu = 0", i + 1);
        at->switch_of[i] = ++count;
    }
    return count;
}

static void fill_claims(struct chain_part *part, const struct arrays *at)
{
    struct flow *flow = &part->flow;
    flow->claims = nonlinear_chain_claims_make(&part->data, at->claims);
    flow->claim = at->claim;
    for (size_t k = 0; k < flow->claims; k++) {
        nonlinear_chain_claims_name(&part->data, &at->claims[k], &at->claim[k]);
        flow->conserved += at->claim[k].kind == CLAIM_CONSERVED;
    }
}

static bool has_chart(size_t hidden, const struct nonlinear_neuron *neuron)
{
    for (size_t i = 0; i < hidden; i++)
        if (neuron[i].chart != 0)
            return true;
    return false;
}

static enum status fill_data(const struct problem *problem, struct data *samples,
                             struct nonlinear_chain_data *d, const struct arrays *at)
{
    const size_t L = problem->depth;
    TRY(fill_feedback(problem, at->c));
    TRY(fill_rates(problem, at->rate, at->decay));
    TRY(chain_dim(problem, &d->dim));
    *d = (struct nonlinear_chain_data){.depth = L,
                                       .dim = d->dim,
                                       .rule = problem->rule,
                                       .derivative = !problem->no_derivative,
                                       .mirror = problem->mirror,
                                       .neuron = at->neuron,
                                       .c = at->c,
                                       .rate = at->rate,
                                       .decay = at->decay,
                                       .samples = samples,
                                       .claim = at->claims,
                                       .switch_of = at->switch_of,
                                       .side = at->side};
    for (size_t k = 0; k < 2 * L - 1; k++)
        d->decays = d->decays || at->decay[k] != 0;
    return nonlinear_chain_terms_collapse(d, at->moment);
}

static void fill_flow(struct chain_part *part, const struct arrays *at)
{
    struct nonlinear_chain_data *d = &part->data;
    part->flow = (struct flow){.dim = d->dim,
                               .names = (const char(*)[UNKNOWN_NAME_MAX])at->names,
                               .field = nonlinear_chain_field,
                               .jacobian = nonlinear_chain_jacobian,
                               .jacobian_times = nonlinear_chain_jacobian_times,
                               .rounding = nonlinear_chain_rounding,
                               .observe = nonlinear_chain_observe,
                               .gradient = nonlinear_chain_gradient,
                               .loss = nonlinear_chain_loss,
                               .whole_loss = !d->collapse.applies || isnan(d->collapse.explained),
                               .data = d};
    name_unknowns(d->depth, d->dim, at->names);
    part->flow.switches = fill_switches(d, at);
    if (part->flow.switches > 0) {
        part->flow.surface = at->surface;
        part->flow.switching = chain_switching;
        part->flow.side = at->side;
    }
    part->flow.errors = part->flow.switches > 0 ? 0 : nonlinear_chain_errors(d);
    if (part->flow.errors > 0) {
        part->flow.error = nonlinear_chain_error;
        part->flow.drive = nonlinear_chain_driven;
        part->flow.response = nonlinear_chain_response;
    }
    fill_claims(part, at);
}

static enum status fill_part(const struct problem *problem, struct data *samples,
                             struct chain_part *part, const struct arrays *at)
{
    TRY(fill_data(problem, samples, &part->data, at));
    fill_flow(part, at);
    return OK;
}

static enum status fill_block(const struct problem *problem, struct data *samples,
                              struct chain_block *block)
{
    const size_t L = problem->depth;
    char *next = (char *)(block + 1);
    const struct arrays weights = arrays_at(next, L),
                        regular = arrays_at(next + arrays_bytes(L), L);
    struct flow *flow = &block->weights.flow;
    nonlinear_chain_neuron_fill(problem, regular.neuron);
    memcpy(weights.neuron, regular.neuron, (L - 1) * sizeof *weights.neuron);
    for (size_t i = 0; i + 1 < L; i++)
        weights.neuron[i].chart = 0;
    fill_title(problem, block);
    TRY(fill_part(problem, samples, &block->weights, &weights));
    if (has_chart(L - 1, regular.neuron)) {
        TRY(fill_part(problem, samples, &block->regular, &regular));
        flow->regular = &block->regular.flow;
        flow->weights = chain_weights;
        flow->unknowns = chain_unknowns;
        block->regular.flow.title = block->title;
    }
    flow->title = block->title;
    flow->release = chain_release;
    return OK;
}

enum status nonlinear_chain_flow(const struct problem *problem, struct flow **flow)
{
    size_t dim = 0;
    struct data *samples = NULL;
    TRY(chain_dim(problem, &dim));
    TRY(data_create(problem, 1, 1, &samples));
    struct chain_block *block = calloc(1, sizeof *block + 2 * arrays_bytes(problem->depth));
    const enum status status = block ? fill_block(problem, samples, block)
                                     : status_fail(NO_MEMORY, "chain of depth %zu", problem->depth);
    if (status == OK) {
        *flow = &block->weights.flow;
        return OK;
    }
    data_free(samples);
    free(block);
    return status;
}

/* ---- the record ---- */

const struct system system_nonlinear_chain = {
    .name = "chain",
    .title = "chain A[1,...,1] with activations",
    .equation =
        "O = a_L f(... f(a_2 f(a_1 I)));  a_i' = E[s_i h_(i-1)],  s_i = f'(u_i) c_i s_(i+1) "
        "(rbp), f'(u_i) c_i e (srbp), f'(u_i) a_(i+1) s_(i+1) (bp)",
    .unknowns = "a1..aL, then the c1..c(L-1) that a rule adapts",
    .options = "--rule --depth --c --rates --lambda --mirror --alpha --beta --data --inputs "
               "--targets --weights --gaussian --teacher --activation --mu --no-derivative --init",
    .source = "Baldi, Sadowski, Lu (2018), section 7",
    .label = "X2",
    .linear = &system_chain,
    .takes_rule = true,
    .sizes = chain_sizes,
    .dim = chain_dim,
    .flow = nonlinear_chain_flow,
    .predict = nonlinear_chain_predict,
};
