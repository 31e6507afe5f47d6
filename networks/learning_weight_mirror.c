/* Weight mirror: noise that goes through the forward weights teaches the feedback their transpose.
 *
 *   P_l = D_(l+1) C_l',   F(C_l) = mirror (xi' Y / n - C_l),   Y = xi W_(l+1)',   xi: n x N_l, N(0, 1)
 *
 * A step of size eta is the exponential average C_l <- (1 - mu) C_l + mu xi' Y / n with mu = eta
 * mirror.  E xi' Y / n = W_(l+1)', so the averaged flow is C_l' = mirror (W_(l+1)' - C_l), which is
 * what `mirror_samples` = 0 stands for.  Noise of step k is keyed by k.
 * Responses are those of linear neurons without bias.  Then the angle between C_l and W_(l+1)' settles
 * at tan = sqrt((N_l + 1) / m) with m = n (2 - mu) / mu samples remembered, (MB43): 4.08 degrees for
 * n = N_l = 100, mu = 0.01.  Rejected: responses f(xi W' + b) of the neurons themselves, as in the
 * paper; saturation by noise of unit variance changes the rows of C by unequal factors. */
#include "networks/learner_parts.h"

#include <stdlib.h>

struct mirror {
    struct array noise, response;
};

static enum status mirror_create(struct learner *learner)
{
    const struct learner_plan *plan = &learner->plan;
    size_t widest = 1;
    for (size_t l = 1; l <= plan->layers; l++)
        widest = plan->sizes[l] > widest ? plan->sizes[l] : widest;
    const size_t count = plan->mirror_samples * widest, bytes = plan->arithmetic->bytes;
    struct mirror *mirror = malloc(sizeof *mirror + 2 * count * bytes);
    if (!mirror)
        return status_fail(NO_MEMORY, "a weight mirror with %zu samples of noise",
                           plan->mirror_samples);
    char *numbers = (char *)(mirror + 1);
    mirror->noise = array_view(plan->arithmetic, plan->mirror_samples, widest, numbers);
    mirror->response =
        array_view(plan->arithmetic, plan->mirror_samples, widest, numbers + count * bytes);
    learner->own = mirror;
    return OK;
}

static void mirror_destroy(struct learner *learner)
{
    free(learner->own);
}

/* F = mirror xi' Y / n */
static void reflect(struct learner *learner, size_t layer)
{
    const struct learner_plan *plan = &learner->plan;
    struct mirror *mirror = learner->own;
    struct array noise = mirror->noise, response = mirror->response;
    noise.columns = plan->sizes[layer];
    response.columns = plan->sizes[layer + 1];
    struct stream stream = learner_stream_of_step(learner, "network mirror", layer);
    array_normals(&stream, 1, &noise);
    array_product(learner_plain(&noise), learner_transposed(&learner->weight[layer + 1]), 1, 0,
                  &response);
    array_product(learner_transposed(&noise), learner_plain(&response),
                  plan->mirror / (double)plan->mirror_samples, 0, &learner->feedback_field[layer]);
}

static void mirror_feedback_field(struct learner *learner, size_t layer)
{
    const struct learner_plan *plan = &learner->plan;
    struct array *F = &learner->feedback_field[layer];
    if (plan->mirror_samples > 0) {
        reflect(learner, layer);
    } else {
        array_transpose(&learner->weight[layer + 1], F);
        array_scale(plan->mirror, F);
    }
    array_add(-plan->mirror, &learner->feedback[layer], F);
}

const struct learning_rule learning_weight_mirror = {
    .name = "weight-mirror",
    .title = "weight mirror",
    .equation = "P_l = D_(l+1) C_l',  F(C_l) = mirror (xi' (xi W_(l+1)') / n - C_l),  xi noise",
    .source = "Akrout et al. (2019)",
    .label = "MB25",
    .also = "wm",
    .topology = LEARNING_LAYERED,
    .flow = LEARNING_AVERAGED,
    .feedback_learns = true,
    .feedback_drawn = true,
    .mirrors = true,
    .create = mirror_create,
    .destroy = mirror_destroy,
    .feedback_field = mirror_feedback_field,
};
