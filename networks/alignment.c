/* Angles between what a rule does and what backpropagation would do at the same weights.
 *
 * A field on the batch leaves the rule's signals D_l and its field; backpropagation's signals follow
 * from the same outputs, and D_l' X_(l-1) / B is its field.  Decay, which both would have, is left out
 * of both: where it rules, the angle would tell nothing of the channel.  So is the difference between
 * flattening and averaging: a signal is one vector over all units of all samples, in which samples with
 * larger errors weigh more, as they do in the field.
 * Matrices are compared as the channel uses them: what P_l = D_(l+1) M' or E M' says of M, with
 * W_(l+1)' or (W_L ... W_(l+1))'.
 * Definitions: (MB65).  Source: Lillicrap et al. (2016); Baldi, Sadowski, Lu (2018). */
#include "networks/alignment.h"

#include "networks/learning.h"

#include <math.h>
#include <stdlib.h>

static const double SATURATED = 0.97;               /* of |tanh|: its slope is below 0.06 */
static const double DEGREES = 57.29577951308232088; /* of a radian: 180/pi */

struct alignment {
    struct array signal[LEARNER_LAYERS_MAX + 1]; /* of backpropagation */
    struct array of_rule, of_transport;          /* what is compared: matrices or fields */
    struct array above;                          /* the product of transposes one layer up */
};

/* ---- memory ---- */

static size_t largest_matrix(const struct learner_plan *plan)
{
    size_t most = 0;
    for (size_t l = 1; l <= plan->layers; l++) {
        const size_t N = plan->sizes[l], below = plan->sizes[l - 1],
                     top = plan->sizes[plan->layers];
        const size_t size = N * (below > top ? below : top);
        most = size > most ? size : most;
    }
    return most;
}

static struct array acquire(const struct arithmetic *arithmetic, size_t count, bool *failed)
{
    void *values = calloc(count, arithmetic->bytes);
    *failed = *failed || !values;
    return array_view(arithmetic, count, 1, values);
}

enum status alignment_create(const struct learner *learner, size_t samples,
                             struct alignment **alignment)
{
    const struct learner_plan *plan = &learner->plan;
    struct alignment *made = calloc(1, sizeof *made);
    if (!made)
        return status_fail(NO_MEMORY, "out of memory for angles");
    bool failed = false;
    for (size_t l = 1; l <= plan->layers; l++)
        made->signal[l] = acquire(plan->arithmetic, samples * plan->sizes[l], &failed);
    const size_t most = largest_matrix(plan);
    made->of_rule = acquire(plan->arithmetic, most, &failed);
    made->of_transport = acquire(plan->arithmetic, most, &failed);
    made->above = acquire(plan->arithmetic, most, &failed);
    if (failed) {
        alignment_free(made);
        return status_fail(NO_MEMORY, "out of memory for angles on %zu samples", samples);
    }
    *alignment = made;
    return OK;
}

void alignment_free(struct alignment *alignment)
{
    if (!alignment)
        return;
    for (size_t l = 0; l <= LEARNER_LAYERS_MAX; l++)
        free(alignment->signal[l].values);
    free(alignment->of_rule.values);
    free(alignment->of_transport.values);
    free(alignment->above.values);
    free(alignment);
}

static struct array_factor plain(const struct array *array)
{
    return (struct array_factor){array, ARRAY_PLAIN};
}

static struct array_factor transposed(const struct array *array)
{
    return (struct array_factor){array, ARRAY_TRANSPOSED};
}

/* The same memory in another shape. */
static void reshape(struct array *x, size_t rows, size_t columns)
{
    x->rows = rows;
    x->columns = columns;
}

/* ---- matrices ---- */

static double sign_concordance(const struct array *x, const struct array *y)
{
    size_t equal = 0;
    for (size_t i = 0; i < array_count(x); i++) {
        const double a = array_at(x, i), b = array_at(y, i);
        equal += (a > 0) == (b > 0) && (a < 0) == (b < 0);
    }
    return (double)equal / (double)array_count(x);
}

static double norm_ratio(const struct array *x, const struct array *y)
{
    const double norm = array_norm(y);
    return norm > 0 ? array_norm(x) / norm : NAN;
}

