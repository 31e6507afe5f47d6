/* A random vector for each weight instead of each neuron:
 *
 *   F(W_l)_ij = (1/B) sum_s f'(s_si) x_sj sum_k c_ijk e_sk,   b_l likewise with x = 1
 *
 * It must fail: no forward weights exist with which c_ijk for all j could align.  Over k it is a sum
 * of plain fields with D = f' .* (e_k 1'), each times its own c_..k entry by entry; e_k 1' is the
 * product of E with a matrix that has ones in one row.  There is no one signal D_l: it is given as
 * zero, and the angles of it are undefined.
 * Entries are normal whatever the law of other feedback, with its standard deviation of a skipped C_l;
 * channel neurons, dropout and quantisers have no signal to act on.
 * Memory: c of layer l is N_L matrices N_l x N_(l-1) and N_L rows for the biases. */
#include "networks/learner_parts.h"

#include <stdlib.h>

struct per_weight {
    struct array weight[LEARNER_LAYERS_MAX + 1], bias[LEARNER_LAYERS_MAX + 1]; /* c, k by k */
    struct array choice; /* N_L x most N_l: row k is ones where e_k is taken */
    struct array field;  /* one product */
};

/* Views into a block that is only measured while `memory` is NULL; returns its bytes. */
struct layout {
    const struct arithmetic *arithmetic;
    char *memory;
    size_t used;
};

static struct array take(struct layout *layout, size_t rows, size_t columns)
{
    char *at = layout->memory ? layout->memory + layout->used : NULL;
    layout->used += rows * columns * layout->arithmetic->bytes;
    return array_view(layout->arithmetic, rows, columns, at);
}

static size_t lay_out(const struct learner_plan *plan, char *memory, struct per_weight *own)
{
    struct layout layout = {plan->arithmetic, memory, 0};
    const size_t top = plan->sizes[plan->layers];
    size_t most = 1, widest = 1;
    for (size_t l = 1; l < plan->layers; l++) {
        const size_t rows = plan->sizes[l], columns = plan->sizes[l - 1];
        most = rows * columns > most ? rows * columns : most;
        widest = rows > widest ? rows : widest;
        own->weight[l] = take(&layout, top * rows, columns);
        own->bias[l] = take(&layout, top, rows);
    }
    own->choice = take(&layout, top, widest);
    own->field = take(&layout, most, 1);
    return layout.used;
}

static enum status per_weight_create(struct learner *learner)
{
    struct per_weight draft = {0};
    const size_t bytes = lay_out(&learner->plan, NULL, &draft);
    struct per_weight *own = malloc(sizeof *own + bytes);
    if (!own)
        return status_fail(NO_MEMORY, "a random vector for each weight: %zu bytes", bytes);
    lay_out(&learner->plan, (char *)(own + 1), &draft);
    *own = draft;
    learner->own = own;
    return OK;
}

static void per_weight_destroy(struct learner *learner)
{
    free(learner->own);
}

static void per_weight_initialise(struct learner *learner)
{
    const struct learner_plan *plan = &learner->plan;
    struct per_weight *own = learner->own;
    for (size_t l = 1; l < plan->layers; l++) {
        const double deviation =
            plan->feedback_scale * learner_deviation(plan->sizes[l], plan->sizes[plan->layers]);
        struct stream stream = learner_stream(learner, "network feedback", l);
        array_normals(&stream, deviation, &own->weight[l]);
        array_normals(&stream, deviation, &own->bias[l]);
    }
}

static void per_weight_deliver(struct learner *learner, size_t layer)
{
    array_fill(0, &learner->signal[layer]);
}

/* D = f' .* (e_k 1') in the place of D_l */
static void choose(struct learner *learner, size_t layer, size_t k)
{
    struct per_weight *own = learner->own;
    struct array choice = own->choice;
    choice.columns = learner->plan.sizes[layer];
    array_fill(0, &choice);
    struct array row = array_rows(&choice, k, 1);
    array_fill(1, &row);
    array_product(learner_plain(&learner->error), learner_plain(&choice), 1, 0,
                  &learner->signal[layer]);
    if (!learner->plan.no_derivative)
        array_gate(learner->plan.neuron, &learner->output[layer], &learner->signal[layer]);
}

/* field += c_k .* (D' X) / B, with X = 1 for biases */
static void add_share(struct learner *learner, size_t layer, size_t k)
{
    struct per_weight *own = learner->own;
    const struct array *D = &learner->signal[layer];
    const size_t rows = learner->plan.sizes[layer];
    const double mean = 1 / (double)learner->samples;
    const struct array c = array_rows(&own->weight[layer], k * rows, rows);
    const struct array c_bias = array_rows(&own->bias[layer], k, 1);
    struct array share = array_view(D->arithmetic, rows, c.columns, own->field.values);
    array_product(learner_transposed(D), learner_plain(&learner->output[layer - 1]), mean, 0,
                  &share);
    array_times(&c, &share);
    array_add(1, &share, &learner->weight_field[layer]);
    if (!learner->plan.biases)
        return;
    share = array_view(D->arithmetic, 1, rows, own->field.values);
    array_column_sums(mean, D, &share);
    array_times(&c_bias, &share);
    array_add(1, &share, &learner->bias_field[layer]);
}

static void per_weight_field(struct learner *learner, size_t layer)
{
    const struct learner_plan *plan = &learner->plan;
    array_fill(0, &learner->weight_field[layer]);
    if (plan->biases)
        array_fill(0, &learner->bias_field[layer]);
    for (size_t k = 0; k < plan->sizes[plan->layers]; k++) {
        choose(learner, layer, k);
        add_share(learner, layer, k);
    }
    array_fill(0, &learner->signal[layer]);
}

static void per_weight_path(struct learner *learner, size_t layer, struct array *matrix)
{
    (void)learner;
    (void)layer;
    array_fill(0, matrix);
}

const struct learning_rule learning_per_weight = {
    .name = "per-weight",
    .title = "a random vector for each weight",
    .equation = "F(W_l)_ij = (1/B) sum_s f'(s_si) x_sj sum_k c_ijk e_sk",
    .source = "Baldi, Sadowski, Lu (2018)",
    .label = "MB30",
    .topology = LEARNING_SKIPPED,
    .flow = LEARNING_SMOOTH,
    .create = per_weight_create,
    .destroy = per_weight_destroy,
    .initialise = per_weight_initialise,
    .deliver = per_weight_deliver,
    .weight_field = per_weight_field,
    .path = per_weight_path,
};
