/* Sign symmetry with moduli that are drawn once: C_l = |M_l| .* sgn(W_(l+1))'.
 * The moduli have memory of their own: a sign of zero would wipe them out of C_l. */
#include "networks/learner_parts.h"

#include <math.h>
#include <stdlib.h>

/* One block: views, then the numbers. */
struct moduli {
    struct array layer[LEARNER_LAYERS_MAX + 1];
};

static enum status moduli_create(struct learner *learner)
{
    size_t count = 0;
    for (size_t l = 1; l < learner->plan.layers; l++)
        count += array_count(&learner->feedback[l]);
    struct moduli *moduli = malloc(sizeof *moduli + count * learner->plan.arithmetic->bytes);
    if (!moduli)
        return status_fail(NO_MEMORY, "the moduli of %zu feedback weights", count);
    char *at = (char *)(moduli + 1);
    for (size_t l = 1; l < learner->plan.layers; l++) {
        const struct array *C = &learner->feedback[l];
        moduli->layer[l] = array_view(C->arithmetic, C->rows, C->columns, at);
        at += array_count(C) * C->arithmetic->bytes;
    }
    learner->own = moduli;
    return OK;
}

static void moduli_destroy(struct learner *learner)
{
    free(learner->own);
}

static double modulus(const void *context, double x)
{
    (void)context;
    return fabs(x);
}

static void moduli_initialise(struct learner *learner)
{
    struct moduli *moduli = learner->own;
    for (size_t l = 1; l < learner->plan.layers; l++) {
        array_copy(&learner->feedback[l], &moduli->layer[l]);
        array_map(modulus, NULL, &moduli->layer[l]);
    }
}

static void moduli_refresh(struct learner *learner)
{
    const struct moduli *moduli = learner->own;
    for (size_t l = 1; l < learner->plan.layers; l++) {
        struct array *C = &learner->feedback[l];
        learner_signs(learner, l, C);
        array_times(&moduli->layer[l], C);
    }
}

const struct learning_rule learning_fixed_sign_symmetry = {
    .name = "fixed-sign-symmetry",
    .title = "sign symmetry with fixed random moduli",
    .equation = "P_l = D_(l+1) C_l',  C_l = |M_l| .* sgn(W_(l+1))',  M_l fixed",
    .source = "Liao, Leibo, Poggio (2016)",
    .label = "MB26",
    .also = "frsf",
    .topology = LEARNING_LAYERED,
    .flow = LEARNING_DISCONTINUOUS,
    .feedback_drawn = true,
    .create = moduli_create,
    .destroy = moduli_destroy,
    .initialise = moduli_initialise,
    .refresh = moduli_refresh,
};