/* (W_L ... W_(l+1))' into of_transport, from the one of layer l + 1 in `above`; or W_(l+1)'. */
static void transport(struct alignment *alignment, const struct learner *learner, size_t l)
{
    const struct learner_plan *plan = &learner->plan;
    const struct array *W = &learner->weight[l + 1];
    struct array *T = &alignment->of_transport;
    const bool skipped = plan->rule->topology == LEARNING_SKIPPED;
    reshape(T, plan->sizes[l], skipped ? plan->sizes[plan->layers] : plan->sizes[l + 1]);
    if (!skipped || l + 1 == plan->layers)
        array_transpose(W, T);
    else
        array_product(transposed(W), plain(&alignment->above), 1, 0, T);
    if (skipped) {
        reshape(&alignment->above, T->rows, T->columns);
        array_copy(T, &alignment->above);
    }
}

/* Descends from the top, since products do. */
static void compare_matrices(struct alignment *alignment, struct learner *learner,
                             struct alignment_layer *layer)
{
    const struct learning_rule *rule = learner->plan.rule;
    for (size_t l = learner->plan.layers; l-- > 1;) {
        if (!rule->path && !learner->feedback[l].values)
            continue; /* no matrix: top-layer, per-weight */
        transport(alignment, learner, l);
        const struct array *T = &alignment->of_transport;
        const struct array *M = &learner->feedback[l];
        if (rule->path) {
            reshape(&alignment->of_rule, T->rows, T->columns);
            rule->path(learner, l, &alignment->of_rule);
            M = &alignment->of_rule;
        }
        layer[l].weight_angle = array_angle(M, T);
        layer[l].norm_ratio = norm_ratio(M, T);
        layer[l].sign_concordance = sign_concordance(M, T);
    }
}

/* ---- signals and fields ---- */

static double saturated(const struct array *x)
{
    size_t count = 0;
    for (size_t i = 0; i < array_count(x); i++)
        count += fabs(array_at(x, i)) > SATURATED;
    return (double)count / (double)array_count(x);
}

/* Inner products of two fields, added over layers. */
struct fields {
    double rule_rule, rule_transport, transport_transport;
};

static double angle_of(const struct fields *fields)
{
    const double norms = sqrt(fields->rule_rule) * sqrt(fields->transport_transport);
    if (!(norms > 0))
        return NAN;
    const double cosine = fields->rule_transport / norms;
    return DEGREES * acos(cosine > 1 ? 1 : cosine < -1 ? -1 : cosine);
}

/* Both fields of W_l, without decay. */
static struct fields fields_of(struct alignment *alignment, const struct learner *learner, size_t l)
{
    const struct array *W = &learner->weight[l];
    struct array *F = &alignment->of_rule, *G = &alignment->of_transport;
    reshape(F, W->rows, W->columns);
    reshape(G, W->rows, W->columns);
    array_copy(&learner->weight_field[l], F);
    if (learner->plan.decay > 0)
        array_add(learner->plan.decay, W, F);
    array_product(transposed(&alignment->signal[l]), plain(&learner->output[l - 1]),
                  1 / (double)learner->samples, 0, G);
    return (struct fields){.rule_rule = array_dot(F, F),
                           .rule_transport = array_dot(F, G),
                           .transport_transport = array_dot(G, G)};
}

static double compare_signals(struct alignment *alignment, const struct learner *learner,
                              struct alignment_layer *layer)
{
    struct fields all = {0};
    for (size_t l = 1; l <= learner->plan.layers; l++) {
        const struct fields here = fields_of(alignment, learner, l);
        layer[l].gradient_angle = angle_of(&here);
        layer[l].delta_angle = array_angle(&learner->signal[l], &alignment->signal[l]);
        all.rule_rule += here.rule_rule;
        all.rule_transport += here.rule_transport;
        all.transport_transport += here.transport_transport;
        if (l < learner->plan.layers)
            layer[l].saturated = saturated(&learner->output[l]);
    }
    return angle_of(&all);
}

double alignment_measure(struct alignment *alignment, struct learner *learner,
                         const struct array *inputs, const struct array *targets,
                         struct alignment_layer *layer)
{
    static const struct alignment_layer none = {.weight_angle = NAN,
                                                .delta_angle = NAN,
                                                .gradient_angle = NAN,
                                                .norm_ratio = NAN,
                                                .sign_concordance = NAN,
                                                .saturated = NAN};
    const struct learner_plan *plan = &learner->plan;
    for (size_t l = 1; l <= plan->layers; l++) {
        layer[l] = none;
        reshape(&alignment->signal[l], inputs->rows, plan->sizes[l]);
    }
    (void)learner_field(learner, inputs, targets);
    learner_backpropagate(learner, alignment->signal);
    const double angle = compare_signals(alignment, learner, layer);
    compare_matrices(alignment, learner, layer);
    return angle;
}
