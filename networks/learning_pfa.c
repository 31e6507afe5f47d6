/* Product feedback alignment: on its way down the error passes a population of M_l = r N_(l+1) units
 * through a fixed matrix B_l, N_(l+1) x M_l, and then weights that learn, C_l, N_l x M_l.
 *
 *   Q_l = D_(l+1) B_l,   P_l = Q_l C_l',   F(C_l) = X_l' Q_l / B - lambda C_l
 *
 * C_l' is what the paper calls R_l.  F(C_l) = F(W_(l+1))' B_l, so that C_l' - B_l' W_(l+1) decays at
 * the rate lambda, and the path B_l C_l' becomes B_l B_l' W_(l+1): (MB41).  For r = 1 B_l is
 * orthogonal and the path W_(l+1) itself; for r > 1 its entries are N(0, 1/M_l), E B_l B_l' = 1.
 * Rejected: uniform entries for C_l at the start, as the authors have them; all feedback starts from
 * the law of the plan. */
#include "networks/learner_parts.h"

#include <math.h>
#include <stdlib.h>

static const double DECAY = 1e-3; /* lambda: with eta = 0.1, 1e-4 a step, as the authors have it */

struct product {
    struct array fixed[LEARNER_LAYERS_MAX + 1];   /* B_l */
    struct array relayed[LEARNER_LAYERS_MAX + 1]; /* Q_l, of the batch at hand */
};

/* Views into a block that is only measured while `memory` is NULL; returns its bytes. */
static size_t lay_out(const struct learner *learner, char *memory, struct product *product)
{
    const struct learner_plan *plan = &learner->plan;
    size_t used = 0;
    for (size_t l = 1; l < plan->layers; l++) {
        const size_t rows = plan->sizes[l + 1], columns = learner->feedback[l].columns;
        product->fixed[l] =
            array_view(plan->arithmetic, rows, columns, memory ? memory + used : NULL);
        used += rows * columns * plan->arithmetic->bytes;
        product->relayed[l] =
            array_view(plan->arithmetic, plan->batch, columns, memory ? memory + used : NULL);
        used += plan->batch * columns * plan->arithmetic->bytes;
    }
    return used;
}

static enum status product_create(struct learner *learner)
{
    struct product draft = {0};
    const size_t bytes = lay_out(learner, NULL, &draft);
    struct product *product = malloc(sizeof *product + bytes);
    if (!product)
        return status_fail(NO_MEMORY, "product feedback of %zu bytes", bytes);
    lay_out(learner, (char *)(product + 1), &draft);
    *product = draft;
    learner->own = product;
    return OK;
}

static void product_destroy(struct learner *learner)
{
    free(learner->own);
}

static void product_initialise(struct learner *learner)
{
    struct product *product = learner->own;
    for (size_t l = 1; l < learner->plan.layers; l++) {
        struct array *B = &product->fixed[l];
        struct stream stream = learner_stream(learner, "network product feedback", l);
        array_normals(&stream, 1 / sqrt((double)B->columns), B);
        if (learner->plan.product_ratio == 1)
            learner_orthonormalise(1, B);
    }
}

static void product_deliver(struct learner *learner, size_t layer)
{
    struct product *product = learner->own;
    struct array *Q = &product->relayed[layer];
    Q->rows = learner->samples;
    array_product(learner_plain(&learner->signal[layer + 1]), learner_plain(&product->fixed[layer]),
                  1, 0, Q);
    array_product(learner_plain(Q), learner_transposed(&learner->feedback[layer]), 1, 0,
                  &learner->signal[layer]);
}

static void product_feedback_field(struct learner *learner, size_t layer)
{
    const struct product *product = learner->own;
    array_product(learner_transposed(&learner->output[layer]),
                  learner_plain(&product->relayed[layer]), 1 / (double)learner->samples, 0,
                  &learner->feedback_field[layer]);
}

/* C_l B_l' */
static void product_path(struct learner *learner, size_t layer, struct array *matrix)
{
    const struct product *product = learner->own;
    array_product(learner_plain(&learner->feedback[layer]),
                  learner_transposed(&product->fixed[layer]), 1, 0, matrix);
}

/* W_(l+1)' B_l */
static void product_image(struct learner *learner, size_t layer, struct array *matrix)
{
    const struct product *product = learner->own;
    array_product(learner_transposed(&learner->weight[layer + 1]),
                  learner_plain(&product->fixed[layer]), 1, 0, matrix);
}

const struct learning_rule learning_pfa = {
    .name = "pfa",
    .title = "product feedback alignment",
    .equation = "P_l = D_(l+1) B_l C_l',  F(C_l) = X_l' D_(l+1) B_l / B - lambda C_l,  B_l fixed",
    .source = "Ji-An and Benna, arXiv 2405.20594",
    .label = "MB31",
    .topology = LEARNING_LAYERED,
    .flow = LEARNING_SMOOTH,
    .feedback_learns = true,
    .feedback_drawn = true,
    .product = true,
    .decay = DECAY,
    .create = product_create,
    .destroy = product_destroy,
    .initialise = product_initialise,
    .deliver = product_deliver,
    .feedback_field = product_feedback_field,
    .path = product_path,
    .image = product_image,
};
